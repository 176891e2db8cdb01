using System.Diagnostics;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// Insertion into a node of any level. A full node gives half of the difference to a sibling that has room; if neither has, the two
/// become three, so nodes are two thirds full at least after a split and four fifths on average. At the ends of the tree a new node
/// begins instead, so that what is appended in order leaves full nodes behind.
/// </summary>
internal static class TreeInsertion
{
    /// <summary>Puts the entry before the one at the place, or at the node's end, and returns where it stands.</summary>
    internal static TreeCursor Insert(TreeNodes nodes, TreeCursor place, in NodeEntry entry)
    {
        var node = new TreeNode(place.Node);
        if (node.Count == node.Capacity)
        {
            if (node.Capacity < NodeSize.CapacityMax(node.Level))
            {
                place = new TreeCursor(nodes.ResizeTop(NodeSize.Next(node.Level, node.Capacity)).Address, place.Index);
            }
            else if (IsAtEnd(node, place.Index))
            {
                return BeginNode(nodes, node, isBehind: place.Index != 0, entry);
            }
            else
            {
                MakeRoom(nodes, node, ref place);
            }
            node = new TreeNode(place.Node);
        }
        node.Insert(place.Index, entry);
        nodes.AddWeight(node, entry.Weight);
        if (place.Index == 0)
        {
            TreeNodes.RefreshSeparator(node);
        }
        return place;
    }

    /// <summary>The first entry of all.</summary>
    internal static TreeCursor Begin(TreeNodes nodes, in NodeEntry entry)
    {
        Debug.Assert(nodes.Top.IsNone, "The tree is empty.");
        TreeNode leaf = nodes.Create(0, NodeSize.SmallestCapacity);
        nodes.Chain(leaf, 0, 0);
        nodes.Root.Top = leaf.Address;
        return Insert(nodes, new TreeCursor(leaf.Address, 0), entry);
    }

    private static bool IsAtEnd(TreeNode node, int index) =>
        (index == node.Count && TreeNodes.IsLast(node)) || (index == 0 && TreeNodes.IsFirst(node));

    private static TreeCursor BeginNode(TreeNodes nodes, TreeNode node, bool isBehind, in NodeEntry entry)
    {
        TreeNode fresh = nodes.Create(node.Level, node.Capacity);
        fresh.Insert(0, entry);
        Attach(nodes, node, fresh, isBehind);
        return new TreeCursor(fresh.Address, 0);
    }

    private static void MakeRoom(TreeNodes nodes, TreeNode node, ref TreeCursor place)
    {
        TreeNode parent = node.Parent;
        if (parent.IsNone || parent.Count == 1)
        {
            SplitInTwo(nodes, node, ref place);
            return;
        }
        int left = TreeNodes.EmptierPair(parent, parent.PositionOf(node));
        int pairCount = parent.ChildAt(left).Count + parent.ChildAt(left + 1).Count;
        if (pairCount - node.Count <= NodeSize.SharingCountMax(node.Level))
        {
            TreeNodes.Balance(parent, left, ref place);
        }
        else
        {
            SplitInThree(nodes, parent.ChildAt(left), parent.ChildAt(left + 1), ref place);
        }
    }

    private static void SplitInTwo(TreeNodes nodes, TreeNode node, ref TreeCursor place)
    {
        TreeNode fresh = nodes.Create(node.Level, node.Capacity);
        nodes.AddWeight(node, -TreeNodes.MoveRight(node, fresh, node.Count / 2, ref place));
        Attach(nodes, node, fresh, isBehind: true);
    }

    private static void SplitInThree(TreeNodes nodes, TreeNode left, TreeNode right, ref TreeCursor place)
    {
        TreeNode fresh = nodes.Create(left.Level, left.Capacity);
        nodes.AddWeight(left, -TreeNodes.MoveRight(left, fresh, left.Count / 3, ref place));
        nodes.AddWeight(right, -TreeNodes.MoveLeft(fresh, right, right.Count / 3, ref place));
        TreeNodes.RefreshSeparator(right);
        Attach(nodes, left, fresh, isBehind: true);
    }

    /// <summary>Makes a node that has its entries already a neighbour of one that is in the tree.</summary>
    private static void Attach(TreeNodes nodes, TreeNode node, TreeNode fresh, bool isBehind)
    {
        if (node.IsLeaf && isBehind)
        {
            nodes.Chain(fresh, node.Address, node.Header.Next);
        }
        else if (node.IsLeaf)
        {
            nodes.Chain(fresh, node.Header.Previous, node.Address);
        }
        if (node.Parent.IsNone)
        {
            TreeNode top = nodes.Create(node.Level + 1, NodeSize.SmallestCapacity);
            top.Insert(0, NodeEntry.Of(node));
            nodes.Root.Top = top.Address;
        }
        int position = node.Parent.PositionOf(node);
        Insert(nodes, new TreeCursor(node.Parent.Address, isBehind ? position + 1 : position), NodeEntry.Of(fresh));
    }
}
