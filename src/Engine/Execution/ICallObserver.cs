using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>Wants to know of every call: of each command that has run and is counted, when it is over.</summary>
public interface ICallObserver
{
    /// <summary>A call is over. Those within it, of a script or a transaction, were told before.</summary>
    void Ran(in CommandCall call);
}

/// <summary>A call that is over; nothing of it may be kept.</summary>
public readonly ref struct CommandCall
{
    /// <summary>Whose call it is.</summary>
    public required Session Session { get; init; }

    public required Command Command { get; init; }

    /// <summary>Who asked for it: also whether it is a part of another call, whose time and reply its own are part of.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The request, the command's name first.</summary>
    public required ReadOnlySpan<Argument> Arguments { get; init; }

    /// <summary>How long it took, in microseconds; of one that has waited, all its runs together.</summary>
    public required long DurationUs { get; init; }

    /// <summary>Bytes of its reply.</summary>
    public required long ReplySize { get; init; }
}
