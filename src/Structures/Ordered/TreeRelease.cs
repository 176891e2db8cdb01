using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// Gives up a tree from its first leaf on, in slices. Inner nodes stay as they are until their last child is gone; all that changes is
/// the root and the count of the first leaf.
/// </summary>
internal static class TreeRelease
{
    internal static void Some<TVisitor>(TreeNodes nodes, long countMax, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        while (countMax > 0 && nodes.Root.FirstLeaf != 0)
        {
            var leaf = new TreeNode(nodes.Root.FirstLeaf);
            int count = (int)Math.Min(countMax, leaf.Count);
            int start = leaf.Count - count;
            Visit(leaf, start, count, ref visitor);
            nodes.Root.Count -= leaf.WeightOf(start, count);
            nodes.Root.EntryCount -= count;
            leaf.Header.Count = (ushort)start;
            countMax -= count;
            if (start == 0)
            {
                FreeFirstLeaf(nodes, leaf);
            }
        }
    }

    internal static void Visit<TVisitor>(TreeNode leaf, int index, int count, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        const int Ahead = 16;
        for (int i = index; i < Math.Min(index + count, index + Ahead); i++)
        {
            Native.Prefetch(leaf.LinkAt(i).Address);
        }
        for (int i = index; i < index + count; i++)
        {
            if (i + Ahead < index + count)
            {
                Native.Prefetch(leaf.LinkAt(i + Ahead).Address);
            }
            visitor.Visit(leaf.LinkAt(i).Address);
        }
    }

    private static void FreeFirstLeaf(TreeNodes nodes, TreeNode leaf)
    {
        nodes.Root.FirstLeaf = leaf.Header.Next;
        if (leaf.Header.Next == 0)
        {
            nodes.Root.Top = nodes.Root.LastLeaf = 0;
        }
        TreeNode node = leaf;
        bool isLastChild = true;
        while (isLastChild && !node.IsNone)
        {
            TreeNode parent = node.Parent;
            isLastChild = !parent.IsNone && parent.ChildAt(parent.Count - 1).Address == node.Address;
            nodes.Free(node);
            node = parent;
        }
    }
}
