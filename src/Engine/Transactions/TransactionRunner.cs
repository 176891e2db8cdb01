using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Transactions;

/// <summary>
/// Runs the requests of a transaction one after the other, with nothing in between. They passed the gates when they were kept; each is
/// counted and logged like any other command.
/// </summary>
public sealed class TransactionRunner(Propagator propagator, CommandRecorder recorder)
{
    /// <summary>Appends the reply of every request.</summary>
    public void Run(CommandContext context, Transaction transaction)
    {
        Session session = context.Session;
        CommandContext inner = context.Inner;
        bool isDenied = session.Has(SessionFlags.DenyBlocking);
        session.Set(SessionFlags.DenyBlocking, true);
        context.Reply.Array(transaction.Count);
        for (int i = 0; i < transaction.Count; i++)
        {
            inner.Begin(session, transaction.Requests, i);
            inner.Resolve(transaction.CommandAt(i));
            long errors = inner.Reply.ErrorCount;
            propagator.Invoke(inner);
            session.Tracking?.Ran(inner);
            recorder.Ran(inner);
            if (inner.Reply.ErrorCount != errors)
            {
                recorder.Failed(inner);
            }
        }
        session.Set(SessionFlags.DenyBlocking, isDenied);
    }
}
