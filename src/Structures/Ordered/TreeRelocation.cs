using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Structures.Ordered;

/// <summary>Moves nodes and elements off slabs that are to be emptied: a leaf, with the nodes above of which it is the first.</summary>
internal static class TreeRelocation
{
    private const int Ahead = 12;

    /// <summary>The leaf, where it is now.</summary>
    internal static TreeNode MoveLeaf(TreeNodes nodes, TreeNode leaf, Evacuation evacuation)
    {
        TreeNode moved = Move(nodes, leaf, evacuation);
        TreeNode node = moved;
        for (TreeNode parent = node.Parent; !parent.IsNone && parent.PositionOf(node) == 0; parent = node.Parent)
        {
            node = Move(nodes, parent, evacuation);
        }
        return moved;
    }

    /// <summary>Lets the caller move elements from this one on; returns the index of the first that was not asked for.</summary>
    internal static int MoveElements<TMover>(TreeNode leaf, int index, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover, allows ref struct
    {
        int count = leaf.Count;
        for (int i = index; i < Math.Min(index + Ahead, count); i++)
        {
            Native.Prefetch(leaf.LinkAt(i).Address);
        }
        do
        {
            if (index + Ahead < count)
            {
                Native.Prefetch(leaf.LinkAt(index + Ahead).Address);
            }
            ref Link link = ref leaf.LinkAt(index);
            ulong entry = link.Address;
            ulong moved = mover.Move(entry);
            if (moved != entry)
            {
                link.Address = moved;
            }
            index++;
        }
        while (index < count && !evacuation.IsEnough);
        return index;
    }

    private static TreeNode Move(TreeNodes nodes, TreeNode node, Evacuation evacuation)
    {
        ulong address = evacuation.Move(node.Address, ref nodes.Root.MemoryBytes);
        if (address == node.Address)
        {
            return node;
        }
        var moved = new TreeNode(address);
        if (moved.Parent.IsNone)
        {
            nodes.Root.Top = address;
        }
        else
        {
            PointTo(moved, node.Address);
        }
        if (moved.IsLeaf)
        {
            nodes.Chain(moved, moved.Header.Previous, moved.Header.Next);
        }
        else
        {
            moved.Adopt(0, moved.Count);
        }
        return moved;
    }

    /// <summary>Makes the parent's link lead to where its child is now.</summary>
    private static void PointTo(TreeNode moved, ulong oldAddress)
    {
        TreeNode parent = moved.Parent;
        int position = moved.Header.Position;
        if (position >= parent.Count || parent.LinkAt(position).Address != oldAddress)
        {
            position = 0;
            while (parent.LinkAt(position).Address != oldAddress)
            {
                position++;
            }
            moved.Header.Position = (ushort)position;
        }
        parent.LinkAt(position).Address = moved.Address;
    }
}
