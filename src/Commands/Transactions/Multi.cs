using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Protocol;

namespace Bixbite.Commands.Transactions;

/// <summary>Requests that run as one step: MULTI, EXEC, DISCARD.</summary>
public sealed class Multi(TransactionQueue queue, TransactionRunner runner)
{
    [Command(
        "multi", Group = "transactions", Since = "1.2.0", Arity = 1,
        Flags = "noscript loading stale fast allow_busy runs_in_multi journaled untimed", Categories = "transaction",
        Complexity = "O(1)",
        Summary = "Begins a transaction: the requests that follow are kept until EXEC.")]
    public void Run(CommandContext context)
    {
        if (context.Session.Has(SessionFlags.InTransaction))
        {
            context.Reply.Error(ErrorText.NestedMulti);
            return;
        }
        queue.Begin(context.Session);
        context.Reply.Ok();
    }

    [Command(
        "exec", Group = "transactions", Since = "1.2.0", Arity = 1,
        Flags = "noscript loading stale skip_slowlog runs_in_multi runs_transaction journaled untimed", Categories = "transaction",
        Complexity = "Depends on the requests of the transaction",
        Summary = "Runs the requests of a transaction as one step.")]
    public void Exec(CommandContext context)
    {
        Session session = context.Session;
        if (queue.Of(session) is not { } transaction)
        {
            context.Reply.Error(ErrorText.ExecWithoutMulti);
            return;
        }
        if (transaction.IsSpoiled)
        {
            queue.Abandon(session);
            context.Reply.Error(ErrorText.ExecAbort);
            return;
        }
        if (queue.Watches.IsBroken(session))
        {
            queue.Abandon(session);
            context.ShowsAnyKey = true;
            context.Reply.NullArray();
            return;
        }

        // The watches end first: they cost with every change that follows, and nobody asks for them any more.
        queue.Watches.Unwatch(session);
        queue.Take(session);
        context.Effects.Suppress();
        runner.Run(context, transaction);
    }

    [Command(
        "discard", Group = "transactions", Since = "2.0.0", Arity = 1,
        Flags = "noscript loading stale fast allow_busy runs_in_multi journaled", Categories = "transaction",
        Complexity = "O(N) with N the number of requests in the transaction",
        Summary = "Ends a transaction without running its requests.")]
    public void Discard(CommandContext context)
    {
        if (!context.Session.Has(SessionFlags.InTransaction))
        {
            context.Reply.Error(ErrorText.DiscardWithoutMulti);
            return;
        }
        queue.Abandon(context.Session);
        context.Reply.Ok();
    }
}
