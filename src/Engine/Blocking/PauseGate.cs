using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Types.Saving;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Which commands wait, and until when: for the end of a pause, of which each purpose has one, or, those that may write, for a snapshot
/// that has no room for what they would have it keep. Waiting sessions keep their request unread and get it again at the end. Meanwhile
/// nothing expires and nothing is evicted.
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
    private readonly PostponedSessions _waiting = new();
    private readonly Pausing[] _pauses = new Pausing[(int)PausePurpose.Failover + 1];
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

    /// <summary>Milliseconds at which the last pause ends, of the time by which clients wait; 0 when there is none.</summary>
    public long EndMs => _pauses[(int)Purpose].EndMs;

    /// <summary>The purpose of the pause that ends last; some purpose when there is none.</summary>
    public PausePurpose Purpose { get; private set; }

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

    public int WaitingCount => _waiting.All.Count;

    /// <summary>
    /// Begins a pause or extends the one there is of this purpose: the later end and the stricter mode win, as in Redis.
    /// </summary>
    public void Pause(long endMs, bool forAll, PausePurpose purpose = PausePurpose.Client)
    {
        ref Pausing pausing = ref _pauses[(int)purpose];
        pausing = new Pausing(Math.Max(pausing.EndMs, endMs), pausing.IsForAll || forAll);
        Sum();
        Raise();
    }

    /// <summary>Ends the pause of this purpose; those that wait go on unless there is another.</summary>
    public void End(PausePurpose purpose = PausePurpose.Client)
    {
        _pauses[(int)purpose] = default;
        Sum();
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
        Hold(session);
        return Verdict.Postponed;
    }

    /// <summary>Has the request of a session wait for the end of the pauses for another gate, which is asked again then.</summary>
    public void Hold(Session session) => _waiting.Add(session);

    public void Forget(Session session)
    {
        _waiting.Forget(session);
        NoteReturned(session);
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => Forget(session);

    /// <summary>Ends the pauses whose time is over; returns the next end, or forever.</summary>
    public long RunTimeout(long nowMs)
    {
        long nextMs = long.MaxValue;
        for (int i = 0; i < _pauses.Length; i++)
        {
            long endMs = _pauses[i].EndMs;
            if (endMs == 0)
            {
                continue;
            }
            if (nowMs >= endMs)
            {
                End((PausePurpose)i);
            }
            else
            {
                nextMs = Math.Min(nextMs, endMs);
            }
        }
        return nextMs;
    }

    /// <summary>Sees which pauses there are by now.</summary>
    private void Sum()
    {
        IsForAll = false;
        Purpose = default;
        for (int i = 0; i < _pauses.Length; i++)
        {
            IsForAll |= _pauses[i].IsForAll;
            Purpose = _pauses[i].EndMs > EndMs ? (PausePurpose)i : Purpose;
        }
    }

    /// <summary>All try again; who has to wait for something else waits on.</summary>
    private void Resume()
    {
        foreach (Session session in _waiting.All)
        {
            session.Set(SessionFlags.Returning, true);
        }
        _returningCount += _waiting.All.Count;
        _waiting.Resume();
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

    /// <summary>The pause of one purpose: until when in milliseconds, 0 for none, and for whom.</summary>
    private readonly record struct Pausing(long EndMs, bool IsForAll);
}
