using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The rest of a command that takes long: given to <see cref="CommandContext.Suspend"/>, it goes on in slices between the rounds. Until it
/// is over its client waits, and nobody else uses keys. Unlike other waits it may begin within a transaction, which then waits with it.
/// </summary>
/// <param name="session">The client. Its connection may end meanwhile; the command goes on.</param>
public abstract class LongOperation(Session session) : BlockedOperation(session, Forever)
{
    public sealed override WaitReason Reason => WaitReason.Slices;

    /// <summary>The answer to commands that must not run meanwhile.</summary>
    public abstract ReadOnlySpan<byte> BusyError { get; }

    /// <summary>The request that takes long: the command's, or one that it runs.</summary>
    internal virtual ReadOnlySpan<Argument> Request => Arguments;

    /// <summary>Who asked for the command; what MONITOR was shown is not shown again.</summary>
    internal Origin Origin { get; private set; }

    /// <summary>The propagator's note of the command's beginning; null where nobody was told of changes.</summary>
    internal Propagator.CommandScope? Scope { get; private set; }

    /// <summary>When it was suspended, by the monotonic clock.</summary>
    internal long SuspendedUs { get; private set; }

    /// <summary>Goes on for a slice; true if the command is over, and has answered.</summary>
    /// <param name="context">The command's: its arguments, its client, and a reply that is sent when all is over.</param>
    /// <param name="isSliceOver">Tells when others are to have their turn.</param>
    public abstract bool Run(CommandContext context, Func<bool> isSliceOver);

    /// <summary>It waits for its client, and wants no slices meanwhile; who wakes it rings the alarm of the cron.</summary>
    public virtual bool IsResting => false;

    /// <summary>
    /// Others wait for it, as they would for a command that runs at once, and are not told that the server is busy. It may say no later.
    /// </summary>
    public virtual bool HoldsOthers => false;

    /// <summary>Has it end with the next slice, if that leaves nothing half done; false if it must be waited for.</summary>
    public virtual bool TryStop() => false;

    /// <summary>It ends by itself.</summary>
    public override void AnswerTimeout(ReplyWriter reply) => Invariant.Require(false, "A command that takes long ends by itself.");

    /// <summary>Whether anybody may take long is asked before.</summary>
    public override void AnswerRefusal(ReplyWriter reply) => Invariant.Require(false, "Nothing takes long here.");

    /// <summary>The command's run has ended, for now.</summary>
    internal void Leave(Origin origin, Propagator.CommandScope? scope, long nowUs)
    {
        Origin = origin.Again;
        Scope = scope;
        SuspendedUs = nowUs;
    }
}
