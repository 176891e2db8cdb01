using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// Elements in order, found by key, by index and by neighbourhood: a B+tree whose inner nodes know how much weighs what is below them.
/// <code>
///   TreeRoot --> inner node:  word, tag and address of each child, weight below it
///                  |    |
///         +--------+    +---+
///       leaf  &lt;---->  leaf  &lt;---->  ...      word, tag and address of each element (the caller's), up to 104
/// </code>
/// In an <b>ordered</b> tree (sorted sets) word and tag are the first 51 bits of the key: a search compares words, eight at a time, and
/// reads an element only where all 51 bits are equal. Every entry weighs 1, so an index is a rank. In a <b>weighted</b> tree
/// (lists) entries stand where they are put, the word is the entry's weight, and the tag is the caller's.
/// <para>
/// The tree owns its nodes and never the elements: who removes an entry frees its element. An element that moves gets its new address
/// written to <see cref="LinkAt"/>; nobody else has it. One owner at a time. A cursor is good until the next insertion or
/// removal. See docs/formats/counted-tree.md.
/// </para>
/// </summary>
/// <typeparam name="TEntries">How to read the elements.</typeparam>
/// <param name="heap">Where the tree lives.</param>
/// <param name="root">The address of its <see cref="TreeRoot"/>, made by <see cref="Initialize"/>.</param>
public readonly struct CountedTree<TEntries>(Heap heap, ulong root)
    where TEntries : struct, ITreeEntries
{
    public const int RootSize = TreeRoot.SizeOf;

    private readonly TreeNodes _nodes = new(heap, root);

    /// <summary>The sum of all weights: the number of elements.</summary>
    public long Count => _nodes.Root.Count;

    public long EntryCount => _nodes.Root.EntryCount;

    /// <summary>Exactly the heap bytes that the tree holds, without its root.</summary>
    public long MemoryBytes => _nodes.Root.MemoryBytes;

    /// <summary>The elements as they stand now, for reading them while the tree changes; takes no time, whatever its size.</summary>
    public TreeImage NewImage() => new(_nodes.Top);

    /// <summary>Makes an empty tree in the <see cref="RootSize"/> bytes at this address.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "The entries say what kind of tree it is.")]
    public static void Initialize(Heap heap, ulong root)
    {
        ArgumentNullException.ThrowIfNull(heap);
        Native.At<TreeRoot>(root) = new TreeRoot { IsWeighted = TEntries.IsWeighted };
    }

    public TreeCursor First() => new(_nodes.Root.FirstLeaf, 0);

    public TreeCursor Last()
    {
        ulong leaf = _nodes.Root.LastLeaf;
        return leaf == 0 ? default : new TreeCursor(leaf, new TreeNode(leaf).Count - 1);
    }

    /// <summary>Goes to the next entry; false behind the last one, with a cursor that is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next(ref TreeCursor cursor)
    {
        Debug.Assert(!cursor.IsNone, "There is nothing behind the end.");
        var leaf = new TreeNode(cursor.Node);
        cursor = cursor.Index + 1 < leaf.Count ? new TreeCursor(cursor.Node, cursor.Index + 1) : new TreeCursor(leaf.Header.Next, 0);
        return !cursor.IsNone;
    }

    /// <summary>
    /// Goes to the entry before; false before the first one, with a cursor that is none. From none, the place behind the last entry, it
    /// goes to the last one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Previous(ref TreeCursor cursor)
    {
        if (cursor.Index > 0)
        {
            cursor = new TreeCursor(cursor.Node, cursor.Index - 1);
            return true;
        }
        ulong leaf = cursor.IsNone ? _nodes.Root.LastLeaf : new TreeNode(cursor.Node).Header.Previous;
        cursor = leaf == 0 ? default : new TreeCursor(leaf, new TreeNode(leaf).Count - 1);
        return leaf != 0;
    }

    /// <summary>So many entries from this one on, in order, each asked for some steps before its turn.</summary>
    public TreeWalk Forward(scoped in TreeCursor from, long countMax) => new(from, countMax, isBackward: false);

    /// <summary>So many entries from this one on, backwards. None, the place behind the last entry, yields nothing.</summary>
    public TreeWalk Backward(scoped in TreeCursor from, long countMax) => new(from, countMax, isBackward: true);

    /// <summary>Asks for the cache lines of so many elements from the cursor on, within the entry's leaf.</summary>
    public void PrefetchFrom(in TreeCursor cursor, int count)
    {
        if (cursor.IsNone)
        {
            return;
        }
        var leaf = new TreeNode(cursor.Node);
        int end = Math.Min(leaf.Count, cursor.Index + count);
        for (int i = cursor.Index; i < end; i++)
        {
            Native.Prefetch(leaf.LinkAt(i).Address);
        }
    }

    /// <summary>Asks for the cache lines of so many elements from the cursor on backwards, within the entry's leaf.</summary>
    public void PrefetchBackFrom(in TreeCursor cursor, int count)
    {
        if (cursor.IsNone)
        {
            return;
        }
        var leaf = new TreeNode(cursor.Node);
        int end = Math.Max(-1, cursor.Index - count);
        for (int i = cursor.Index; i > end; i--)
        {
            Native.Prefetch(leaf.LinkAt(i).Address);
        }
    }

    /// <summary>The first entry that does not come before the key; none if all do. Ordered trees only.</summary>
    public TreeCursor LowerBound<TKey>(in TKey key)
        where TKey : ITreeKey, allows ref struct
    {
        Debug.Assert(!TEntries.IsWeighted, "A weighted tree has no order.");
        TreeNode top = _nodes.Top;
        if (top.IsNone)
        {
            return default;
        }
        TKey sought = key;
        return Normalized(TreeSearch.PlaceOf(top, ref sought));
    }

    /// <summary>The entry that holds the element with this index, and the index within its weight; none if there is no such.</summary>
    public TreeCursor At(long index, out long within)
    {
        within = 0;
        return (ulong)index >= (ulong)Count ? default : TreeSearch.PlaceAt(_nodes.Top, index, out within);
    }

    /// <summary>The weight before the entry, thus the index of its first element, or a rank. For none, the weight of all.</summary>
    public long IndexOf(in TreeCursor cursor) => cursor.IsNone ? Count : TreeSearch.WeightBefore(cursor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong EntryAt(in TreeCursor cursor) => LinkAt(cursor).Address;

    /// <summary>The word that owns the element: who moves it writes its address here. In an ordered tree the tag stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Link LinkAt(scoped in TreeCursor cursor)
    {
        Debug.Assert((uint)cursor.Index < (uint)new TreeNode(cursor.Node).Count, "The cursor is at an entry.");
        return ref new TreeNode(cursor.Node).LinkAt(cursor.Index);
    }

    public uint WeightOf(in TreeCursor cursor) => TEntries.IsWeighted ? new TreeNode(cursor.Node).WordAt(cursor.Index) : 1;

    /// <summary>Notes that an entry got more or fewer elements. Weighted trees only.</summary>
    public void SetWeight(in TreeCursor cursor, uint weight)
    {
        Debug.Assert(TEntries.IsWeighted, "The entries of an ordered tree weigh 1.");
        var leaf = new TreeNode(cursor.Node);
        ref uint word = ref leaf.WordAt(cursor.Index);
        _nodes.AddWeight(leaf, (long)weight - word);
        word = weight;
    }

    /// <summary>Adds an entry whose key is not there. Ordered trees only.</summary>
    public void Insert<TKey>(in TKey key, ulong entry)
        where TKey : ITreeKey, allows ref struct
    {
        Debug.Assert(!TEntries.IsWeighted && key.Prefix == TEntries.PrefixOf(entry), "The key is the element's.");
        NodeEntry added = EntryOf(entry, key.Prefix);
        if (IsBehindAll(added))
        {
            Append(added);
            return;
        }
        TKey sought = key;
        TreeInsertion.Insert(_nodes, TreeSearch.PlaceOf(_nodes.Top, ref sought), added);
        _nodes.Root.EntryCount++;
    }

    /// <summary>Takes out the entry with this key, if there is one; the caller frees the element. Ordered trees only.</summary>
    public bool TryRemove<TKey>(in TKey key, out ulong entry)
        where TKey : ITreeKey, allows ref struct
    {
        entry = 0;
        TreeCursor at = LowerBound(key);
        if (at.IsNone)
        {
            return false;
        }
        var leaf = new TreeNode(at.Node);
        Link link = leaf.LinkAt(at.Index);
        ulong prefix = key.Prefix;
        bool isPrefixEqual = leaf.WordAt(at.Index) == TreePrefix.WordOf(prefix) && link.Tag == TreePrefix.TagOf(prefix);
        if (!isPrefixEqual || key.CompareTo(link.Address) != 0)
        {
            return false;
        }
        entry = link.Address;
        RemoveAt(at);
        return true;
    }

    /// <summary>
    /// Notes that the element at the cursor is about to get another key, if it may stay where it is: the key still comes behind the element
    /// before and before the one behind. False if not; then nothing has changed. Ordered trees only.
    /// </summary>
    public bool TryRekey<TKey>(in TreeCursor at, in TKey key)
        where TKey : ITreeKey, allows ref struct
    {
        Debug.Assert(!TEntries.IsWeighted, "A weighted tree has no keys.");
        TKey changed = key;
        TreeCursor next = at;
        TreeCursor previous = at;
        if ((Next(ref next) && !IsBefore(ref changed, next)) || (Previous(ref previous) && IsBefore(ref changed, previous)))
        {
            return false;
        }
        var leaf = new TreeNode(at.Node);
        NodeEntry entry = EntryOf(leaf.LinkAt(at.Index).Address, key.Prefix);
        leaf.WordAt(at.Index) = entry.Word;
        leaf.LinkAt(at.Index) = entry.Link;
        if (at.Index == 0)
        {
            TreeNodes.RefreshSeparator(leaf);
        }
        return true;
    }

    /// <summary>
    /// Adds an entry before the one at the cursor, or behind all for none, and returns where it stands. In an ordered tree it must
    /// belong there, and its weight is 1.
    /// </summary>
    public TreeCursor InsertBefore(in TreeCursor at, ulong entry, uint weight)
    {
        NodeEntry added = TEntries.IsWeighted ? new NodeEntry(weight, new Link(entry), weight) : EntryOf(entry, TEntries.PrefixOf(entry));
        if (at.IsNone)
        {
            return Append(added);
        }
        _nodes.Root.EntryCount++;
        return TreeInsertion.Insert(_nodes, at, added);
    }

    /// <summary>Adds an entry behind all others. Leaves that fill this way stay full.</summary>
    public TreeCursor Append(ulong entry, uint weight = 1) => InsertBefore(TreeCursor.None, entry, weight);

    /// <summary>Takes an entry out and returns the one behind it; the caller frees the element.</summary>
    public TreeCursor RemoveAt(in TreeCursor at)
    {
        Debug.Assert(!at.IsNone, "There is an entry.");
        TreeCursor following = TreeRemoval.Remove(_nodes, at, 1);
        _nodes.Root.EntryCount--;
        _nodes.TrimTop(ref following);
        return Normalized(following);
    }

    /// <summary>Takes out the entries with these indices and hands each to the caller, who frees its element. Ordered trees only.</summary>
    public void RemoveRange(long index, long count, Action<ulong> release)
    {
        Debug.Assert(!TEntries.IsWeighted, "In a weighted tree an index may be amid an entry.");
        var visitor = new DelegateVisitor(release);
        RemoveRange(At(index, out _), count, ref visitor);
    }

    /// <summary>
    /// Takes out so many entries from the cursor on, or as many as there are, hands each to the visitor, who frees its element, and
    /// returns the one behind them. Takes as long as finding them and visiting each.
    /// </summary>
    public TreeCursor RemoveRange<TVisitor>(in TreeCursor from, long entryCount, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        TreeCursor at = from;
        while (entryCount > 0 && !at.IsNone)
        {
            var leaf = new TreeNode(at.Node);
            int count = (int)Math.Min(entryCount, leaf.Count - at.Index);
            TreeRelease.Visit(leaf, at.Index, count, ref visitor);
            at = Normalized(TreeRemoval.Remove(_nodes, at, count));
            _nodes.Root.EntryCount -= count;
            entryCount -= count;
        }
        _nodes.TrimTop(ref at);
        return at;
    }

    /// <summary>
    /// Gives up the tree, in slices: hands up to <paramref name="countMax"/> entries to the caller, who frees their elements, and frees
    /// the nodes that held them. Returns whether any are left. After the first call nothing else may be called but this and
    /// <see cref="Count"/> until nothing is left: then the tree is empty. The root's bytes stay the owner's.
    /// </summary>
    public bool ReleaseSome(int countMax, Action<ulong> release)
    {
        var visitor = new DelegateVisitor(release);
        return ReleaseSome(countMax, ref visitor);
    }

    /// <inheritdoc cref="ReleaseSome(int, Action{ulong})"/>
    public bool ReleaseSome<TVisitor>(int countMax, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        TreeRelease.Some(_nodes, countMax, ref visitor);
        return _nodes.Root.FirstLeaf != 0;
    }

    /// <summary>
    /// Moves nodes off slabs that are to be emptied, and lets the caller move the elements, from the one with this index on, until the
    /// evacuation says that it is enough. Returns the index at which to go on, 0 at the end: an entry that others are put before meanwhile
    /// is looked at again, one that comes forward is not.
    /// </summary>
    public long Relocate<TMover>(long index, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover, allows ref struct
    {
        TreeCursor at = At(index, out long within);
        index -= within;
        while (!at.IsNone)
        {
            TreeNode leaf = TreeRelocation.MoveLeaf(_nodes, new TreeNode(at.Node), evacuation);
            int end = TreeRelocation.MoveElements(leaf, at.Index, evacuation, ref mover);
            index += leaf.WeightOf(at.Index, end - at.Index);
            if (evacuation.IsEnough)
            {
                break;
            }
            at = Normalized(new TreeCursor(leaf.Address, end));
        }
        return index < Count ? index : 0;
    }

    /// <summary>As <see cref="Relocate"/>, but the elements stay.</summary>
    public long RelocateAlone(long index, Evacuation evacuation)
    {
        TreeCursor at = At(index, out long within);
        index -= within;
        while (!at.IsNone && !evacuation.IsEnough)
        {
            TreeNode leaf = TreeRelocation.MoveLeaf(_nodes, new TreeNode(at.Node), evacuation);
            index += leaf.WeightOf(at.Index, leaf.Count - at.Index);
            at = new TreeCursor(leaf.Header.Next, 0);
        }
        return index < Count ? index : 0;
    }

    /// <summary>Checks every count, weight, separator, link and size; throws where one is wrong.</summary>
    internal void Verify() => TreeVerifier<TEntries>.Verify(_nodes);

    /// <summary>Whether the prefix alone says so, as for what comes with the time: it then need not be sought.</summary>
    private bool IsBehindAll(in NodeEntry entry)
    {
        var leaf = new TreeNode(_nodes.Root.LastLeaf);
        if (leaf.IsNone)
        {
            return true;
        }
        int last = leaf.Count - 1;
        uint word = leaf.WordAt(last);
        return word == entry.Word ? leaf.LinkAt(last).Tag < entry.Link.Tag : word < entry.Word;
    }

    private TreeCursor Append(in NodeEntry entry)
    {
        _nodes.Root.EntryCount++;
        ulong last = _nodes.Root.LastLeaf;
        return last == 0
            ? TreeInsertion.Begin(_nodes, entry)
            : TreeInsertion.Insert(_nodes, new TreeCursor(last, new TreeNode(last).Count), entry);
    }

    /// <summary>Whether the key comes before the entry; it is nobody's.</summary>
    private static bool IsBefore<TKey>(ref TKey key, in TreeCursor at)
        where TKey : ITreeKey, allows ref struct
    {
        var leaf = new TreeNode(at.Node);
        Link link = leaf.LinkAt(at.Index);
        ulong prefix = key.Prefix;
        ulong other = TreePrefix.Of(leaf.WordAt(at.Index), link.Tag);
        return prefix == other ? key.CompareTo(link.Address) < 0 : prefix < other;
    }

    private static NodeEntry EntryOf(ulong entry, ulong prefix) =>
        new(TreePrefix.WordOf(prefix), new Link(entry, TreePrefix.TagOf(prefix)), 1);

    private static TreeCursor Normalized(TreeCursor place)
    {
        if (place.IsNone)
        {
            return place;
        }
        var leaf = new TreeNode(place.Node);
        return place.Index < leaf.Count ? place : new TreeCursor(leaf.Header.Next, 0);
    }

    private readonly struct DelegateVisitor(Action<ulong> visit) : IEntryVisitor
    {
        public void Visit(ulong entry) => visit(entry);
    }
}
