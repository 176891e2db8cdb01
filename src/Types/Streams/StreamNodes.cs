using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>Where a node of a stream stands: in the tree, or behind it.</summary>
internal readonly record struct NodePosition(TreeCursor Cursor, bool IsTail)
{
    public static NodePosition None => default;

    public static NodePosition Tail => new(TreeCursor.None, IsTail: true);

    public bool Exists => IsTail || !Cursor.IsNone;
}

/// <summary>
/// The nodes of a stream in order: see <see cref="StreamRoot"/> for the layout. The tail may have spare room behind its listpack, the nodes
/// in the tree have none. Whoever adds or removes entries keeps the root's counts.
/// </summary>
/// <param name="context">What the values of the keyspace share.</param>
/// <param name="root">The address of the stream's <see cref="StreamRoot"/>.</param>
/// <param name="saving">To be told of changes, if a snapshot is still to have nodes.</param>
internal readonly struct StreamNodes(ValueContext context, ulong root, StreamSnapshot? saving = null)
{
    internal ValueContext Context => context;

    internal Heap Heap => context.Heap;

    internal ref StreamRoot Root => ref Native.At<StreamRoot>(root);

    internal long Count => Tree.Count + (HasTail ? 1 : 0);

    internal bool HasTail => Root.Tail.Address != 0;

    internal CountedTree<IdBlocks> Tree => new(context.Heap, root + StreamRoot.NodesOffset);

    internal NodePosition First => Tree.Count > 0 ? InTree(Tree.First()) : Last;

    internal NodePosition Last => HasTail ? NodePosition.Tail : NodePosition.None;

    internal NodePosition Next(NodePosition position)
    {
        TreeCursor cursor = position.Cursor;
        if (position.IsTail)
        {
            return NodePosition.None;
        }
        return Tree.Next(ref cursor) ? InTree(cursor) : NodePosition.Tail;
    }

    internal NodePosition Previous(NodePosition position)
    {
        TreeCursor cursor = position.Cursor;
        bool exists = Tree.Count > 0 && Tree.Previous(ref cursor);
        return exists ? InTree(cursor) : NodePosition.None;
    }

    /// <summary>
    /// The last node that does not begin behind the ID, where its entry is if it is anywhere; else the first; none if there is no node.
    /// </summary>
    internal NodePosition Find(StreamId id)
    {
        if (!HasTail || Tree.Count == 0 || IdBlocks.IdOf(Root.Tail.Address) <= id)
        {
            return Last;
        }
        TreeCursor cursor = Tree.LowerBound(new IdKey(id));
        bool isItself = !cursor.IsNone && IdBlocks.IdOf(Tree.EntryAt(cursor)) == id;
        if (!isItself && !Tree.Previous(ref cursor))
        {
            cursor = Tree.First();
        }
        return InTree(cursor);
    }

    internal StreamNode NodeAt(NodePosition position)
    {
        ulong block = BlockAt(position);
        return new StreamNode(IdBlocks.IdOf(block), Listpack.Pack(PackAt(position)));
    }

    /// <summary>The node's listpack as something to edit.</summary>
    internal BlockTail Edit(NodePosition position)
    {
        saving?.BeforeChange(position.Cursor, ref position.IsTail ? ref Root.Tail : ref Tree.LinkAt(position.Cursor));
        return PackAt(position);
    }

    private BlockTail PackAt(NodePosition position) => position.IsTail
        ? new BlockTail(Heap, ref Root.Tail, StreamNode.HeaderSize)
        : new BlockTail(Heap, ref Tree.LinkAt(position.Cursor), StreamNode.HeaderSize);

    /// <summary>Takes a node out and frees it.</summary>
    internal void Remove(NodePosition position)
    {
        CountedTree<IdBlocks> tree = Tree;
        Free(position.Cursor, position.IsTail ? Root.Tail : Tree.LinkAt(position.Cursor));
        if (!position.IsTail)
        {
            saving?.BeforeReshaping(position.Cursor);
            tree.RemoveAt(position.Cursor);
            return;
        }
        Root.Tail = default;
        if (tree.Count > 0)
        {
            TreeCursor last = tree.Last();
            Root.Tail = new Link(tree.EntryAt(last));
            saving?.BeforeReshaping(last);
            tree.RemoveAt(last);
        }
    }

    /// <summary>A copy of this listpack becomes the tail.</summary>
    internal void AppendNode(StreamId masterId, ReadOnlySpan<byte> pack)
    {
        BeginTail(masterId, pack.Length);
        pack.CopyTo(Edit(NodePosition.Tail).Bytes(pack.Length));
    }

    /// <summary>A new block becomes the tail, with room for a listpack of so many bytes, which the caller writes.</summary>
    internal void BeginTail(StreamId masterId, long packSize)
    {
        SettleTail();
        ulong block = Heap.Allocate(StreamNode.HeaderSize + packSize);
        Native.At<StreamId>(block) = masterId;
        Root.Tail = new Link(block);
    }

    /// <summary>The heap bytes of the nodes and of their tree; beyond so many nodes estimated from these.</summary>
    internal long MemoryBytesOf(int measuredCountMax)
    {
        CountedTree<IdBlocks> tree = Tree;
        long measured = 0;
        long count = Math.Min(tree.Count, measuredCountMax);
        foreach (ulong block in tree.Forward(tree.First(), count))
        {
            measured += Heap.SizeOf(block);
        }
        long size = count == 0 ? 0 : (long)((double)measured / count * tree.Count);
        return size + tree.MemoryBytes + (HasTail ? Heap.SizeOf(Root.Tail.Address) : 0);
    }

    /// <summary>The tail, if there is one, goes into the tree without its spare room.</summary>
    private void SettleTail()
    {
        if (!HasTail)
        {
            return;
        }
        int size = Listpack.Pack(Edit(NodePosition.Tail)).Length;
        ulong block = Heap.Resize(Root.Tail.Address, StreamNode.HeaderSize + (long)size);
        Debug.Assert(Tree.Count == 0 || IdBlocks.IdOf(Tree.EntryAt(Tree.Last())) < IdBlocks.IdOf(block), "Nodes are in order.");
        saving?.BeforeReshaping(Tree.Last());
        Tree.Append(block);
        Root.Tail = default;
    }

    private void Free(TreeCursor at, Link node)
    {
        saving?.BeforeFree(at, node);
        context.Pinned.Free(node.Address);
    }

    private ulong BlockAt(NodePosition position) => position.IsTail ? Root.Tail.Address : Tree.EntryAt(position.Cursor);

    private static NodePosition InTree(TreeCursor cursor) => new(cursor, IsTail: false);
}
