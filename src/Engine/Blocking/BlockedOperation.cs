using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>What a session waits for. The reply goes to the client when the wait ends.</summary>
public abstract class BlockedOperation(Session session, long deadlineMs)
{
    /// <summary>Waits until it is unblocked otherwise.</summary>
    public const long Forever = long.MaxValue;

    public Session Session { get; } = session;

    /// <summary>Monotonic milliseconds at which the wait ends by itself.</summary>
    public long DeadlineMs { get; } = deadlineMs;

    /// <summary>Answers what the command answers when its time is over; also for CLIENT UNBLOCK with TIMEOUT.</summary>
    public abstract void AnswerTimeout(ReplyWriter reply);
}
