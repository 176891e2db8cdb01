using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Engine.Transactions;

/// <summary>Begins, fills and ends the transactions of sessions.</summary>
public sealed class TransactionQueue(WatchedKeys watches, Heap heap)
{
    /// <summary>So many transactions are kept to be used again: what is begun and ended at once allocates nothing.</summary>
    private const int SpareCountMax = 64;

    private readonly Stack<Transaction> _spare = [];

    public WatchedKeys Watches { get; } = watches;

    /// <summary>From now on the session's requests are kept.</summary>
    public void Begin(Session session) => session.Transaction = _spare.TryPop(out Transaction? spare) ? spare : new Transaction(heap);

    /// <summary>Keeps the context's request instead of running it.</summary>
    public void Keep(CommandContext context)
    {
        Transaction transaction = context.Session.Transaction!;
        long held = transaction.MemoryBytes;
        transaction.Add(context.Command, context.Batch, context.Arguments);
        context.Session.Hold(transaction.MemoryBytes - held);
        context.Reply.Queued();
    }

    /// <summary>Ends the session's transaction, if it has one, and its watches.</summary>
    public void Abandon(Session session)
    {
        if (session.Transaction is { } transaction)
        {
            session.Transaction = null;
            Release(session, transaction);
        }
        Watches.Unwatch(session);
    }

    /// <summary>Takes back a transaction that its session has no more.</summary>
    public void Release(Session session, Transaction transaction)
    {
        session.Hold(-transaction.MemoryBytes);
        bool isUsual = transaction.IsUsual;
        transaction.Clear();
        if (isUsual && _spare.Count < SpareCountMax)
        {
            _spare.Push(transaction);
        }
    }
}
