using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Types.Saving;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Which commands wait, and until when: for the end of CLIENT PAUSE, or, those that may write, for a snapshot that has no room for what
/// they would have it keep. Waiting sessions keep their request unread and get it again at the end. Meanwhile nothing expires and
/// nothing is evicted.
/// <code>
///   one is tight    closed 2 ms | open: those who waited, and who else comes | closed 2 ms | open ...
///   one is full     closed ................................................ until it is not
/// </code>
/// </summary>
public sealed class PauseGate : Gate, ISessionPart, IWritePause
{
    /// <summary>So long those who write wait where the snapshot's memory is tight.</summary>
    private const long SlowedUs = 2000;

    /// <summary>So long those who have waited are given to come back, since a session may end up elsewhere.</summary>
    private const long ReturnUs = 20_000;

    private readonly SnapshotMemories _saving;
    private readonly RaisedConcerns _raised;
    private readonly List<Session> _waiting = [];
    private bool _isHeld;
    private long _turnedUs;
    private int _returningCount;

    /// <param name="saving">The memories of the snapshots under way.</param>
    /// <param name="raised">Where it raises that some may have to wait.</param>
    public PauseGate(SnapshotMemories saving, RaisedConcerns raised)
        : base(Concern.Pause)
    {
        _saving = saving;
        _raised = raised;
        _saving.ActiveChanged = Raise;
    }

    /// <summary>Monotonic milliseconds at which the pause ends; 0 when there is none.</summary>
    public long EndMs { get; private set; }

    /// <summary>All commands wait, not only those that may write.</summary>
    public bool IsForAll { get; private set; }

    /// <summary>Some commands wait.</summary>
    public bool IsOn => _raised.Has(Concern.Pause) && (EndMs != 0 || IsHeld);

    /// <summary>Clients are paused.</summary>
    public bool IsPaused => EndMs != 0;

    /// <summary>Those that may write wait for a snapshot.</summary>
    public bool IsHeld => _isHeld |= _saving.IsFull;

    /// <summary>Those that may write are slowed down at least.</summary>
    public bool IsTight => _saving.IsTight;

    public int WaitingCount => _waiting.Count;

    /// <summary>Begins a pause or extends the one there is: the later end and the stricter mode win, as in Redis.</summary>
    public void Pause(long endMs, bool forAll)
    {
        IsForAll = IsPaused ? IsForAll || forAll : forAll;
        EndMs = Math.Max(EndMs, endMs);
        Raise();
    }

    public void End()
    {
        EndMs = 0;
        IsForAll = false;
        Resume();
    }

    /// <summary>
    /// To be called with each tick: those who wait for a snapshot go on when it has room again. Where there is little, the gate opens now
    /// and then, and closes again when all have come through.
    /// </summary>
    public void RunSaving(long nowUs)
    {
        _saving.NotePeak();
        bool isTight = _saving.IsTight;
        if (_isHeld && !_saving.IsFull && (!isTight || nowUs - _turnedUs >= SlowedUs))
        {
            _isHeld = false;
            _turnedUs = nowUs;
            Resume();
        }
        else if (!_isHeld && isTight && nowUs > _turnedUs && (_returningCount == 0 || nowUs - _turnedUs >= ReturnUs))
        {
            _isHeld = true;
            _turnedUs = nowUs;
        }
    }

    /// <summary>Whoever must wait is remembered.</summary>
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        Session session = context.Session;
        NoteReturned(session);
        if (!IsOn || !(IsForAll || (flags & (CommandFlags.Write | CommandFlags.MayReplicate)) != 0))
        {
            return Verdict.Admitted;
        }
        session.Set(SessionFlags.Postponed, true);
        _waiting.Add(session);
        return Verdict.Postponed;
    }

    public void Forget(Session session)
    {
        _waiting.Remove(session);
        NoteReturned(session);
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => Forget(session);

    /// <summary>Ends the pause when its time is over; returns the end in monotonic milliseconds, or forever.</summary>
    public long RunTimeout(long nowMs)
    {
        if (IsPaused && nowMs >= EndMs)
        {
            End();
        }
        return IsPaused ? EndMs : long.MaxValue;
    }

    /// <summary>All try again; who has to wait for something else waits on.</summary>
    private void Resume()
    {
        foreach (Session session in _waiting)
        {
            session.Set(SessionFlags.Postponed, false);
            session.Set(SessionFlags.Returning, true);
            session.Link.Resume();
        }
        _returningCount += _waiting.Count;
        _waiting.Clear();
        Raise();
    }

    private void NoteReturned(Session session)
    {
        if (session.Has(SessionFlags.Returning))
        {
            session.Set(SessionFlags.Returning, false);
            _returningCount--;
            Raise();
        }
    }

    /// <summary>It is asked as long as somebody has to wait, may have to, or is to be seen coming back.</summary>
    private void Raise() => _raised.Set(Concern.Pause, IsPaused || _isHeld || _saving.IsActive || _returningCount > 0);
}
