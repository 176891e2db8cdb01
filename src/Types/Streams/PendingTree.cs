using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>The pending entries of a group or of a consumer in the order of their IDs.</summary>
internal readonly struct PendingTree(Heap heap, ulong root)
{
    private readonly CountedTree<IdBlocks> _tree = new(heap, root);

    internal long Count => _tree.Count;

    /// <summary>The heap bytes of the tree.</summary>
    internal long MemoryBytes => _tree.MemoryBytes;

    internal StreamId FirstId => Count == 0 ? StreamId.Min : IdBlocks.IdOf(_tree.EntryAt(_tree.First()));

    internal StreamId LastId => Count == 0 ? StreamId.Min : IdBlocks.IdOf(_tree.EntryAt(_tree.Last()));

    /// <summary>The entry with this ID; 0 if there is none.</summary>
    internal ulong Find(StreamId id)
    {
        ulong block = FindFrom(id);
        return block != 0 && IdBlocks.IdOf(block) == id ? block : 0;
    }

    /// <summary>The first entry with this ID or a greater one; 0 if there is none.</summary>
    internal ulong FindFrom(StreamId id)
    {
        TreeCursor at = _tree.LowerBound(new IdKey(id));
        return at.IsNone ? 0 : _tree.EntryAt(at);
    }

    internal void Add(ulong block) => _tree.Insert(new IdKey(IdBlocks.IdOf(block)), block);

    internal void Remove(ulong block)
    {
        bool isRemoved = _tree.TryRemove(new IdKey(IdBlocks.IdOf(block)), out ulong removed);
        Debug.Assert(isRemoved && removed == block, "The entry is in the tree.");
    }

    /// <summary>The word of the tree that leads to the block.</summary>
    internal ref Link LinkOf(ulong block)
    {
        TreeCursor at = _tree.LowerBound(new IdKey(IdBlocks.IdOf(block)));
        Debug.Assert(!at.IsNone && _tree.EntryAt(at) == block, "The entry is in the tree.");
        return ref _tree.LinkAt(at);
    }

    /// <inheritdoc cref="CountedTree{TEntries}.Relocate"/>
    internal long Relocate<TMover>(long rank, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover => _tree.Relocate(rank, evacuation, ref mover);

    /// <inheritdoc cref="CountedTree{TEntries}.RelocateAlone"/>
    internal long RelocateAlone(long rank, Evacuation evacuation) => _tree.RelocateAlone(rank, evacuation);

    internal TreeWalk Walk() => _tree.Forward(_tree.First(), _tree.Count);

    /// <summary>The entries from this ID on.</summary>
    internal TreeWalk WalkFrom(StreamId id) => _tree.Forward(_tree.LowerBound(new IdKey(id)), _tree.Count);

    /// <summary>
    /// Gives up entries, as many as are <paramref name="left"/>, and subtracts them; false when nothing is left of the tree.
    /// </summary>
    internal bool ReleaseSome<TVisitor>(ref int left, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor
    {
        long before = _tree.Count;
        bool isLeft = _tree.ReleaseSome(left, ref visitor);
        left -= (int)(before - _tree.Count);
        return isLeft;
    }
}
