using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;
using Bixbite.Types.Saving;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// A large sorted set: a root block with an index, which finds the element of a member, and a counted tree, which has the same elements
/// in their order. The root owns the elements' blocks.
/// <code>
///   0                        96                       96 + tree
///   +------------------------+------------------------+--------------------------------+
///   | index: see IndexRoot   | tree: see CountedTree  | bytes of all elements: 8 bytes |
///   +------------------------+------------------------+--------------------------------+
/// </code>
/// </summary>
internal readonly struct SortedSetRoot : ICollection
{
    private const int TreeOffset = IndexRoot.SizeOf;
    private const int ElementBytesOffset = TreeOffset + CountedTree<SortedSetElement>.RootSize;
    internal const int Size = ElementBytesOffset + sizeof(long);

    private readonly ValueContext _context;

    private readonly IndexSnapshot<SortedSetElement, ISortedSetSink>? _saving;

    internal SortedSetRoot(ValueContext context, ulong address, IndexSnapshot<SortedSetElement, ISortedSetSink>? saving = null)
    {
        _saving = saving;
        _context = context;
        Address = address;
    }

    internal ulong Address { get; }

    internal long Count => Index.Count;

    internal CountedTree<SortedSetElement> Tree => new(_context.Heap, Address + TreeOffset);

    internal HashIndex<SortedSetElement> Index => new(_context.Heap, Address, _context.Seed);

    private ref long ElementBytes => ref Native.At<long>(Address + ElementBytesOffset);

    public static long CountOf(ValueContext context, ulong root) => new SortedSetRoot(context, root).Count;

    public static long SizeOf(ValueContext context, ulong root)
    {
        var set = new SortedSetRoot(context, root);
        return context.Heap.SizeOf(root) + set.Index.MemoryBytes + set.Tree.MemoryBytes + set.ElementBytes;
    }

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        var source = new SortedSetRoot(context, root);
        SortedSetRoot copy = Create(context);
        var reader = new SortedSetReader(source.Tree, new RankRange(0, source.Count), isReversed: false);
        while (reader.MoveNext())
        {
            copy.Append(reader.Member, reader.Score);
        }
        return copy.Address;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax)
    {
        var set = new SortedSetRoot(context, root);
        if (set.Tree.ReleaseSome(countMax, static _ => { }) || set.Index.ReleaseSome(countMax, context.FreeBlock))
        {
            return true;
        }
        context.Heap.Free(root);
        return false;
    }

    /// <summary>First the tree with the elements, then the index.</summary>
    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        const int InIndex = 1;
        root = evacuation.Move(root);
        var set = new SortedSetRoot(context, root);
        if (cursor.Part != InIndex)
        {
            var mover = new ElementMover(set, evacuation);
            cursor.Position = (ulong)set.Tree.Relocate((long)cursor.Position, evacuation, ref mover);
            cursor.Part = cursor.Position == 0 ? InIndex : 0;
            return true;
        }
        cursor.Position = set.Index.RelocateAlone(cursor.Position, evacuation);
        return cursor.Position != 0;
    }

    /// <summary>An empty set, to be given to a slot.</summary>
    internal static SortedSetRoot Create(ValueContext context)
    {
        ulong root = context.Heap.Allocate(Size);
        IndexRoot.Initialize(context.Heap, root, context.NextIndexSeed());
        CountedTree<SortedSetElement>.Initialize(context.Heap, root + TreeOffset);
        var set = new SortedSetRoot(context, root);
        set.ElementBytes = 0;
        return set;
    }

    /// <summary>Adds an element behind all others: how a set is built from what is sorted already.</summary>
    internal void Append(ReadOnlySpan<byte> member, double score) => Tree.Append(AddUnordered(member, score), weight: 1);

    /// <summary>Adds an element to the index alone; whoever does so appends all elements to the tree in the end.</summary>
    internal ulong AddUnordered(ReadOnlySpan<byte> member, double score)
    {
        ulong element = Allocate(member, score);
        ulong hash = Index.HashOf(member);
        _saving?.BeforeChange(hash);
        Index.Insert(hash, element);
        return element;
    }

    /// <summary>The element with this member, or 0.</summary>
    internal ulong ElementOf(ReadOnlySpan<byte> member)
    {
        IndexPosition position = Find(member);
        return position.IsFound ? position.Link.Address : 0;
    }

    internal bool TryScoreOf(ReadOnlySpan<byte> member, out double score)
    {
        ulong element = ElementOf(member);
        score = element != 0 ? SortedSetElement.ScoreAt(element) : 0;
        return element != 0;
    }

    internal bool TryRankOf(ReadOnlySpan<byte> member, out long rank, out double score)
    {
        bool isFound = TryScoreOf(member, out score);
        rank = isFound ? Tree.IndexOf(Tree.LowerBound(new ElementKey(score, member))) : 0;
        return isFound;
    }

    internal AddOutcome Add(ReadOnlySpan<byte> member, double score, AddOptions options, out double newScore)
    {
        HashIndex<SortedSetElement> index = Index;
        ulong hash = index.HashOf(member);
        IndexPosition position = index.Find(hash, member);
        if (position.IsFound)
        {
            ulong found = position.Link.Address;
            AddOutcome outcome = Scores.Decide(SortedSetElement.ScoreAt(found), score, options, out newScore);
            if (outcome == AddOutcome.Updated)
            {
                _saving?.BeforeChange(hash);
                Rescore(found, newScore);
            }
            return outcome;
        }
        newScore = score;
        if ((options & AddOptions.OnlyPresent) != 0)
        {
            return AddOutcome.Refused;
        }
        _saving?.BeforeChange(hash);
        ulong element = Allocate(member, score);
        index.Insert(hash, element);
        Tree.Insert(new ElementKey(score, SortedSetElement.MemberAt(element)), element);
        return AddOutcome.Added;
    }

    internal bool Remove(ReadOnlySpan<byte> member)
    {
        IndexPosition position = Find(member);
        if (!position.IsFound)
        {
            return false;
        }
        _saving?.BeforeChange(position);
        ulong element = position.Link.Address;
        bool isInTree = Tree.TryRemove(new ElementKey(SortedSetElement.ScoreAt(element), member), out ulong removed);
        Debug.Assert(isInTree && removed == element, "Index and tree have the same elements.");
        Index.Remove(position);
        Free(element);
        return true;
    }

    internal void RemoveRange(RankRange range)
    {
        CountedTree<SortedSetElement> tree = Tree;
        var removal = new Removal(this);
        tree.RemoveRange(tree.At(range.Start, out _), range.Count, ref removal);
    }

    internal RankRange RangeOf(in ScoreRange range)
    {
        CountedTree<SortedSetElement> tree = Tree;
        return RankRange.Between(
            tree.IndexOf(tree.LowerBound(new ScoreKey(range.Min, isBehind: range.IsMinExclusive))),
            tree.IndexOf(tree.LowerBound(new ScoreKey(range.Max, isBehind: !range.IsMaxExclusive))));
    }

    internal RankRange RangeOf(in LexRange range) => RankRange.Between(
        RankAt(range.Min, isBehind: range.Min.IsExclusive),
        RankAt(range.Max, isBehind: !range.Max.IsExclusive));

    internal ulong Scan<TVisitor>(ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, ISortedSetVisitor, allows ref struct
    {
        var elements = new ElementVisitor<TVisitor>(visitor);
        ulong next = Index.Scan(cursor, countHint, ref elements);
        visitor = elements.Visitor;
        return next;
    }

    /// <summary>Checks that index and tree have the same elements, in order; throws where they have not.</summary>
    internal void Verify()
    {
        Invariant.Require(Index.Count == Tree.Count, "index and tree have different counts");
        long bytes = 0;
        var reader = new SortedSetReader(Tree, new RankRange(0, Count), isReversed: false);
        while (reader.MoveNext())
        {
            ulong element = ElementOf(reader.Member);
            Invariant.Require(element != 0, "an element of the tree is not in the index");
            bytes += _context.Heap.SizeOf(element);
        }
        Invariant.Require(bytes == ElementBytes, "the elements' bytes are counted wrong");
    }

    private IndexPosition Find(ReadOnlySpan<byte> member)
    {
        HashIndex<SortedSetElement> index = Index;
        return index.Find(index.HashOf(member), member);
    }

    /// <summary>Gives an element another score; in the tree it stays where it is if its neighbours allow it.</summary>
    private void Rescore(ulong element, double score)
    {
        CountedTree<SortedSetElement> tree = Tree;
        ReadOnlySpan<byte> member = SortedSetElement.MemberAt(element);
        TreeCursor at = tree.LowerBound(new ElementKey(SortedSetElement.ScoreAt(element), member));
        Debug.Assert(tree.EntryAt(at) == element, "Index and tree have the same elements.");
        var key = new ElementKey(score, member);
        if (!tree.TryRekey(at, key))
        {
            tree.RemoveAt(at);
            SortedSetElement.ScoreAt(element) = score;
            tree.Insert(key, element);
        }
        SortedSetElement.ScoreAt(element) = score;
    }

    private long RankAt(in LexBound bound, bool isBehind)
    {
        if (bound.IsInfinite || Count == 0)
        {
            return bound.CompareTo(default) < 0 ? 0 : Count;
        }
        CountedTree<SortedSetElement> tree = Tree;
        double score = SortedSetElement.ScoreAt(tree.EntryAt(tree.First()));
        return tree.IndexOf(tree.LowerBound(new LexKey(score, bound.Member, isBehind)));
    }

    private ulong Allocate(ReadOnlySpan<byte> member, double score)
    {
        ulong element = SortedSetElement.Allocate(_context.Heap, member, score);
        ElementBytes += _context.Heap.SizeOf(element);
        return element;
    }

    private void Free(ulong element)
    {
        ElementBytes -= _context.Heap.SizeOf(element);
        _context.Pinned.Free(element);
    }

    /// <summary>Moves the elements that the tree comes to, and notes it in the index.</summary>
    private readonly struct ElementMover(SortedSetRoot set, Evacuation evacuation) : IEntryMover
    {
        public ulong Move(ulong entry)
        {
            if (!evacuation.Wants(entry))
            {
                return entry;
            }
            IndexPosition position = set.Find(SortedSetElement.MemberAt(entry));
            Debug.Assert(position.IsFound && position.Link.Address == entry, "Index and tree have the same elements.");
            ulong moved = evacuation.Move(entry, ref set.ElementBytes);
            position.Link.Address = moved;
            return moved;
        }
    }

    /// <summary>Removes from the index, and frees, what the tree no longer has.</summary>
    private readonly struct Removal(SortedSetRoot set) : IEntryVisitor
    {
        public void Visit(ulong entry)
        {
            IndexPosition position = set.Find(SortedSetElement.MemberAt(entry));
            set._saving?.BeforeChange(position);
            set.Index.Remove(position);
            set.Free(entry);
        }
    }

    private ref struct ElementVisitor<TVisitor>(TVisitor visitor) : IEntryVisitor
        where TVisitor : struct, ISortedSetVisitor, allows ref struct
    {
        public TVisitor Visitor = visitor;

        public void Visit(ulong entry) => Visitor.Visit(SortedSetElement.MemberAt(entry), SortedSetElement.ScoreAt(entry));
    }
}
