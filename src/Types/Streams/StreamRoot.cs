using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// The root block of a stream. Entries lie in nodes, each a block with a listpack (<see cref="StreamNode"/>). The last one, to which
/// entries are added, stands outside the tree: adding touches the root and that node and nothing else.
/// <code>
///   | count: 8 | last id: 16 | first id: 16 | greatest deleted id: 16 | entries added: 8 | tail: link 8 |
///   | tree of nodes: 56 | tree of groups: 56 |
///
///        tree of nodes               tail
///     node, node, node, ...     | node | spare |          ordered by the ID of a node's first entry
///
///        tree of groups
///     group, group, ...                                    ordered by name, see GroupBlock
/// </code>
/// The root owns the nodes and the groups. A stream without entries has no node.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOfRoot)]
internal struct StreamRoot : ICollection
{
    internal const int NodesOffset = 72;
    internal const int GroupsOffset = NodesOffset + TreeRoot.SizeOf;
    internal const int SizeOfRoot = GroupsOffset + TreeRoot.SizeOf;

    /// <summary>Nodes that are measured to estimate all of them.</summary>
    private const int MeasuredCountMax = 256;

    /// <summary>To free a node costs about as much as to free this many elements of other types.</summary>
    private const int ElementsPerNode = 4;

    /// <summary>The root of a stream to which nothing was written yet.</summary>
    internal static readonly StreamRoot Empty;

    internal long Count;
    internal StreamId LastId;
    internal StreamId FirstId;
    internal StreamId MaxDeletedId;
    internal long EntriesAdded;
    internal Link Tail;

    internal static ulong Create(Heap heap)
    {
        ulong root = heap.Allocate(SizeOfRoot);
        Native.At<StreamRoot>(root) = default;
        CountedTree<IdBlocks>.Initialize(heap, root + NodesOffset);
        CountedTree<NamedBlock>.Initialize(heap, root + GroupsOffset);
        return root;
    }

    /// <summary>Entries, groups, and their consumers and pending entries: what there is to free.</summary>
    public static long CountOf(ValueContext context, ulong root)
    {
        long count = Native.At<StreamRoot>(root).Count;
        TreeWalk groups = GroupsOf(context, root).Walk();
        while (groups.MoveNext())
        {
            count += 1 + GroupBlock.CountOf(context, groups.Current);
        }
        return count;
    }

    public static long SizeOf(ValueContext context, ulong root)
    {
        var nodes = new StreamNodes(context, root);
        NamedBlockTree groups = GroupsOf(context, root);
        long size = context.Heap.SizeOf(root) + nodes.MemoryBytesOf(MeasuredCountMax) + groups.MemoryBytes;
        TreeWalk walk = groups.Walk();
        while (walk.MoveNext())
        {
            size += GroupBlock.SizeOf(context, walk.Current);
        }
        return size;
    }

    /// <summary>The bytes of the entries.</summary>
    public static long EstimateOf(ValueContext context, ulong root) =>
        context.Heap.SizeOf(root) + new StreamNodes(context, root).MemoryBytesOf(MeasuredCountMax);

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        ulong copy = Create(context.Heap);
        ref StreamRoot source = ref Native.At<StreamRoot>(root);
        ref StreamRoot target = ref Native.At<StreamRoot>(copy);
        target.Count = source.Count;
        target.LastId = source.LastId;
        target.FirstId = source.FirstId;
        target.MaxDeletedId = source.MaxDeletedId;
        target.EntriesAdded = source.EntriesAdded;
        var targetNodes = new StreamNodes(context, copy);
        var nodes = new StreamNodeReader(new StreamNodes(context, root));
        while (nodes.MoveNext())
        {
            targetNodes.AppendNode(nodes.MasterId, nodes.Pack);
        }
        NamedBlockTree copies = GroupsOf(context, copy);
        TreeWalk groups = GroupsOf(context, root).Walk();
        while (groups.MoveNext())
        {
            copies.Add(GroupBlock.Duplicate(context, groups.Current));
        }
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax)
    {
        Heap heap = context.Heap;
        ref StreamRoot stream = ref Native.At<StreamRoot>(root);
        if (stream.Tail.Address != 0)
        {
            heap.Free(stream.Tail.Address);
            stream.Tail = default;
        }
        var release = new BlockRelease(heap);
        int nodeCountMax = Math.Max(countMax / ElementsPerNode, 1);
        if (new CountedTree<IdBlocks>(heap, root + NodesOffset).ReleaseSome(nodeCountMax, ref release))
        {
            return true;
        }
        NamedBlockTree groups = GroupsOf(context, root);
        for (ulong group = groups.First; group != 0; group = groups.First)
        {
            if (countMax <= 0 || GroupBlock.ReleaseSome(context, group, ref countMax))
            {
                return true;
            }
            groups.RemoveFirst();
            countMax--;
        }
        heap.Free(root);
        return false;
    }

    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        return new StreamRelocation(context, root, evacuation).Run(ref cursor);
    }

    private static NamedBlockTree GroupsOf(ValueContext context, ulong root) => new(context, root + GroupsOffset);

    /// <summary>Frees the blocks that a tree gives up.</summary>
    internal readonly struct BlockRelease(Heap heap) : IEntryVisitor
    {
        public void Visit(ulong entry) => heap.Free(entry);
    }
}
