using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Protocol;

namespace Bixbite.Commands.Transactions;

/// <summary>Optimistic locking: WATCH, UNWATCH. The next EXEC runs nothing if a watched key has changed.</summary>
public sealed class Watch(WatchedKeys watches)
{
    [Command(
        "watch", Group = "transactions", Since = "2.2.0", Arity = -2,
        Flags = "noscript loading stale fast allow_busy runs_in_multi", Categories = "transaction", Keys = "ro; 1..-1",
        Complexity = "O(1) for each key",
        Summary = "Watches keys: if one changes, the next transaction does not run.",
        Syntax = "key ...")]
    public void Run(CommandContext context)
    {
        Session session = context.Session;
        if (session.Has(SessionFlags.InTransaction))
        {
            context.Reply.Error(ErrorText.WatchInMulti);
            return;
        }

        // What is broken already stays broken until EXEC: more watches would change nothing.
        if (!watches.IsKnownBroken(session))
        {
            for (int i = 1; i < context.Count; i++)
            {
                watches.Watch(session, context[i]);
            }
        }
        context.Reply.Ok();
    }

    [Command(
        "unwatch", Group = "transactions", Since = "2.2.0", Arity = 1,
        Flags = "noscript loading stale fast allow_busy", Categories = "transaction",
        Complexity = "O(1) for each watched key",
        Summary = "Forgets all watched keys.")]
    public void Unwatch(CommandContext context)
    {
        watches.Unwatch(context.Session);
        context.Reply.Ok();
    }
}
