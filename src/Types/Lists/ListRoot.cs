using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Lists;

/// <summary>
/// The root block of a list that is too big for one listpack: a chain of nodes, each a block with one listpack.
/// <code>
///   | head: link 8 | tail: link 8 | head start: 4 | spare: 4 | tree root: 56 |
///
///        head                        tree                         tail
///   | slack | listpack |     listpack, listpack, ...     | listpack | spare |
/// </code>
/// The nodes at the ends stand outside the tree, so that pushing and popping touch one listpack and nothing else. The head's listpack
/// begins at an offset (head start): elements are put and taken in front of it without moving the others. Nodes in the tree fill their
/// blocks from the first byte. A list of one node has only a head; one whose last element was taken has no node at all, and must get
/// one or go.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = RootSize)]
internal struct ListRoot : ICollection
{
    internal const int TreeOffset = 24;
    internal const int RootSize = TreeOffset + TreeRoot.SizeOf;
    private const int MeasuredCountMax = 16;

    internal Link Head;
    internal Link Tail;
    internal int HeadStart;

    /// <summary>A root whose only node is this block, whose listpack begins at its first byte.</summary>
    internal static ulong Create(Heap heap, ulong head)
    {
        ulong root = heap.Allocate(RootSize);
        Native.At<ListRoot>(root) = new ListRoot { Head = new Link(head) };
        CountedTree<ListNodes>.Initialize(heap, root + TreeOffset);
        return root;
    }

    public static long CountOf(ValueContext context, ulong root) => new NodeChain(context, root).Count;

    public static long SizeOf(ValueContext context, ulong root)
    {
        Heap heap = context.Heap;
        var chain = new NodeChain(context, root);
        long size = heap.SizeOf(root) + chain.Tree.MemoryBytes;
        for (NodePlace place = chain.First; place.Exists; place = chain.Next(place))
        {
            size += heap.SizeOf(chain.BlockAt(place));
        }
        return size;
    }

    /// <summary>The same from the size of its first nodes.</summary>
    public static long EstimateOf(ValueContext context, ulong root)
    {
        var chain = new NodeChain(context, root);
        long measured = 0;
        int count = 0;
        for (NodePlace place = chain.First; place.Exists && count < MeasuredCountMax; place = chain.Next(place))
        {
            measured += context.Heap.SizeOf(chain.BlockAt(place));
            count++;
        }
        long nodes = count == 0 ? 0 : (long)((double)measured / count * chain.NodeCount);
        return context.Heap.SizeOf(root) + chain.Tree.MemoryBytes + nodes;
    }

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        Heap heap = context.Heap;
        var source = new NodeChain(context, root);
        ulong copy = Create(heap, 0);
        var target = new NodeChain(context, copy);
        for (NodePlace place = source.First; place.Exists; place = source.Next(place))
        {
            target.AppendNode(NodeChain.CopyOf(heap, source.PackAt(place)));
        }
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax)
    {
        Heap heap = context.Heap;
        ref ListRoot list = ref Native.At<ListRoot>(root);
        FreeNode(heap, ref list.Head);
        FreeNode(heap, ref list.Tail);
        var release = new NodeRelease(heap);
        int nodeCountMax = Math.Max(countMax / ElementsPerNode, 1);
        if (new CountedTree<ListNodes>(heap, root + TreeOffset).ReleaseSome(nodeCountMax, ref release))
        {
            return true;
        }
        heap.Free(root);
        return false;
    }

    /// <summary>Frees the root of a list of one node, and the node; no snapshot is still to have them.</summary>
    internal static void Free(ValueContext context, ulong root)
    {
        context.Pinned.Free(Native.At<ListRoot>(root).Head.Address);
        context.Heap.Free(root);
    }

    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        ref ListRoot list = ref Native.At<ListRoot>(root);
        MoveNode(evacuation, ref list.Head);
        MoveNode(evacuation, ref list.Tail);
        var mover = new BlockMover(evacuation);
        var tree = new CountedTree<ListNodes>(context.Heap, root + TreeOffset);
        cursor.Position = (ulong)tree.Relocate((long)cursor.Position, evacuation, ref mover);
        return cursor.Position != 0;
    }

    /// <summary>To free a node costs about as much as to free this many elements of other types.</summary>
    private const int ElementsPerNode = 4;

    private static void FreeNode(Heap heap, ref Link node)
    {
        if (node.Address != 0)
        {
            heap.Free(node.Address);
            node = default;
        }
    }

    private static void MoveNode(Evacuation evacuation, ref Link node)
    {
        if (node.Address != 0)
        {
            node.Address = evacuation.Move(node.Address);
        }
    }

    private readonly struct NodeRelease(Heap heap) : IEntryVisitor
    {
        public void Visit(ulong entry) => heap.Free(entry);
    }
}
