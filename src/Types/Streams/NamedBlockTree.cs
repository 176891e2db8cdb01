using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>The groups of a stream or the consumers of a group: a tree of named blocks. It does not own them.</summary>
internal readonly struct NamedBlockTree(ValueContext context, ulong root)
{
    private readonly CountedTree<NamedBlock> _tree = new(context.Heap, root);

    internal long Count => _tree.Count;

    /// <summary>The heap bytes of the tree.</summary>
    internal long MemoryBytes => _tree.MemoryBytes;

    /// <summary>The block with the first name; 0 if there is none.</summary>
    internal ulong First => _tree.Count == 0 ? 0 : _tree.EntryAt(_tree.First());

    internal static ReadOnlySpan<byte> NameOf(ulong block) => NamedBlock.NameOf(block);

    /// <summary>The block with this name; 0 if there is none.</summary>
    internal ulong Find(ReadOnlySpan<byte> name)
    {
        TreeCursor at = _tree.LowerBound(new NameKey(name));
        ulong block = at.IsNone ? 0 : _tree.EntryAt(at);
        return block != 0 && NameOf(block).SequenceEqual(name) ? block : 0;
    }

    internal void Add(ulong block) => _tree.Insert(new NameKey(NameOf(block)), block);

    internal void Remove(ulong block)
    {
        bool isRemoved = _tree.TryRemove(new NameKey(NameOf(block)), out ulong removed);
        Debug.Assert(isRemoved && removed == block, "The block is in the tree.");
    }

    /// <summary>Takes out the first block, which may be freed already.</summary>
    internal void RemoveFirst() => _tree.RemoveAt(_tree.First());

    /// <summary>The block with so many before it; 0 if there are not as many.</summary>
    internal ulong At(long rank) => rank < _tree.Count ? _tree.EntryAt(_tree.At(rank, out _)) : 0;

    /// <inheritdoc cref="CountedTree{TEntries}.Relocate"/>
    internal long Relocate<TMover>(long rank, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover => _tree.Relocate(rank, evacuation, ref mover);

    internal TreeWalk Walk() => _tree.Forward(_tree.First(), _tree.Count);
}
