using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Requests;

/// <summary>Runs one request at a time: gates, command, and then those who waited for what it changed.</summary>
public sealed class Executor
{
    /// <summary>Commands that stand in logs and streams have one of these.</summary>
    private const CommandFlags Repeatable = CommandFlags.Write | CommandFlags.MayReplicate | CommandFlags.Journaled;

    private readonly Admission _admission;
    private readonly TransactionQueue _transactions;
    private readonly CommandRunner _runner;
    private readonly CommandRecorder _recorder;
    private readonly Prefetcher _prefetcher;
    private readonly ReadyKeyDispatcher _readyKeys;
    private readonly KeyTracking _tracking;

    public Executor(
        Prefetcher prefetcher, Admission admission, TransactionQueue transactions, CommandRunner runner, CommandRecorder recorder,
        ReadyKeyDispatcher readyKeys, KeyTracking tracking)
    {
        _prefetcher = prefetcher;
        _admission = admission;
        _transactions = transactions;
        _runner = runner;
        _recorder = recorder;
        _readyKeys = readyKeys;
        _tracking = tracking;
    }

    /// <summary>Told of a replica that has sent a command with an answer, which it does not get: it gets nothing but the stream.</summary>
    public Action<CommandContext>? ReplicaAnswered { get; set; }

    /// <summary>Tells which requests, of those of a round, run next: what they need is asked for, all at once.</summary>
    public void Prefetch(Database database, RequestBatch batch, int first, int end) => _prefetcher.Prefetch(database, batch, first, end);

    /// <summary>Runs the request; its reply is appended to the context's writer unless the client does not want it.</summary>
    public Outcome Execute(CommandContext context, Session session, RequestBatch batch, int request)
    {
        context.Begin(session, batch, request);
        ReplyWriter reply = context.Reply;
        reply.Begin();
        if (session.Has(SessionFlags.Unfinished))
        {
            return GoOn(context);
        }
        long errors = reply.ErrorCount;
        long answeredSize = session.Has(SessionFlags.Replica) ? reply.ClientSize : long.MaxValue;
        if (_tracking.IsOn)
        {
            _tracking.BeginCommand(session);
        }
        Outcome outcome = Outcome.Done;
        Verdict verdict = _admission.Decide(context, _prefetcher.Of(batch, request));
        bool isRefused = verdict is Verdict.Refused or Verdict.Redirected;
        if (_tracking.HasMessages && !isRefused)
        {
            _tracking.WriteMessages(reply);
            reply.Begin();
        }
        if (verdict == Verdict.Postponed)
        {
            _tracking.PostponeCommand();
            return Outcome.Postponed;
        }
        if (session.ReplyMode is ReplyMode.Off or ReplyMode.Skipping)
        {
            reply.Discard();
        }
        if (isRefused && context.Command is { } refused && refused.Has(CommandFlags.RunsTransaction))
        {
            AbortExec(context, verdict);
        }
        else if (session.Has(SessionFlags.InTransaction)
            && !(verdict == Verdict.Admitted && context.Command.Has(CommandFlags.RunsInMulti)))
        {
            Keep(context, verdict);
        }
        else if (verdict == Verdict.Admitted)
        {
            outcome = _runner.Run(context, Origin.Client);
        }
        if (isRefused && reply.ErrorCount != errors)
        {
            _recorder.Refused(context);
        }
        PassModes(context, session);
        if (reply.ClientSize > answeredSize)
        {
            reply.Drop();
            ReplicaAnswered?.Invoke(context);
        }
        if (_tracking.IsFollowing)
        {
            EndTracking(context);
        }
        if (_readyKeys.HasReady)
        {
            _readyKeys.Run();
        }
        return outcome;
    }

    /// <summary>
    /// Repeats a request of a log: it passed the gates when it came, it is not counted as a command, and nobody waits for the reply, which
    /// is left in the context's writer. False if there is no such command, or not in this form.
    /// </summary>
    public bool Replay(CommandContext context, Session session, RequestBatch batch, int request)
    {
        context.Begin(session, batch, request);
        context.Reply.Begin();
        if (!_admission.TryResolve(context, _prefetcher.Of(batch, request)))
        {
            return false;
        }
        if (!context.Command.Has(Repeatable))
        {
            ErrorText.NotRepeated(context.Reply, context.Command.FullName);
            return true;
        }
        Repeat(context, Origin.Log);
        return true;
    }

