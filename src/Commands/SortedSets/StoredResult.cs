using Bixbite.Engine.Execution;
using Bixbite.Keyspace;

namespace Bixbite.Commands.SortedSets;

/// <summary>The end of a command that stores a sorted set at the key that is its first argument: store, notify, reply.</summary>
internal static class StoredResult
{
    public static void Store(CommandContext context, ref RecordDraft draft, long count, ReadOnlySpan<byte> name)
    {
        KeyRef at = context.Write(1);
        context.Database.Attach(ref at, ref draft, Deadline.None);
        context.Changed(context[1], KeyEventClass.SortedSet, name);
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
