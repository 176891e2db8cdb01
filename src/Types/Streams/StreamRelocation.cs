using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// Moves what belongs to a stream off slabs that are to be emptied, but for its root block.
/// <code>
///   part     Nodes     Groups        then for each group   Pending            Consumers         Theirs, for each consumer
///   moves    nodes     their blocks                        entries' blocks    their blocks      trees of their entries
/// </code>
/// A pending entry stands in two trees and names its consumer: who moves either tells the other.
/// </summary>
internal readonly struct StreamRelocation(ValueContext context, ulong root, Evacuation evacuation)
{
    /// <summary>A consumer with more pending entries, each of which would have to be told, stays.</summary>
    private const int ToldCountMax = 256;

    private const int Nodes = 0;
    private const int Groups = 1;
    private const int Pending = 2;
    private const int Consumers = 3;
    private const int Theirs = 4;

    /// <summary>Goes on until it is enough; false at the end.</summary>
    internal bool Run(ref RelocationCursor cursor)
    {
        do
        {
            if (cursor.Part < Pending)
            {
                RunStream(ref cursor);
                continue;
            }
            ulong group = GroupTree.At(cursor.Outer);
            if (group == 0)
            {
                return false;
            }
            RunGroup(group, ref cursor);
        }
        while (!evacuation.IsEnough);
        return true;
    }

    private NamedBlockTree GroupTree => new(context, root + StreamRoot.GroupsOffset);

    private void RunStream(ref RelocationCursor cursor)
    {
        var mover = new BlockMover(evacuation);
        long rank = (long)cursor.Position;
        if (cursor.Part == Nodes)
        {
            ref Link tail = ref Native.At<StreamRoot>(root).Tail;
            if (tail.Address != 0)
            {
                tail.Address = evacuation.Move(tail.Address);
            }
            rank = new CountedTree<IdBlocks>(context.Heap, root + StreamRoot.NodesOffset).Relocate(rank, evacuation, ref mover);
        }
        else
        {
            rank = GroupTree.Relocate(rank, evacuation, ref mover);
        }
        Advance(ref cursor, rank, cursor.Part + 1);
    }

    private void RunGroup(ulong block, ref RelocationCursor cursor)
    {
        var group = new StreamGroup(context, block);
        var consumers = new NamedBlockTree(context, block + GroupBlock.ConsumersOffset);
        long rank = (long)cursor.Position;
        switch (cursor.Part)
        {
            case Pending:
                var entries = new EntryMover(context, evacuation);
                Advance(ref cursor, group.Pending.Relocate(rank, evacuation, ref entries), Consumers);
                break;
            case Consumers:
                var movedConsumers = new ConsumerMover(context, evacuation);
                Advance(ref cursor, consumers.Relocate(rank, evacuation, ref movedConsumers), Theirs);
                break;
            default:
                RunConsumer(consumers.At(cursor.Inner), ref cursor);
                break;
        }
    }

    private void RunConsumer(ulong consumer, ref RelocationCursor cursor)
    {
        if (consumer == 0)
        {
            cursor = new RelocationCursor { Part = Pending, Outer = cursor.Outer + 1 };
            return;
        }
        PendingTree pending = new StreamConsumer(context, consumer).Pending;
        cursor.Position = (ulong)pending.RelocateAlone((long)cursor.Position, evacuation);
        cursor.Inner += cursor.Position == 0 ? 1 : 0;
    }

    private static void Advance(ref RelocationCursor cursor, long rank, int nextPart)
    {
        cursor.Position = (ulong)rank;
        if (rank == 0)
        {
            cursor.Part = nextPart;
        }
    }

    /// <summary>Moves entries that their group's tree comes to, and tells their consumers' trees.</summary>
    private readonly struct EntryMover(ValueContext context, Evacuation evacuation) : IEntryMover
    {
        public ulong Move(ulong entry)
        {
            if (!evacuation.Wants(entry))
            {
                return entry;
            }
            ref Link own = ref new StreamConsumer(context, Native.At<PendingBlock>(entry).Consumer).Pending.LinkOf(entry);
            ulong moved = evacuation.Move(entry);
            own.Address = moved;
            return moved;
        }
    }

    private readonly struct ConsumerMover(ValueContext context, Evacuation evacuation) : IEntryMover
    {
        public ulong Move(ulong entry)
        {
            PendingTree pending = new StreamConsumer(context, entry).Pending;
            if (pending.Count > ToldCountMax || !evacuation.Wants(entry))
            {
                return entry;
            }
            evacuation.Spend(pending.Count);
            ulong moved = evacuation.Move(entry);
            TreeWalk entries = new StreamConsumer(context, moved).Pending.Walk();
            while (entries.MoveNext())
            {
                Native.At<PendingBlock>(entries.Current).Consumer = moved;
            }
            return moved;
        }
    }
}
