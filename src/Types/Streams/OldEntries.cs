using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>Copies of pending entries as they were when a snapshot began, by ID; a tree in the snapshot's memory.</summary>
internal sealed class OldEntries
{
    private readonly Heap _aside;
    private readonly ulong _root;

    public OldEntries(Heap aside)
    {
        _aside = aside;
        _root = aside.Allocate(TreeRoot.SizeOf);
        CountedTree<IdBlocks>.Initialize(aside, _root);
    }

    public bool IsEmpty => Tree.Count == 0;

    private PendingTree Tree => new(_aside, _root);

    public bool Contains(StreamId id) => !IsEmpty && Tree.Find(id) != 0;

    public void Add(ulong copy) => Tree.Add(copy);

    public TreeWalk WalkFrom(StreamId id) => Tree.WalkFrom(id);

    /// <summary>Frees the tree, and the copies where they are this one's.</summary>
    public void Free(bool withCopies)
    {
        var release = new Release(withCopies ? _aside : null);
        int left = int.MaxValue;
        while (Tree.ReleaseSome(ref left, ref release))
        {
            left = int.MaxValue;
        }
        _aside.Free(_root);
    }

    private readonly struct Release(Heap? heap) : IEntryVisitor
    {
        public void Visit(ulong entry) => heap?.Free(entry);
    }
}
