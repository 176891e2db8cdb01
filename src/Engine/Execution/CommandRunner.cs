using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The one way to run a command: clients, transactions, waits that end and the log run theirs here, and say only who they are. The command
/// is resolved and has passed the gates.
/// <code>
///   Executor (clients, log), TransactionRunner, ReadyKeyDispatcher ── Run(context, origin) ── Command.Handler
///                                                                      ├ Propagator, before and after
///                                                                      └ tracking, statistics, slow log, MONITOR, suspension
/// </code>
/// </summary>
public sealed class CommandRunner(Propagator propagator, CommandRecorder recorder, RaisedConcerns raised, IWritePause pause)
{
    /// <summary>The command that runs, or the last one that ran: for the report of a crash.</summary>
    public Command? Latest { get; private set; }

    /// <summary>Told of the commands of clients that keep caches.</summary>
    public IRunObserver? ReadObserver { get; set; }

    /// <summary>Told of all commands whose changes somebody is told of; null while nobody's output waits for changes.</summary>
    public IRunObserver? ChangeObserver { get; set; }

    /// <summary>Runs the context's command; its reply is in the context's writer, unless it was suspended.</summary>
    public Outcome Run(CommandContext context, Origin origin)
    {
        Latest = context.Command;
        context.Enter(origin, AccessOf(context.Session, origin), recorder.LatestUs);
        if (propagator.IsOn)
        {
            RunPropagated(context, origin);
        }
        else
        {
            context.Command.Handler(context);
        }
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
        else if (hasFailed)
        {
            recorder.FailedUnexpectedly();
        }
        return isSuspended ? Outcome.Suspended : context.Session.Has(SessionFlags.Unfinished) ? Outcome.Unfinished : Outcome.Done;
    }

    /// <summary>
    /// A command that is no write is never repeated, whatever it counted as changed (DEBUG LOADAOF). Nobody is told of what a log repeats:
    /// whoever keeps the log has it already.
    /// </summary>
    private void RunPropagated(CommandContext context, Origin origin)
    {
        if (!origin.IsPropagated)
        {
            propagator.Silence(true);
            context.Command.Handler(context);
            propagator.Silence(false);
            return;
        }
        Propagator.CommandScope scope = propagator.Enter(context.Database.Number);
        context.Command.Handler(context);
        propagator.Leave(scope, context.Command.Has(CommandFlags.Write | CommandFlags.MayReplicate), context.Arguments);
        ChangeObserver?.Ran(context);
    }

    /// <summary>While writes are paused the keyspace stays as it is: due keys are hidden from those who read, and not removed.</summary>
    private AccessMode AccessOf(Session session, Origin origin)
    {
        bool isPaused = raised.Has(Concern.Pause) && pause.IsOn;
        ExpiryMode expiry = origin.IsRepetition ? ExpiryMode.Ignore : isPaused ? ExpiryMode.Hide : ExpiryMode.Remove;
        return new AccessMode(expiry, session.Has(SessionFlags.NoTouch));
    }
}
