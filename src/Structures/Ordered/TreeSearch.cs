using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Ordered;

/// <summary>Descents from the top: by key, by index, and back up from a cursor.</summary>
internal static class TreeSearch
{
    /// <summary>
    /// The place of the first entry that does not come before the key, which may be the end of a leaf. Only there, and not at the
    /// start of the next leaf, belongs an entry with this key.
    /// </summary>
    internal static TreeCursor PlaceOf<TKey>(TreeNode top, ref TKey key)
        where TKey : ITreeKey, allows ref struct
    {
        ulong prefix = key.Prefix;
        uint word = TreePrefix.WordOf(prefix);
        TreeNode node = top;
        while (!node.IsLeaf)
        {
            int before = CountBefore(node, ref key, word, prefix);
            node = node.ChildAt(before == 0 ? 0 : before - 1);
        }
        return new TreeCursor(node.Address, CountBefore(node, ref key, word, prefix));
    }

    /// <summary>The entry that holds the element with this index, which is there, and the element's index within the entry.</summary>
    internal static TreeCursor PlaceAt(TreeNode top, long index, out long within)
    {
        TreeNode node = top;
        while (!node.IsLeaf)
        {
            int child = 0;
            for (long weight = node.WeightAt(0); weight <= index; weight = node.WeightAt(child))
            {
                index -= weight;
                child++;
            }
            node = node.ChildAt(child);
        }
        if (!node.Header.IsWeighted)
        {
            within = 0;
            return new TreeCursor(node.Address, (int)index);
        }
        int entry = 0;
        for (uint weight = node.WordAt(0); weight <= index; weight = node.WordAt(entry))
        {
            index -= weight;
            entry++;
        }
        within = index;
        return new TreeCursor(node.Address, entry);
    }

    /// <summary>The weight of all entries before this one.</summary>
    internal static long WeightBefore(TreeCursor at)
    {
        var node = new TreeNode(at.Node);
        long weight = node.WeightOf(0, at.Index);
        for (TreeNode parent = node.Parent; !parent.IsNone; parent = node.Parent)
        {
            weight += parent.WeightOf(0, parent.PositionOf(node));
            node = parent;
        }
        return weight;
    }

    /// <summary>How many entries come before the key; those of an inner node stand for the first elements below them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountBefore<TKey>(TreeNode node, ref TKey key, uint word, ulong prefix)
        where TKey : ITreeKey, allows ref struct
    {
        int count = node.Count;
        int below = WordSums.CountBelow(node.Words, count, word);
        return below < count && node.WordAt(below) == word ? CountBeforeTied(node, ref key, word, prefix, below) : below;
    }

    /// <summary>As <see cref="CountBefore"/>, where the first entry that is not before the key by its word has the same word.</summary>
    private static int CountBeforeTied<TKey>(TreeNode node, ref TKey key, uint word, ulong prefix, int first)
        where TKey : ITreeKey, allows ref struct
    {
        uint tag = TreePrefix.TagOf(prefix);
        int low = first;
        int high = first + 1;
        if (high < node.Count && node.WordAt(high) == word)
        {
            high = node.WordAt(node.Count - 1) == word ? node.Count : WordSums.CountBelow(node.Words, node.Count, word + 1);
            low += WordSums.CountTagsBelow(node.PlaceOfLink(low), high - low, tag);
            if (low == high)
            {
                return low;
            }
        }
        uint other = node.LinkAt(low).Tag;
        if (other != tag)
        {
            return other < tag ? low + 1 : low;
        }
        if (high - low > 1)
        {
            high = node.LinkAt(low + 1).Tag != tag ? low + 1 : low + WordSums.CountTagsBelow(node.PlaceOfLink(low), high - low, tag + 1);
        }
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (key.CompareTo(FirstElementOf(node, middle)) > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private static ulong FirstElementOf(TreeNode node, int index)
    {
        ulong address = node.LinkAt(index).Address;
        for (int level = node.Level; level > 0; level--)
        {
            address = new TreeNode(address).LinkAt(0).Address;
        }
        return address;
    }
}
