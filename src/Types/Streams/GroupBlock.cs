using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// A consumer group. It owns its consumers and its pending entries; each entry stands in two trees, in the group's and in its consumer's,
/// so both are read in order and an entry is found in either by its ID.
/// <code>
///   | name begins: 4 | name's length: 4 | last delivered id: 16 | entries read: 8 |
///   | tree of pending entries: 56 | tree of consumers: 56 | name |
///
///     group's tree        entry  entry  entry  entry          see PendingBlock
///                           |      |      |      |
///     consumers' trees      +------+      +------+            see ConsumerBlock
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = PendingOffset)]
internal struct GroupBlock
{
    internal const int PendingOffset = 32;
    internal const int ConsumersOffset = PendingOffset + TreeRoot.SizeOf;
    internal const int NameOffset = ConsumersOffset + TreeRoot.SizeOf;

    internal int NameBegin;
    internal int NameLength;
    internal StreamId LastDeliveredId;
    internal long EntriesRead;

    internal static ulong Create(Heap heap, ReadOnlySpan<byte> name)
    {
        ulong block = NamedBlock.Create(heap, NameOffset, name);
        CountedTree<IdBlocks>.Initialize(heap, block + PendingOffset);
        CountedTree<NamedBlock>.Initialize(heap, block + ConsumersOffset);
        return block;
    }

    /// <summary>The heap bytes of the group and of all that it owns.</summary>
    internal static long SizeOf(ValueContext context, ulong block)
    {
        Heap heap = context.Heap;
        PendingTree pending = new StreamGroup(context, block).Pending;
        var consumers = new NamedBlockTree(context, block + ConsumersOffset);
        long size = heap.SizeOf(block) + pending.MemoryBytes + consumers.MemoryBytes;
        ulong first = pending.FindFrom(StreamId.Min);
        if (first != 0)
        {
            size += heap.SizeOf(first) * pending.Count;
        }
        TreeWalk walk = consumers.Walk();
        while (walk.MoveNext())
        {
            size += heap.SizeOf(walk.Current) + new StreamConsumer(context, walk.Current).Pending.MemoryBytes;
        }
        return size;
    }

    internal static ulong Duplicate(ValueContext context, ulong block)
    {
        var source = new StreamGroup(context, block);
        ulong copy = Create(context.Heap, source.Name);
        var target = new StreamGroup(context, copy) { LastDeliveredId = source.LastDeliveredId, EntriesRead = source.EntriesRead };
        PendingWalk entries = source.WalkPending();
        while (entries.MoveNext())
        {
            PendingEntry entry = entries.Current;
            target.TryAddUnowned(entry.Id, entry.DeliveryMs, entry.DeliveryCount);
        }
        StreamConsumerReader consumers = source.ReadConsumers();
        while (consumers.MoveNext())
        {
            StreamConsumer consumer = consumers.Current;
            target.TryCreateConsumer(consumer.Name, consumer.SeenMs, out StreamConsumer twin);
            twin.ActiveMs = consumer.ActiveMs;
            PendingWalk own = consumer.WalkPending();
            while (own.MoveNext())
            {
                target.TryAdopt(own.Current.Id, twin);
            }
        }
        return copy;
    }

    /// <summary>Frees a group that nobody can reach any more: at once if it is small, else in slices.</summary>
    internal static void Release(ValueContext context, ulong block)
    {
        if (context.IsFreedInSlices(CountOf(context, block)))
        {
            ReleaseLater(context, block);
            return;
        }
        while (ReleaseSome(context, block, int.MaxValue))
        {
        }
    }

    /// <summary>Entries and consumers: what there is to free.</summary>
    internal static long CountOf(ValueContext context, ulong block) =>
        new StreamGroup(context, block).PendingCount + new NamedBlockTree(context, block + ConsumersOffset).Count;

    /// <summary>
    /// Frees entries and consumers of the group, as many as are <paramref name="left"/>, and subtracts them; false when nothing is left of
    /// the group.
    /// </summary>
    internal static bool ReleaseSome(ValueContext context, ulong block, ref int left)
    {
        Heap heap = context.Heap;
        var consumers = new NamedBlockTree(context, block + ConsumersOffset);
        for (ulong consumer = consumers.First; consumer != 0; consumer = consumers.First)
        {
            if (ConsumerBlock.ReleaseSome(heap, consumer, ref left))
            {
                return true;
            }
            consumers.RemoveFirst();
        }
        var release = new StreamRoot.BlockRelease(heap);
        if (new PendingTree(heap, block + PendingOffset).ReleaseSome(ref left, ref release))
        {
            return true;
        }
        heap.Free(block);
        return false;
    }

    /// <summary>Apart from <see cref="Release"/>, which must allocate nothing for a small group, as a closure would.</summary>
    private static void ReleaseLater(ValueContext context, ulong block) =>
        context.Leftovers!(countMax => ReleaseSome(context, block, countMax));

    /// <summary>As <see cref="ReleaseSome(ValueContext, ulong, ref int)"/>, about so many.</summary>
    internal static bool ReleaseSome(ValueContext context, ulong block, int countMax) => ReleaseSome(context, block, ref countMax);
}
