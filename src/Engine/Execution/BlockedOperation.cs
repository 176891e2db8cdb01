using Bixbite.Engine.Observability;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>Why a command waits.</summary>
public enum WaitReason
{
    /// <summary>Until one of its keys has something for it.</summary>
    Keys,

    /// <summary>Until what its client changed is durable here.</summary>
    LocalDurability,

    /// <summary>Until replicas have acknowledged what its client changed.</summary>
    Replicas,

    /// <summary>Until it is over: it takes long, and goes on in slices.</summary>
    Slices,

    /// <summary>Until it is its turn: there were too many attempts of its kind.</summary>
    Turn,

    /// <summary>Until the server ends, or goes on all the same.</summary>
    Shutdown,

    /// <summary>Until another server has its keys.</summary>
    Transfer,

    /// <summary>Until the nodes of the cluster have agreed.</summary>
    Agreement,
}

/// <summary>
/// A wait of a command: given to <see cref="CommandContext.Suspend"/>. The reply goes to the client when the wait ends.
/// </summary>
public abstract class BlockedOperation(Session session, long deadlineMs)
{
    /// <summary>Waits until it is unblocked otherwise.</summary>
    public const long Forever = DeadlineMath.Never;

    /// <summary>Bytes of a wait beside its request and its places, estimated.</summary>
    private const long SizeBase = 200;

    private KeptRequest? _request;
    private long _heldBytes;
    private ulong _redacted;

    public Session Session { get; } = session;

    public abstract WaitReason Reason { get; }

    /// <summary>Another client may end it by CLIENT UNBLOCK.</summary>
    public virtual bool MayBeUnblocked => true;

    /// <summary>The command that waits.</summary>
    internal Command Command { get; private set; } = null!;

    /// <summary>Its arguments, while it waits.</summary>
    internal ReadOnlySpan<Argument> Arguments => _request is { } request ? request.Arguments : default;

    /// <summary>The request as it may be shown to others.</summary>
    internal LoggedRequest Logged => new(Arguments, _redacted);

    /// <summary>Microseconds that the command has run so far.</summary>
    internal long DurationUs { get; set; }

    /// <summary>Milliseconds of <see cref="IClock.WaitingUs"/> at which the wait ends by itself.</summary>
    public long DeadlineMs { get; } = deadlineMs;

    /// <summary>The <see cref="DeadlineMs"/> of a wait that begins now. A timeout of 0 never ends it.</summary>
    public static long DeadlineAfter(IClock clock, long timeoutMs) =>
        timeoutMs == 0 ? Forever : DeadlineMath.After((clock.WaitingUs + 999) / 1000, timeoutMs);

    /// <summary>The client asked not to be answered (CLIENT REPLY).</summary>
    internal bool IsSilent { get; } = session.ReplyMode is ReplyMode.Off or ReplyMode.Skipping;

    /// <summary>Answers what the command answers when its time is over; also for CLIENT UNBLOCK with TIMEOUT.</summary>
    public abstract void AnswerTimeout(ReplyWriter reply);

    /// <summary>Answers where nobody may wait; as when the time is over, unless the command has another answer for it.</summary>
    public virtual void AnswerRefusal(ReplyWriter reply) => AnswerTimeout(reply);

    /// <summary>Puts other bytes in the place of an argument, for when the command runs again ("$" resolved to an id).</summary>
    public void ReplaceArgument(int index, ReadOnlySpan<byte> bytes)
    {
        _request!.Replace(index, bytes);
        Count();
    }

    /// <summary>Makes the session hold what the wait takes now.</summary>
    internal void Count()
    {
        long bytes = SizeBase + _request!.SizeBytes + PlacesBytes;
        Session.Hold(bytes - _heldBytes);
        _heldBytes = bytes;
    }

    internal void Keep(Command command, KeptRequest request, ulong redacted)
    {
        _redacted = redacted;
        Command = command;
        _request = request;
    }

    internal void Release()
    {
        Ended();
        _request?.Dispose();
        _request = null;
        Session.Hold(-_heldBytes);
        _heldBytes = 0;
    }

    /// <summary>Bytes that the places of the wait take, in queues of keys and the like.</summary>
    protected virtual long PlacesBytes => 0;

    /// <summary>Called once when the wait begins, to take its places.</summary>
    protected internal virtual void Began(CommandContext context)
    {
    }

    /// <summary>Called once when the wait is over, however it ended, to give up what the operation holds.</summary>
    protected internal virtual void Ended()
    {
    }
}
