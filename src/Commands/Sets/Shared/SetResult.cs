using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

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
            Destination.Clear(context, context[1]);
            return;
        }
        Destination.Store(context, context[1], ref draft, count, eventName);
    }
}
