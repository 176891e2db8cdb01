using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>What a session waits for. The reply goes to the client when the wait ends.</summary>
public abstract class BlockedOperation(Session session, long deadlineMs)
{
    /// <summary>Waits until it is unblocked otherwise.</summary>
    public const long Forever = DeadlineMath.Never;

    public Session Session { get; } = session;

    /// <summary>Monotonic milliseconds at which the wait ends by itself.</summary>
    public long DeadlineMs { get; } = deadlineMs;

    /// <summary>The deadline of a wait that begins now, in monotonic milliseconds. A timeout of 0 never ends it.</summary>
    public static long DeadlineAfter(IClock clock, long timeoutMs) =>
        timeoutMs == 0 ? Forever : DeadlineMath.After((clock.MonotonicUs + 999) / 1000, timeoutMs);

    /// <summary>The client asked not to be answered (CLIENT REPLY).</summary>
    internal bool IsSilent { get; } = session.ReplyMode is ReplyMode.Off or ReplyMode.Skipping;

    /// <summary>Answers what the command answers when its time is over; also for CLIENT UNBLOCK with TIMEOUT.</summary>
    public abstract void AnswerTimeout(ReplyWriter reply);

    /// <summary>Called once when the wait is over, however it ended, to give up what the operation holds.</summary>
    protected internal virtual void Ended()
    {
    }
}