    /// <summary>
    /// Repeats a request of the primary: no gate keeps it from running but the one where all who write wait, its reply is left in the
    /// context's writer, and whoever waits for what it changes is served. Refused is what there is no command for, or none that changes
    /// anything.
    /// </summary>
    public Verdict Obey(CommandContext context, Session session, RequestBatch batch, int request)
    {
        context.Begin(session, batch, request);
        context.Reply.Begin();
        if (!_admission.TryResolve(context, _prefetcher.Of(batch, request)) || !context.Command.Has(Repeatable))
        {
            return Verdict.Refused;
        }
        if (_admission.MustWait(context))
        {
            return Verdict.Postponed;
        }
        if (_tracking.IsOn)
        {
            _tracking.BeginCommand(session);
        }
        Repeat(context, Origin.Primary);
        if (_tracking.IsFollowing)
        {
            EndTracking(context);
        }
        if (_readyKeys.HasReady)
        {
            _readyKeys.Run();
        }
        return Verdict.Admitted;
    }

    private void Repeat(CommandContext context, Origin origin)
    {
        if (context.Session.Has(SessionFlags.InTransaction) && !context.Command.Has(CommandFlags.RunsInMulti))
        {
            Keep(context, Verdict.Admitted);
        }
        else
        {
            _runner.Run(context, origin);
        }
    }

    /// <summary>Messages to the client about its command follow the reply.</summary>
    private void EndTracking(CommandContext context)
    {
        if (context.Suspension is LongOperation)
        {
            _tracking.LeaveCommand();
        }
        else
        {
            _tracking.EndCommand(context);
        }
    }

    /// <summary>The next slice of a reply: the command passed the gates and was counted with the first.</summary>
    private Outcome GoOn(CommandContext context)
    {
        Invariant.Require(_admission.TryResolve(context, default), "A request that goes on is the one that began.");
        return _runner.Run(context, Origin.NextSlice);
    }

    /// <summary>Within a transaction requests are kept; one that was refused spoils it.</summary>
    private void Keep(CommandContext context, Verdict verdict)
    {
        if (verdict == Verdict.Admitted)
        {
            _transactions.Keep(context);
        }
        else
        {
            _transactions.Spoil(context.Session);
        }
    }

    /// <summary>CLIENT REPLY and ASKING hold for some commands only.</summary>
    private static void PassModes(CommandContext context, Session session)
    {
        if (session.ReplyMode != ReplyMode.On)
        {
            Suppress(context, session);
        }
        if (session.Has(SessionFlags.Asked | SessionFlags.Asking))
        {
            PassAsking(session);
        }
    }

    /// <summary>ASKING holds for the command after it, or for the transaction that begins with that.</summary>
    private static void PassAsking(Session session)
    {
        bool holds = session.Has(SessionFlags.Asked) || session.Has(SessionFlags.InTransaction);
        session.Set(SessionFlags.Asked, false);
        session.Set(SessionFlags.Asking, holds);
    }

    /// <summary>An EXEC that is refused ends its transaction and says so; one that is redirected only ends it.</summary>
    private void AbortExec(CommandContext context, Verdict verdict)
    {
        _transactions.Abandon(context.Session);
        if (verdict == Verdict.Redirected)
        {
            return;
        }
        byte[] reason = context.Reply.LastError.ToArray();
        context.Reply.Drop();
        ErrorText.ExecAbortBecause(context.Reply, reason.AsSpan(reason.AsSpan().StartsWith("ERR "u8) ? 4 : 0));
    }

    private static void Suppress(CommandContext context, Session session)
    {
        if (session.ReplyMode is ReplyMode.Off or ReplyMode.Skipping)
        {
            context.Reply.Drop();
        }
        session.ReplyMode = session.ReplyMode switch
        {
            ReplyMode.SkipNext => ReplyMode.Skipping,
            ReplyMode.Skipping => ReplyMode.On,
            _ => session.ReplyMode,
        };
    }
}
