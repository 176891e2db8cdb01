using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Engine.Transactions;

/// <summary>Begins, fills and ends the transactions of sessions.</summary>
/// <param name="watches">End with the transaction.</param>
/// <param name="heap">Pays for the requests that are kept.</param>
/// <param name="parts">Give a place in each session.</param>
public sealed class TransactionQueue(WatchedKeys watches, Heap heap, SessionParts parts) : ISessionPart
{
    /// <summary>So many transactions are kept to be used again: what is begun and ended at once allocates nothing.</summary>
    private const int SpareCountMax = 64;

    private readonly SessionSlot<Transaction> _slot = parts.Slot<Transaction>();
    private readonly Stack<Transaction> _spare = [];

    public WatchedKeys Watches { get; } = watches;

    /// <summary>The requests since MULTI; null outside of a transaction.</summary>
    public Transaction? Of(Session session) => _slot.Of(session);

    /// <summary>From now on the session's requests are kept.</summary>
    public void Begin(Session session)
    {
        session.Set(SessionFlags.InTransaction, true);
        _slot.Put(session, _spare.TryPop(out Transaction? spare) ? spare : new Transaction(heap));
    }

    /// <summary>Keeps the context's request instead of running it.</summary>
    public void Keep(CommandContext context)
    {
        Transaction transaction = Of(context.Session)!;
        long held = transaction.MemoryBytes;
        transaction.Add(context.Command, context.Command.FlagsOf(context), context.Batch, context.Arguments);
        context.Session.Hold(transaction.MemoryBytes - held);
        context.Reply.Queued();
    }

    /// <summary>A request was refused while it was to be kept: EXEC will run none.</summary>
    public void Spoil(Session session) => Of(session)!.IsSpoiled = true;

    /// <summary>Ends the session's transaction, if it has one, and its watches.</summary>
    public void Abandon(Session session)
    {
        if (Take(session) is { } transaction)
        {
            Release(session, transaction);
        }
        Watches.Unwatch(session);
    }

    /// <summary>Ends the session's transaction and hands it over, to be released; null where there is none.</summary>
    public Transaction? Take(Session session)
    {
        Transaction? transaction = Of(session);
        session.Set(SessionFlags.InTransaction, false);
        _slot.Put(session, null);
        return transaction;
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

    void ISessionPart.End(Session session) => Abandon(session);

    void ISessionPart.Describe(ClientText text)
    {
        text.Add("multi", session => Of(session)?.Count ?? -1);
        text.Add("multi-mem", session => Of(session)?.Size ?? 0);
        text.Add("watch", session => Watches.CountOf(session));
        text.AddFlag('x', static session => session.Has(SessionFlags.InTransaction));
        text.AddFlag('d', Watches.IsKnownBroken);
    }
}
