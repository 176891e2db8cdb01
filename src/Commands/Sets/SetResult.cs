using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>The end of a command that stores a set, built aside, at the key that is its first argument: store, notify, reply.</summary>
internal static class SetResult
{
    public static RecordDraft Begin(CommandContext context) => context.Database.Draft(context[1], KeyType.Set);

    public static void Store(CommandContext context, ref RecordDraft draft, ReadOnlySpan<byte> eventName)
    {
        long count = new SetValue(draft.Open()).Count;
        if (count == 0)
        {
            draft.Discard();
            Clear(context);
            return;
        }
        KeyRef at = context.Write(1);
        context.Database.Attach(ref at, ref draft, Deadline.None);
        context.Changed(context[1], KeyEventClass.Set, eventName);
        context.Reply.Integer(count);
    }

    /// <summary>The result is empty: the key, whatever it held, is gone.</summary>
    public static void Clear(CommandContext context)
    {
        KeyRef at = context.Write(1);
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
        }
        context.Reply.Integer(0);
    }
}
