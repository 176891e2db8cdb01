using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Engine.Execution;

/// <summary>The end of a command that stores its result at a key, whatever the key held: store, notify, reply.</summary>
public static class Destination
{
    /// <summary>Gives the key the collection that was built aside, without a deadline, and answers <paramref name="count"/>.</summary>
    public static void Store(
        CommandContext context, ReadOnlySpan<byte> key, ref RecordDraft draft, long count, ReadOnlySpan<byte> eventName,
        long changeCount = 1)
    {
        KeyEventClass eventClass = context.Database.Types[draft.Type].EventClass;
        KeyRef at = context.Keys.Write(context.Database, key);
        context.Database.Attach(ref at, ref draft, Deadline.None);
        context.Changed(key, eventClass, eventName, changeCount);
        context.Reply.Integer(count);
    }

    /// <summary>The result is empty: the key is gone, and the answer is 0.</summary>
    public static void Clear(CommandContext context, ReadOnlySpan<byte> key)
    {
        KeyRef at = context.Keys.Write(context.Database, key);
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(key, KeyEventClass.Generic, "del"u8);
        }
        context.Reply.Integer(0);
    }
}
