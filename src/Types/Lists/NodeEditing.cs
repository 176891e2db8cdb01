using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>
/// Changes in the middle of a big list. What fits into the node where it belongs is done there; otherwise the ends are put into the tree,
/// which then is the whole list, a node is split or added, and the ends are taken out again.
/// </summary>
internal static class NodeEditing
{
    /// <summary>The index of the leftmost element that equals the text, or -1.</summary>
    public static long IndexOf(NodeChain chain, ReadOnlySpan<byte> text)
    {
        long index = 0;
        for (NodePlace place = chain.First; place.Exists; place = chain.Next(place))
        {
            ReadOnlySpan<byte> pack = chain.PackAt(place);
            int found = PackEditing.Find(pack, text);
            if (found != 0)
            {
                for (int offset = Listpack.First(pack); offset != found; offset = Listpack.Next(pack, offset))
                {
                    index++;
                }
                return index;
            }
            index += Listpack.Count(pack);
        }
        return -1;
    }

    /// <summary>Inserts an element so that it gets this index, at most the count.</summary>
    public static void Insert(NodeChain chain, long index, ReadOnlySpan<byte> text)
    {
        if (index == chain.Count)
        {
            chain.PushRight(text);
            return;
        }
        NodePlace place = chain.Find(index, out int within);
        Span<byte> pack = chain.PackAt(place);
        if (chain.Limit.Allows(pack.Length, Listpack.Count(pack), text.Length))
        {
            Listpack.Insert(chain.Edit(place), Listpack.Seek(pack, within), text);
            chain.NoteCount(place);
            return;
        }
        chain.SettleEnds();
        InsertInTree(chain, index, text);
        chain.TakeEnds();
    }

    /// <summary>Puts another element in the place of the one with this index.</summary>
    public static void Replace(NodeChain chain, long index, ReadOnlySpan<byte> text)
    {
        NodePlace place = chain.Find(index, out int within);
        Span<byte> pack = chain.PackAt(place);
        int count = Listpack.Count(pack);
        if (count == 1 && chain.IsSaved)
        {
            chain.ReplaceNode(place, NewNode(chain.Heap, text));
            return;
        }
        if (count == 1 || chain.Limit.Allows(pack.Length, count - 1, text.Length))
        {
            Listpack.Replace(chain.Edit(place), Listpack.Seek(pack, within), text);
            return;
        }
        chain.SettleEnds();
        TreeCursor cursor = chain.Tree.At(index, out long inner);
        RemoveFrom(chain, cursor, (int)inner);
        if (index == chain.Tree.Count)
        {
            chain.InsertBefore(TreeCursor.None, NewNode(chain.Heap, text), 1);
        }
        else
        {
            InsertInTree(chain, index, text);
        }
        chain.TakeEnds();
    }

    /// <summary>Removes up to so many elements that equal the text, beginning at one end; returns how many.</summary>
    public static long RemoveEqual(NodeChain chain, ReadOnlySpan<byte> text, long countMax, ListEnd from)
    {
        long removed = 0;
        chain.SettleEnds();
        CountedTree<ListNodes> tree = chain.Tree;
        TreeCursor cursor = from == ListEnd.Left ? tree.First() : tree.Last();
        while (!cursor.IsNone && removed < countMax)
        {
            ReadOnlySpan<byte> pack = chain.PackAt(NodePlace.Inner(cursor));
            int count = Listpack.Count(pack);
            int found = chain.IsSaved && PackEditing.Find(pack, text) == 0
                ? 0
                : PackEditing.RemoveEqual(chain.Edit(NodePlace.Inner(cursor)), text, countMax - removed, from);
            removed += found;
            if (found == count)
            {
                cursor = chain.RemoveAt(cursor);
                if (from == ListEnd.Right)
                {
                    tree.Previous(ref cursor);
                }
                continue;
            }
            if (found > 0)
            {
                tree.SetWeight(cursor, (uint)(count - found));
            }
            _ = from == ListEnd.Left ? tree.Next(ref cursor) : tree.Previous(ref cursor);
        }
        chain.TakeEnds();
        return removed;
    }

    private static void InsertInTree(NodeChain chain, long index, ReadOnlySpan<byte> text)
    {
        CountedTree<ListNodes> tree = chain.Tree;
        TreeCursor cursor = tree.At(index, out long inner);
        int within = (int)inner;
        if (within > 0)
        {
            if (TryInsertAt(chain, cursor, within, text))
            {
                return;
            }
            cursor = Split(chain, cursor, within);
        }
        TreeCursor before = cursor;
        if (tree.Previous(ref before) && TryInsertAt(chain, before, (int)tree.WeightOf(before), text))
        {
            return;
        }
        if (!TryInsertAt(chain, cursor, 0, text))
        {
            chain.InsertBefore(cursor, NewNode(chain.Heap, text), 1);
        }
    }

    private static bool TryInsertAt(NodeChain chain, in TreeCursor cursor, int within, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> pack = chain.PackAt(NodePlace.Inner(cursor));
        int count = Listpack.Count(pack);
        if (!chain.Limit.Allows(pack.Length, count, text.Length))
        {
            return false;
        }
        BlockTail node = chain.Edit(NodePlace.Inner(cursor));
        if (within == count)
        {
            Listpack.Append(node, text);
        }
        else
        {
            Listpack.Insert(node, Listpack.Seek(pack, within), text);
        }
        chain.Tree.SetWeight(cursor, (uint)(count + 1));
        return true;
    }

    /// <summary>Divides a node before this element; returns where the second half stands.</summary>
    private static TreeCursor Split(NodeChain chain, TreeCursor cursor, int within)
    {
        CountedTree<ListNodes> tree = chain.Tree;
        chain.Edit(NodePlace.Inner(cursor));
        ref Link link = ref tree.LinkAt(cursor);
        Span<byte> pack = chain.PackAt(NodePlace.Inner(cursor));
        int rightCount = Listpack.Count(pack) - within;
        int offset = Listpack.Seek(pack, within);
        int rightSize = ListpackEnds.SizeFrom(pack, offset);
        ulong right = chain.Heap.Allocate(rightSize);
        ListpackEnds.CopyFrom(pack, offset, rightCount, Native.Bytes(right, rightSize));
        ListpackEnds.DropLast(pack, rightCount);
        link.Address = chain.Heap.Resize(link.Address, Listpack.SizeOf(pack));
        tree.SetWeight(cursor, (uint)within);
        tree.Next(ref cursor);
        return chain.InsertBefore(cursor, right, (uint)rightCount);
    }

    private static void RemoveFrom(NodeChain chain, in TreeCursor cursor, int within)
    {
        CountedTree<ListNodes> tree = chain.Tree;
        uint weight = tree.WeightOf(cursor);
        if (weight == 1)
        {
            chain.RemoveAt(cursor);
            return;
        }
        BlockTail node = chain.Edit(NodePlace.Inner(cursor));
        Listpack.Remove(node, Listpack.Seek(Listpack.Pack(node), within), 1);
        tree.SetWeight(cursor, weight - 1);
    }

    private static ulong NewNode(Heap heap, ReadOnlySpan<byte> text)
    {
        int size = Listpack.EmptySize + Listpack.EntrySizeOf(text);
        ulong block = heap.Allocate(size);
        var link = new Link(block);
        Listpack.WriteEmpty(Native.Bytes(block, Listpack.EmptySize));
        Listpack.Append(new BlockTail(heap, ref link, 0), text);
        return link.Address;
    }
}
