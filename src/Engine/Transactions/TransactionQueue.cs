using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Engine.Transactions;

/// <summary>Begins, fills and ends the transactions of sessions.</summary>
public sealed class TransactionQueue(WatchedKeys watches, Heap heap)
{
    public WatchedKeys Watches { get; } = watches;

    public static bool IsExec(Command? command) => command is not null && command.FullName.SequenceEqual("exec"u8);

    /// <summary>From now on the session's requests are kept.</summary>
    public static void Begin(Session session) => session.Transaction = new Transaction();

    /// <summary>Keeps the context's request instead of running it.</summary>
    public void Keep(CommandContext context)
    {
        Transaction transaction = context.Session.Transaction!;
        transaction.Add(heap, context.Command, context.Arguments);
        context.Reply.Queued();
    }

    /// <summary>Ends the session's transaction, if it has one, and its watches.</summary>
    public void Abandon(Session session)
    {
        session.Transaction?.Dispose();
        session.Transaction = null;
        Watches.Unwatch(session);
    }
}
