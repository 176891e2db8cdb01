using Bixbite.Engine.Execution;

namespace Bixbite.Engine.Transactions;

/// <summary>
/// Runs the requests of a transaction one after the other, with nothing in between. They passed the gates when they were kept; each is
/// counted and logged like any other command.
/// </summary>
public sealed class TransactionRunner(CommandRunner runner)
{
    /// <summary>Appends the reply of every request.</summary>
    public void Run(CommandContext context, Transaction transaction)
    {
        CommandContext inner = context.Inner;
        context.Reply.Array(transaction.Count);
        for (int i = 0; i < transaction.Count; i++)
        {
            inner.Begin(context.Session, transaction.Requests, i);
            inner.Resolve(transaction.CommandAt(i));
            runner.Run(inner, context.Origin.WithinTransaction);
        }

        // Their errors are counted; EXEC itself has not failed.
        context.ForgetErrors();
    }
}
