using System.Diagnostics;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// Removal from a node of any level. A node below two fifths joins its emptier sibling, or takes entries from it. At the ends of the tree
/// nodes may drain until they are empty: a queue would otherwise pull each entry through several nodes.
/// </summary>
internal static class TreeRemoval
{
    /// <summary>Drops entries of one node and returns the place of what followed them, which may be the end of a node.</summary>
    internal static TreeCursor Remove(TreeNodes nodes, TreeCursor place, int count)
    {
        var node = new TreeNode(place.Node);
        nodes.AddWeight(node, -node.WeightOf(place.Index, count));
        if (count == node.Count)
        {
            ulong next = node.Header.Next;
            RemoveNode(nodes, node);
            return new TreeCursor(next, 0);
        }
        node.Close(place.Index, count);
        if (place.Index == 0)
        {
            TreeNodes.RefreshSeparator(node);
        }
        if (node.Parent.IsNone)
        {
            Collapse(nodes);
        }
        else if (node.Count < NodeSize.CountMin(node.Level) && node.Parent.Count > 1)
        {
            Refill(nodes, node, ref place);
        }
        return place;
    }

    /// <summary>Takes a node out that weighs nothing any more.</summary>
    private static void RemoveNode(TreeNodes nodes, TreeNode node)
    {
        TreeNode parent = node.Parent;
        if (node.IsLeaf)
        {
            nodes.Unchain(node);
        }
        if (parent.IsNone)
        {
            nodes.Root.Top = 0;
        }
        else
        {
            Remove(nodes, new TreeCursor(parent.Address, parent.PositionOf(node)), 1);
        }
        nodes.Free(node);
    }

    private static void Refill(TreeNodes nodes, TreeNode node, ref TreeCursor place)
    {
        TreeNode parent = node.Parent;
        int leftPosition = TreeNodes.EmptierPair(parent, parent.PositionOf(node));
        TreeNode left = parent.ChildAt(leftPosition);
        TreeNode right = parent.ChildAt(leftPosition + 1);
        bool isAtEnd = TreeNodes.IsFirst(node) || TreeNodes.IsLast(node);
        int mergedCountMax = isAtEnd ? NodeSize.MergedCountMaxAtEnd(node.Level) : NodeSize.MergedCountMax(node.Level);
        if (left.Count + right.Count <= mergedCountMax)
        {
            long weight = TreeNodes.MoveLeft(left, right, right.Count, ref place);
            parent.WeightAt(leftPosition) += weight;
            parent.WeightAt(leftPosition + 1) -= weight;
            RemoveNode(nodes, right);
        }
        else if (!isAtEnd)
        {
            TreeNodes.Balance(parent, leftPosition, ref place);
        }
    }

    /// <summary>An only child takes its parent's place at the top.</summary>
    private static void Collapse(TreeNodes nodes)
    {
        TreeNode top = nodes.Top;
        while (!top.IsLeaf && top.Count == 1)
        {
            TreeNode child = top.ChildAt(0);
            Debug.Assert(child.Parent.Address == top.Address, "A child knows its parent.");
            child.Header.Parent = 0;
            nodes.Root.Top = child.Address;
            nodes.Free(top);
            top = child;
        }
    }
}
