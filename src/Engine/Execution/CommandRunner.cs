using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The one way to run a command: clients, transactions, waits that end, the log and the primary's stream run theirs here, and say only who
/// they are. The command is resolved and has passed the gates.
/// <code>
///   Executor (clients, log, stream), TransactionRunner, ReadyKeyDispatcher ── Run(context, origin) ── Command.Handler
///                                                                      ├ Propagator, before and after
///                                                                      └ tracking, statistics, slow log, MONITOR, suspension
///   LongCommandRunner, TransactionRunner ── GoOn(context, operation) ── LongOperation.Run, and at the end the same
/// </code>
/// </summary>
public sealed class CommandRunner(
    Propagator propagator, CommandRecorder recorder, RaisedConcerns raised, IWritePause pause, ServerRole role)
{
    /// <summary>The command that runs, or the last one that ran: for the report of a crash.</summary>
    public Command? Latest { get; private set; }

    /// <summary>Told of the commands of clients that keep caches.</summary>
    public IRunObserver? ReadObserver { get; set; }

    /// <summary>Told of all commands whose changes somebody is told of; null while nobody's output waits for changes.</summary>
    public IRunObserver? ChangeObserver { get; set; }

    /// <summary>The rules of users; null where every user may run everything.</summary>
    public IAccessRules? Access { get; set; }

    /// <summary>How keys are accessed between commands.</summary>
    internal AccessMode AccessBetween => new(IsStill ? ExpiryMode.Hide : ExpiryMode.Remove);

    /// <summary>Nothing goes by itself.</summary>
    private bool IsStill => role.IsReplica || (raised.Has(Concern.Pause) && pause.IsOn);

    /// <summary>Runs the context's command; its reply is in the context's writer, unless it was suspended.</summary>
    public Outcome Run(CommandContext context, Origin origin)
    {
        Propagator.CommandScope? scope = null;
        Latest = context.Command;
        context.Enter(origin, AccessOf(context, origin), recorder.LatestUs);
        if (origin.IsRechecked && (context.Session.Concerns & Concern.Access) != 0 && IsRefused(context))
        {
            return Outcome.Done;
        }
        if (propagator.IsOn)
        {
            scope = RunPropagated(context, origin);
        }
        else
        {
            context.Command.Handler(context);
        }
        Outcome outcome = Complete(context, origin);
        if (outcome == Outcome.Suspended && context.Suspension is LongOperation operation)
        {
            operation.Leave(origin, scope, recorder.LatestUs);
        }
        return outcome;
    }

    /// <summary>Goes on with a command that takes long for a slice; true if it is over, and its reply in the context's writer.</summary>
    internal bool GoOn(CommandContext context, LongOperation operation, Func<bool> isSliceOver)
    {
        Latest = context.Command;
        Origin origin = operation.Origin;
        context.Enter(origin, AccessOf(context, origin), operation.SuspendedUs);
        PropagationTargets before = propagator.Direct(origin.Targets);
        bool isOver = operation.Run(context, isSliceOver);
        if (isOver && operation.Scope is { } scope)
        {
            Leave(context, scope);
        }
        propagator.Direct(before);
        if (isOver)
        {
            Complete(context, origin);
        }
        return isOver;
    }

    /// <summary>The command has run, or is suspended: whoever follows commands is told.</summary>
    private Outcome Complete(CommandContext context, Origin origin)
    {
        if (origin.IsTracked && context.Session.Has(SessionFlags.Caching))
        {
            ReadObserver?.Ran(context);
        }
        bool hasFailed = context.HasFailed;
        bool isSuspended = context.Suspension is not null;
        if (origin.IsCounted)
        {
            recorder.Ran(context, hasFailed);
        }
        if (hasFailed && (origin.IsRepetition || !(origin.IsCounted || origin.IsRehearsed)))
        {
            recorder.FailedUnexpectedly();
        }
        return isSuspended ? Outcome.Suspended : context.Session.Has(SessionFlags.Unfinished) ? Outcome.Unfinished : Outcome.Done;
    }

    /// <summary>The rules of its user may have changed since the request passed the gates.</summary>
    private bool IsRefused(CommandContext context)
    {
        if (Access is null || !Access.Refuses(context))
        {
            return false;
        }
        context.Command.Statistics.RejectedCalls++;
        recorder.Refused(context);
        return true;
    }

    /// <summary>
    /// A command that is no write is never repeated, whatever it counted as changed (DEBUG LOADAOF). Nobody is told of what a log repeats:
    /// whoever keeps the log has it already. Of a command that takes long the scope is returned: it is left at the end.
    /// </summary>
    private Propagator.CommandScope? RunPropagated(CommandContext context, Origin origin)
    {
        PropagationTargets targets = origin.Targets;
        if (targets == PropagationTargets.All)
        {
            return RunScoped(context);
        }
        PropagationTargets before = propagator.Direct(targets);
        Propagator.CommandScope? scope = null;
        if (targets == PropagationTargets.None)
        {
            context.Command.Handler(context);
            if (origin.IsPropagated && !origin.IsRehearsed)
            {
                ChangeObserver?.Ran(context);
            }
        }
        else
        {
            scope = RunScoped(context);
        }
        propagator.Direct(before);
        return scope;
    }

    private Propagator.CommandScope? RunScoped(CommandContext context)
    {
        Propagator.CommandScope scope = propagator.Enter(context.Database.Number);
        context.Command.Handler(context);
        if (context.Suspension is LongOperation)
        {
            return scope;
        }
        Leave(context, scope);
        return null;
    }

    private void Leave(CommandContext context, in Propagator.CommandScope scope)
    {
        long count = propagator.HandedOverCount;
        propagator.Leave(
            scope, context.Command.Has(CommandFlags.Write | CommandFlags.MayReplicate), context.Arguments,
            staysTogether: !context.Command.Has(CommandFlags.TouchesArbitraryKeys));
        if (propagator.HandedOverCount != count)
        {
            context.Session.Activity.ChangedEnd = propagator.StreamEnd;
        }
        ChangeObserver?.Ran(context);
    }

    /// <summary>
    /// While writes are paused the keyspace stays as it is: due keys are hidden from those who read, and not removed. So it is on a
    /// replica, but for a client that may write there, who must not find a key in its way that is not there for others.
    /// </summary>
    private AccessMode AccessOf(CommandContext context, Origin origin)
    {
        bool isHiding = IsStill && !(role.IsReplica && context.Command.Has(CommandFlags.Write));
        ExpiryMode expiry = origin.IsRepetition ? ExpiryMode.Ignore : isHiding ? ExpiryMode.Hide : ExpiryMode.Remove;
        return new AccessMode(expiry, context.Session.Has(SessionFlags.NoTouch), origin.IsRepetition || role.IsReplica);
    }
}
