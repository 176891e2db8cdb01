using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Transactions;

/// <summary>
/// Runs the requests of a transaction one after the other, with nothing in between. They passed the gates when they were kept; each is
/// counted and logged like any other command. Where one takes long, EXEC takes long.
/// </summary>
public sealed class TransactionRunner(CommandRunner runner, TransactionQueue queue)
{
    /// <summary>Appends the reply of every request, and gives the transaction back: now, or when the last of them is over.</summary>
    public void Run(CommandContext context, Transaction transaction)
    {
        Session session = context.Session;
        if (session.IsSubscriber)
        {
            session.Withheld ??= [];
        }
        context.Reply.Array(transaction.Count);
        Origin origin = context.Origin.WithinTransaction;
        int index = 0;
        if (RunFrom(context, transaction, origin, ref index) is { } command)
        {
            context.Suspend(new LongTransaction(this, session, transaction, origin) { Index = index, Current = command });
        }
        else if (session.Withheld is not null)
        {
            session.SendWithheld();
        }
    }

    /// <summary>Goes on with a transaction; true if all its requests have run.</summary>
    internal bool GoOn(CommandContext context, LongTransaction rest, Func<bool> isSliceOver)
    {
        CommandContext inner = context.Inner;
        inner.Begin(rest.Current, rest.Transaction.Requests, rest.Index, rest.Transaction.CommandAt(rest.Index));
        if (!runner.GoOn(inner, rest.Current, isSliceOver))
        {
            return false;
        }
        int index = rest.Index + 1;
        LongOperation? next = RunFrom(context, rest.Transaction, rest.Within, ref index);
        rest.Index = index;
        rest.Current = next ?? rest.Current;
        return next is null;
    }

    /// <summary>Runs the requests from an index on; returns the first that takes long, at the index, or null at the end.</summary>
    private LongOperation? RunFrom(CommandContext context, Transaction transaction, Origin origin, ref int index)
    {
        CommandContext inner = context.Inner;
        for (; index < transaction.Count; index++)
        {
            inner.Begin(context.Session, transaction.Requests, index);
            inner.Resolve(transaction.CommandAt(index));
            runner.Run(inner, origin);
            if (inner.Suspension is LongOperation command)
            {
                return command;
            }
        }

        // Their errors are counted; EXEC itself has not failed.
        context.ForgetErrors();
        queue.Release(context.Session, transaction);
        return null;
    }
}
