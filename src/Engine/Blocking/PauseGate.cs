using Bixbite.Engine.Commands;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// CLIENT PAUSE: which commands wait, and until when. Waiting sessions keep their request unread and get it again at the end.
/// </summary>
public sealed class PauseGate
{
    private readonly List<Session> _waiting = [];

    /// <summary>Monotonic milliseconds at which the pause ends; 0 when there is none.</summary>
    public long EndMs { get; private set; }

    /// <summary>All commands wait, not only those that may write.</summary>
    public bool IsForAll { get; private set; }

    public bool IsOn => EndMs != 0;

    public int WaitingCount => _waiting.Count;

    /// <summary>Begins a pause or extends the one there is: the later end and the stricter mode win, as in Redis.</summary>
    public void Pause(long endMs, bool forAll)
    {
        IsForAll = IsOn ? IsForAll || forAll : forAll;
        EndMs = Math.Max(EndMs, endMs);
    }

    public void End()
    {
        EndMs = 0;
        IsForAll = false;
        foreach (Session session in _waiting)
        {
            session.Set(SessionFlags.Postponed, false);
            session.Link.Resume();
        }
        _waiting.Clear();
    }

    /// <summary>Whether this command must wait; then the session is remembered.</summary>
    public bool Holds(Session session, CommandFlags flags)
    {
        if (!IsOn || !(IsForAll || (flags & (CommandFlags.Write | CommandFlags.MayReplicate)) != 0))
        {
            return false;
        }
        session.Set(SessionFlags.Postponed, true);
        _waiting.Add(session);
        return true;
    }

    public void Forget(Session session) => _waiting.Remove(session);

    /// <summary>Ends the pause when its time is over; returns the end in monotonic milliseconds, or forever.</summary>
    public long RunTimeout(long nowMs)
    {
        if (IsOn && nowMs >= EndMs)
        {
            End();
        }
        return IsOn ? EndMs : long.MaxValue;
    }
}
