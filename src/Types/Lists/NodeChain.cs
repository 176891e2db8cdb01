using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>
/// The nodes of a big list and its two ends: see <see cref="ListRoot"/> for the layout. What happens between the ends is done by
/// <see cref="NodeEditing"/>.
/// </summary>
internal readonly ref struct NodeChain
{
    private readonly ValueContext _context;
    private readonly ulong _address;
    private readonly ListSnapshot? _saving;

    /// <param name="context">What the values of the keyspace share.</param>
    /// <param name="root">The address of the list's <see cref="ListRoot"/>.</param>
    /// <param name="saving">To be told of changes, if a snapshot is still to have nodes.</param>
    public NodeChain(ValueContext context, ulong root, ListSnapshot? saving = null)
    {
        _saving = saving;
        _context = context;
        _address = root;
    }

    public Heap Heap => _context.Heap;

    public NodeLimit Limit => new(_context.Limits.ListNodeFill);

    public CountedTree<ListNodes> Tree => new(_context.Heap, _address + ListRoot.TreeOffset);

    private ref ListRoot Root => ref Native.At<ListRoot>(_address);

    public bool IsEmpty => Root.Head.Address == 0;

    public long Count => IsEmpty ? 0 : Listpack.Count(HeadPack) + Tree.Count + (HasTail ? Listpack.Count(TailPack) : 0);

    public long NodeCount => IsEmpty ? 0 : 1 + Tree.EntryCount + (HasTail ? 1 : 0);

    public NodePlace First => IsEmpty ? NodePlace.None : NodePlace.Head;

    public NodePlace Last => HasTail ? NodePlace.Tail : First;

    /// <summary>Where the head's listpack begins in its block.</summary>
    public int HeadStart => Root.HeadStart;

    /// <summary>A snapshot is still to have nodes, which must not be changed.</summary>
    public bool IsSaved => _saving is not null;

    private bool HasTail => Root.Tail.Address != 0;

    private BlockTail HeadNode => new(Heap, ref Root.Head, Root.HeadStart);

    private BlockTail TailNode => new(Heap, ref Root.Tail, 0);

    private Span<byte> HeadPack => PackFrom(HeadNode.Address);

    private Span<byte> TailPack => PackFrom(Root.Tail.Address);

    public NodePlace Next(scoped in NodePlace place)
    {
        if (place.Role == NodeRole.Tail)
        {
            return NodePlace.None;
        }
        TreeCursor cursor = place.Cursor;
        bool isInner = place.Role == NodeRole.Head ? Tree.EntryCount > 0 : Tree.Next(ref cursor);
        if (isInner)
        {
            return NodePlace.Inner(place.Role == NodeRole.Head ? Tree.First() : cursor);
        }
        return HasTail ? NodePlace.Tail : NodePlace.None;
    }

    public NodePlace Previous(scoped in NodePlace place)
    {
        if (place.Role == NodeRole.Head)
        {
            return NodePlace.None;
        }
        TreeCursor cursor = place.Cursor;
        bool isInner = Tree.EntryCount > 0 && Tree.Previous(ref cursor);
        return isInner ? NodePlace.Inner(cursor) : First;
    }

    /// <summary>The node with the element at this index, which there must be, and the element's index within.</summary>
    public NodePlace Find(long index, out int within)
    {
        Debug.Assert(index >= 0 && index < Count, "There is such an element.");
        int headCount = Listpack.Count(HeadPack);
        if (index < headCount)
        {
            within = (int)index;
            return NodePlace.Head;
        }
        index -= headCount;
        if (index < Tree.Count)
        {
            TreeCursor cursor = Tree.At(index, out long inner);
            within = (int)inner;
            return NodePlace.Inner(cursor);
        }
        within = (int)(index - Tree.Count);
        return NodePlace.Tail;
    }

    /// <summary>The node's bytes as something to edit. Whoever adds or removes elements calls <see cref="NoteCount"/>.</summary>
    public BlockTail Edit(scoped in NodePlace place)
    {
        _saving?.BeforeChange(place.Cursor, ref LinkAt(place));
        return NodeAt(place);
    }

    /// <summary>The word that owns the node's block.</summary>
    public ref Link LinkAt(scoped in NodePlace place)
    {
        switch (place.Role)
        {
            case NodeRole.Head:
                return ref Root.Head;
            case NodeRole.Tail:
                return ref Root.Tail;
            default:
                return ref Tree.LinkAt(place.Cursor);
        }
    }

    /// <summary>Puts a block into the tree before the one at the cursor, or behind all if that is none; the list owns it then.</summary>
    public TreeCursor InsertBefore(in TreeCursor at, ulong block, uint weight)
    {
        _saving?.BeforeReshaping(at.IsNone ? Tree.Last() : at);
        return Tree.InsertBefore(at, block, weight);
    }

    /// <summary>Takes a node out of the tree and frees it; the place behind it.</summary>
    public TreeCursor RemoveAt(in TreeCursor at)
    {
        Free(at, Tree.LinkAt(at));
        return TakeOut(at);
    }

    /// <summary>Puts a block with a listpack in the place of a node with as many elements.</summary>
    public void ReplaceNode(scoped in NodePlace place, ulong block)
    {
        ref Link link = ref LinkAt(place);
        Free(place.Cursor, link);
        link = new Link(block);
        if (place.Role == NodeRole.Head)
        {
            Root.HeadStart = 0;
        }
    }

    private BlockTail NodeAt(scoped in NodePlace place) => place.Role switch
    {
        NodeRole.Head => HeadNode,
        NodeRole.Tail => TailNode,
        _ => new BlockTail(Heap, ref Tree.LinkAt(place.Cursor), 0),
    };

    public Span<byte> PackAt(scoped in NodePlace place) => PackFrom(NodeAt(place).Address);

    /// <summary>The address of the node's block.</summary>
    public ulong BlockAt(scoped in NodePlace place) => place.Role switch
    {
        NodeRole.Head => Root.Head.Address,
        NodeRole.Tail => Root.Tail.Address,
        _ => Tree.EntryAt(place.Cursor),
    };

    /// <summary>Tells that a node has got more or fewer elements, but is not empty.</summary>
    public void NoteCount(scoped in NodePlace place)
    {
        if (place.Role == NodeRole.Inner)
        {
            Tree.SetWeight(place.Cursor, (uint)Listpack.Count(PackAt(place)));
        }
    }

    public void PushLeft(ReadOnlySpan<byte> text)
    {
        if (!IsEmpty && Allows(HeadPack, text.Length))
        {
            _saving?.BeforeChange(TreeCursor.None, ref Root.Head);
            int size = Listpack.EntrySizeOf(text);
            if (Root.HeadStart < size)
            {
                MakeRoomInHead(size, inFront: true);
            }
            Root.HeadStart -= size;
            ListpackEnds.WriteFirst(HeadNode.Bytes(size + Listpack.EmptySize), text);
            return;
        }
        StartHead(text);
    }

    public void PushRight(ReadOnlySpan<byte> text)
    {
        if (HasTail)
        {
            PushToTail(text);
        }
        else if (!IsEmpty && Allows(HeadPack, text.Length))
        {
            _saving?.BeforeChange(TreeCursor.None, ref Root.Head);
            int entrySize = Listpack.EntrySizeOf(text);
            if (Root.HeadStart + HeadPack.Length + entrySize > Heap.SizeOf(Root.Head.Address))
            {
                MakeRoomInHead(entrySize, inFront: false);
            }
            Listpack.Append(HeadNode, text);
        }
        else if (IsEmpty)
        {
            StartHead(text);
        }
        else
        {
            StartTail(text, HeadPack.Length);
        }
    }

    /// <summary>Removes elements from the left, as many as there are at most.</summary>
    public void DropLeft(long count)
    {
        while (count > 0 && !IsEmpty)
        {
            Span<byte> pack = HeadPack;
            int nodeCount = Listpack.Count(pack);
            if (count < nodeCount)
            {
                _saving?.BeforeChange(TreeCursor.None, ref Root.Head);
                Root.HeadStart += ListpackEnds.DropFirst(HeadPack, (int)count);
                return;
            }
            count -= nodeCount;
            Free(TreeCursor.None, Root.Head);
            TakeHead();
        }
    }

    /// <summary>Removes elements from the right, as many as there are at most.</summary>
    public void DropRight(long count)
    {
        while (count > 0 && !IsEmpty)
        {
            bool hasTail = HasTail;
            Span<byte> pack = hasTail ? TailPack : HeadPack;
            int nodeCount = Listpack.Count(pack);
            if (count < nodeCount)
            {
                _saving?.BeforeChange(TreeCursor.None, ref hasTail ? ref Root.Tail : ref Root.Head);
                ListpackEnds.DropLast(hasTail ? TailPack : HeadPack, (int)count);
                return;
            }
            count -= nodeCount;
            Free(TreeCursor.None, hasTail ? Root.Tail : Root.Head);
            if (hasTail)
            {
                TakeTail();
            }
            else
            {
                TakeHead();
            }
        }
    }

    /// <summary>Adds a block with a listpack behind all others; the list owns it from now on.</summary>
    public void AppendNode(ulong block)
    {
        if (IsEmpty)
        {
            Root.Head = new Link(block);
            Root.HeadStart = 0;
            return;
        }
        if (HasTail)
        {
            uint weight = (uint)Listpack.Count(TailPack);
            InsertBefore(TreeCursor.None, SettleTail(), weight);
        }
        Root.Tail = new Link(block);
    }

    /// <summary>Puts the nodes at the ends into the tree, for a change anywhere in the list; <see cref="TakeEnds"/> undoes it.</summary>
    public void SettleEnds()
    {
        if (!IsEmpty)
        {
            uint weight = (uint)Listpack.Count(HeadPack);
            InsertBefore(Tree.First(), SettleHead(), weight);
        }
        if (HasTail)
        {
            uint weight = (uint)Listpack.Count(TailPack);
            InsertBefore(TreeCursor.None, SettleTail(), weight);
        }
        Root.Head = default;
        Root.HeadStart = 0;
        Root.Tail = default;
    }

    public void TakeEnds()
    {
        TakeHead();
        if (Tree.EntryCount > 0)
        {
            TakeTail();
        }
    }

    /// <summary>A block of its own with the same listpack.</summary>
    public static ulong CopyOf(Heap heap, ReadOnlySpan<byte> pack)
    {
        ulong block = heap.Allocate(pack.Length);
        FreshPages.Copy(pack, Native.Bytes(block, pack.Length));
        return block;
    }

    private static Span<byte> PackFrom(ulong address) =>
        Native.Bytes(address, Listpack.SizeOf(Native.Bytes(address, Listpack.EmptySize)));

    private bool Allows(ReadOnlySpan<byte> pack, int textLength) => Limit.Allows(pack.Length, Listpack.Count(pack), textLength);

    /// <summary>Frees the block of a node that is being taken out: at the cursor, or outside the tree with none.</summary>
    private void Free(in TreeCursor at, Link node)
    {
        _saving?.BeforeFree(at, node);
        _context.Pinned.Free(node.Address);
    }

    /// <summary>Takes a node out of the tree, whose block is the caller's then; the place behind it.</summary>
    private TreeCursor TakeOut(in TreeCursor at)
    {
        _saving?.BeforeReshaping(at);
        return Tree.RemoveAt(at);
    }

    /// <summary>The head's block when it is about to leave its place: the listpack at its first byte, and no spare room.</summary>
    private ulong SettleHead()
    {
        _saving?.BeforeChange(TreeCursor.None, ref Root.Head);
        int size = HeadPack.Length;
        ulong block = Root.Head.Address;
        if (Root.HeadStart > 0)
        {
            Native.Copy(block + (uint)Root.HeadStart, block, size);
        }
        return Heap.Resize(block, size);
    }

    /// <summary>The tail's block when it is about to leave its place: no spare room.</summary>
    private ulong SettleTail()
    {
        _saving?.BeforeChange(TreeCursor.None, ref Root.Tail);
        return Heap.Resize(Root.Tail.Address, TailPack.Length);
    }

    private void StartHead(ReadOnlySpan<byte> text)
    {
        int neighbourSize = 0;
        if (!IsEmpty)
        {
            Span<byte> pack = HeadPack;
            neighbourSize = pack.Length;
            uint weight = (uint)Listpack.Count(pack);
            ulong settled = SettleHead();
            if (HasTail)
            {
                InsertBefore(Tree.First(), settled, weight);
            }
            else
            {
                Root.Tail = new Link(settled);
            }
        }
        int size = Listpack.EmptySize + Listpack.EntrySizeOf(text);
        Root.Head = new Link(NewNode(size, neighbourSize));
        Root.HeadStart = (int)Math.Min(Heap.SizeOf(Root.Head.Address), int.MaxValue) - size;
        Listpack.WriteEmpty(Native.Bytes(HeadNode.Address, Listpack.EmptySize));
        Listpack.Append(HeadNode, text);
    }

    private void StartTail(ReadOnlySpan<byte> text, int neighbourSize)
    {
        Root.Tail = new Link(NewNode(Listpack.EmptySize + Listpack.EntrySizeOf(text), neighbourSize));
        Listpack.WriteEmpty(Native.Bytes(Root.Tail.Address, Listpack.EmptySize));
        Listpack.Append(TailNode, text);
    }

    /// <summary>A block for a node that will probably become as big as its neighbour.</summary>
    private ulong NewNode(int size, int neighbourSize) => Heap.Allocate(Math.Max(size, Math.Min(neighbourSize, Limit.SizeMax)));

    /// <summary>The first node of those left becomes the head; none if none is left.</summary>
    private void TakeHead()
    {
        Root.HeadStart = 0;
        if (Tree.EntryCount > 0)
        {
            TreeCursor first = Tree.First();
            Root.Head = Tree.LinkAt(first);
            TakeOut(first);
        }
        else
        {
            Root.Head = Root.Tail;
            Root.Tail = default;
        }
    }

    /// <summary>The last node of the tree becomes the tail; none if the tree is empty.</summary>
    private void TakeTail()
    {
        Root.Tail = default;
        if (Tree.EntryCount > 0)
        {
            TreeCursor last = Tree.Last();
            Root.Tail = Tree.LinkAt(last);
            TakeOut(last);
        }
    }

    private void PushToTail(ReadOnlySpan<byte> text)
    {
        Span<byte> pack = TailPack;
        int size = pack.Length;
        int count = Listpack.Count(pack);
        if (!Limit.Allows(size, count, text.Length))
        {
            InsertBefore(TreeCursor.None, SettleTail(), (uint)count);
            StartTail(text, size);
            return;
        }
        _saving?.BeforeChange(TreeCursor.None, ref Root.Tail);
        long needed = size + ListpackEnds.EntrySizeMax(text.Length);
        long capacity = Heap.SizeOf(Root.Tail.Address);
        if (needed > capacity && needed < Limit.SizeMax)
        {
            Root.Tail.Address = Heap.Resize(Root.Tail.Address, Roomy(needed));
            capacity = Heap.SizeOf(Root.Tail.Address);
        }
        if (needed <= capacity)
        {
            ListpackEnds.WriteLast(TailNode.Bytes((int)needed), text);
        }
        else
        {
            Listpack.Append(TailNode, text);
        }
    }

    /// <summary>
    /// Moves the head's listpack within its block, or to a larger one, so that an entry has room beside it. All slack goes in front if
    /// another node is behind; else both ends are pushed to and share it.
    /// </summary>
    private void MakeRoomInHead(int entrySize, bool inFront)
    {
        ulong from = HeadNode.Address;
        int size = HeadPack.Length;
        ulong oldBlock = Root.Head.Address;
        ulong block = oldBlock;
        long needed = (long)size + entrySize;
        long wanted = Roomy(needed);
        if (wanted > Heap.SizeOf(oldBlock))
        {
            block = Heap.Allocate(wanted);
        }
        long slack = Heap.SizeOf(block) - size;
        long share = HasTail ? slack : slack / 2;
        long start = inFront ? Math.Max(share, entrySize) : Math.Min(share, slack - entrySize);
        Native.Copy(from, block + (ulong)start, size);
        if (block != oldBlock)
        {
            Heap.Free(oldBlock);
            Root.Head = new Link(block);
        }
        Root.HeadStart = (int)start;
    }

    /// <summary>Twice what is needed, but not beyond what a node may hold.</summary>
    private long Roomy(long needed) => Math.Max(needed, Math.Min(2 * needed, Limit.SizeMax));
}
