using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>The nodes of a tree, and what insertion and removal share: what parents keep, and moves between siblings.</summary>
internal readonly struct TreeNodes(Heap heap, ulong root)
{
    internal ref TreeRoot Root => ref Native.At<TreeRoot>(root);

    internal TreeNode Top => new(Root.Top);

    /// <summary>An empty node, known to nobody yet.</summary>
    internal TreeNode Create(int level, int capacity)
    {
        ulong block = heap.Allocate(NodeSize.BytesFor(level, capacity));
        Root.MemoryBytes += heap.SizeOf(block);
        Native.At<NodeHeader>(block) = new NodeHeader
        {
            Capacity = (ushort)capacity,
            Level = (byte)level,
            IsWeighted = Root.IsWeighted,
        };
        return new TreeNode(block);
    }

    internal long SizeOf(TreeNode node) => heap.SizeOf(node.Address);

    internal void Free(TreeNode node)
    {
        Root.MemoryBytes -= heap.SizeOf(node.Address);
        heap.Free(node.Address);
    }

    /// <summary>The top node in a block of another capacity.</summary>
    internal TreeNode ResizeTop(int capacity)
    {
        TreeNode old = Top;
        Debug.Assert(old.Parent.IsNone && old.Count <= capacity, "Only the top node has no fixed size.");
        TreeNode top = Create(old.Level, capacity);
        top.Header.Count = (ushort)old.Count;
        TreeNode.Copy(old, 0, top, 0, old.Count);
        top.Adopt(0, top.Count);
        Root.Top = top.Address;
        if (top.IsLeaf)
        {
            Root.FirstLeaf = Root.LastLeaf = top.Address;
        }
        Free(old);
        return top;
    }

    /// <summary>Gives the top node a smaller block where that pays. A place in it stays the same place.</summary>
    internal void TrimTop(ref TreeCursor place)
    {
        TreeNode top = Top;
        if (top.IsNone)
        {
            return;
        }
        int capacity = NodeSize.Roomy(top.Level, top.Count);
        if (capacity >= top.Capacity)
        {
            return;
        }
        bool isPlaceInTop = place.Node == top.Address;
        top = ResizeTop(capacity);
        if (isPlaceInTop)
        {
            place = new TreeCursor(top.Address, place.Index);
        }
    }

    /// <summary>Notes in all nodes above, and for the whole tree, that this one got heavier or lighter.</summary>
    internal void AddWeight(TreeNode node, long weight)
    {
        for (TreeNode parent = node.Parent; !parent.IsNone; parent = node.Parent)
        {
            parent.WeightAt(parent.PositionOf(node)) += weight;
            node = parent;
        }
        Root.Count += weight;
    }

    /// <summary>Notes above that the node's first entry is another one now.</summary>
    internal static void RefreshSeparator(TreeNode node)
    {
        if (node.Header.IsWeighted)
        {
            return;
        }
        uint word = node.WordAt(0);
        uint tag = node.LinkAt(0).Tag;
        int position = 0;
        for (TreeNode parent = node.Parent; !parent.IsNone && position == 0; parent = node.Parent)
        {
            position = parent.PositionOf(node);
            parent.WordAt(position) = word;
            parent.LinkAt(position) = new Link(node.Address, tag);
            node = parent;
        }
    }

    /// <summary>Whether no node of its level stands before this one.</summary>
    internal static bool IsFirst(TreeNode node)
    {
        for (TreeNode parent = node.Parent; !parent.IsNone; parent = node.Parent)
        {
            if (parent.ChildAt(0).Address != node.Address)
            {
                return false;
            }
            node = parent;
        }
        return true;
    }

    /// <summary>Whether no node of its level stands behind this one.</summary>
    internal static bool IsLast(TreeNode node)
    {
        for (TreeNode parent = node.Parent; !parent.IsNone; parent = node.Parent)
        {
            if (parent.ChildAt(parent.Count - 1).Address != node.Address)
            {
                return false;
            }
            node = parent;
        }
        return true;
    }

    /// <summary>Links a new leaf with its neighbours.</summary>
    internal void Chain(TreeNode leaf, ulong previous, ulong next)
    {
        leaf.Header.Previous = previous;
        leaf.Header.Next = next;
        PreviousOf(next) = leaf.Address;
        NextOf(previous) = leaf.Address;
    }

    /// <summary>Links a leaf's neighbours with each other.</summary>
    internal void Unchain(TreeNode leaf)
    {
        PreviousOf(leaf.Header.Next) = leaf.Header.Previous;
        NextOf(leaf.Header.Previous) = leaf.Header.Next;
    }

    /// <summary>Where the left one stands of the child at the position and the emptier one of its siblings.</summary>
    internal static int EmptierPair(TreeNode parent, int position)
    {
        Debug.Assert(parent.Count > 1, "The child has a sibling.");
        if (position == 0)
        {
            return 0;
        }
        bool isLeftEmptier = position == parent.Count - 1 || parent.ChildAt(position - 1).Count <= parent.ChildAt(position + 1).Count;
        return isLeftEmptier ? position - 1 : position;
    }

    /// <summary>Gives two neighbours about as many entries each. A place in one of them stays the same place.</summary>
    internal static void Balance(TreeNode parent, int leftPosition, ref TreeCursor place)
    {
        TreeNode left = parent.ChildAt(leftPosition);
        TreeNode right = parent.ChildAt(leftPosition + 1);
        int surplus = left.Count - ((left.Count + right.Count) / 2);
        long weight = surplus > 0
            ? MoveRight(left, right, surplus, ref place)
            : -MoveLeft(left, right, -surplus, ref place);
        parent.WeightAt(leftPosition) -= weight;
        parent.WeightAt(leftPosition + 1) += weight;
        RefreshSeparator(right);
    }

    /// <summary>Moves the last entries of a node to the front of the next, and returns their weight. Nobody above learns of it.</summary>
    internal static long MoveRight(TreeNode left, TreeNode right, int count, ref TreeCursor place)
    {
        int leftCount = left.Count - count;
        right.Open(0, count);
        TreeNode.Copy(left, leftCount, right, 0, count);
        left.Header.Count = (ushort)leftCount;
        right.Adopt(0, count);
        if (place.Node == right.Address)
        {
            place = new TreeCursor(right.Address, place.Index + count);
        }
        else if (place.Node == left.Address && place.Index > leftCount)
        {
            place = new TreeCursor(right.Address, place.Index - leftCount);
        }
        return right.WeightOf(0, count);
    }

    /// <summary>Moves the first entries of a node to the end of the one before. Otherwise as <see cref="MoveRight"/>.</summary>
    internal static long MoveLeft(TreeNode left, TreeNode right, int count, ref TreeCursor place)
    {
        int leftCount = left.Count;
        left.Open(leftCount, count);
        TreeNode.Copy(right, 0, left, leftCount, count);
        right.Close(0, count);
        left.Adopt(leftCount, count);
        if (place.Node == right.Address)
        {
            place = place.Index <= count
                ? new TreeCursor(left.Address, leftCount + place.Index)
                : new TreeCursor(right.Address, place.Index - count);
        }
        return left.WeightOf(leftCount, count);
    }

    private ref ulong PreviousOf(ulong leaf) => ref leaf == 0 ? ref Root.LastLeaf : ref Native.At<NodeHeader>(leaf).Previous;

    private ref ulong NextOf(ulong leaf) => ref leaf == 0 ? ref Root.FirstLeaf : ref Native.At<NodeHeader>(leaf).Next;
}
