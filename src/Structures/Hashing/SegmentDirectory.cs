using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// The directory of an extendible hash table: the first <c>Depth</c> bits of a hash choose one of <c>2^Depth</c> words, and the word leads
/// to the segment. A segment of a smaller depth has several words in a row.
/// <code>
///   Depth 2      00 ----> segment "00"   depth 2
///                01 ----> node -+-> segment "010"   depth 3
///                               +-> node -+-> segment "0110"   depth 4
///                                         +-> segment "0111"   depth 4
///                10 --+-> segment "1"    depth 1
///                11 --+
/// </code>
/// The words stay in proportion to the segments. Where hashes are so uneven that segments must be deeper than that allows, as when keys
/// come in the order of their hashes, nodes of two words continue the directory as a binary trie, and become words once there are
/// segments enough. So any order of any keys costs a constant factor; keys that arrive in no order never make a node.
/// It owns the segments with their lanes, and knows nothing of keys. Beside it stand the <see cref="SegmentTable"/> and the
/// <see cref="DueTable"/>. The struct is a view: its state is the <see cref="IndexRoot"/>.
/// </summary>
internal readonly struct SegmentDirectory
{
    /// <summary>The most bits of a prefix: its end must be one for a scan's cursor, and the place takes the last bits of a hash.</summary>
    internal const int DepthMax = 64 - Bucket.PlaceBits;

    /// <summary>The most bits that words are chosen by.</summary>
    private const int WordDepthMax = 28;

    /// <summary>At most so many words for a segment; the directory halves when there are four times more.</summary>
    private const int WordsPerSegmentMax = 16;

    private const int NodeSize = 2 * sizeof(ulong);

    /// <summary>How many segments <see cref="EvacuateSome"/> looks at, and how many it moves at most.</summary>
    private const int LookedAtMax = 8;
    private const int MovedMax = 2;

    private readonly Heap _heap;
    private readonly ulong _root;

    /// <summary>The directory whose root is at this address.</summary>
    internal SegmentDirectory(Heap heap, ulong root)
    {
        _heap = heap;
        _root = root;
    }

    internal DueTable Due => new(_heap, _root);

    internal SegmentTable Segments => new(this);

    internal ref IndexRoot Root
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Native.At<IndexRoot>(_root);
    }

    internal int Depth => Root.Depth;

    internal long WordCount => 1L << Depth;

    /// <summary>Makes an empty directory at this address.</summary>
    internal static void Initialize(Heap heap, ulong root, ulong indexSeed)
    {
        Native.At<IndexRoot>(root) = new IndexRoot
        {
            Seed = indexSeed,
            LastTick = DueTable.NeverCollected,
            SegmentCount = 1,
            DeepestCount = 1,
        };
        var directory = new SegmentDirectory(heap, root);
        directory.Root.Words = directory.Allocate(sizeof(ulong));
        Segment first = directory.NewSegment(SegmentSize.For(0), default, hasLane: false);
        Native.At<DirectoryEntry>(directory.Root.Words) = new DirectoryEntry(first);
    }

    /// <summary>Replaces the one segment of an empty directory by as many and as large ones as so many entries will need.</summary>
    internal void Reserve(long count)
    {
        Debug.Assert(Root.Count == 0 && Root.SegmentCount == 1, "Only an empty directory is made anew.");
        int depth = SegmentSize.DepthFor(count, WordDepthMax);
        uint share = (uint)Math.Min(count >> depth, uint.MaxValue / 2);
        var model = new SegmentHeader { Visited = WordAt(0).Segment.Header.Visited, Depth = (byte)depth };
        Segments.Reserve(depth);
        FreeSegment(WordAt(0).Segment);
        Free(Root.Words);
        Root.Words = Allocate(sizeof(ulong) << depth);
        Root.Depth = depth;
        Root.DeepestCount = 1 << depth;
        Root.SegmentCount = 0;
        Due.Free();
        for (ulong i = 0; i < 1UL << depth; i++)
        {
            model.Prefix = depth == 0 ? 0 : i << (64 - depth);
            Segment segment = NewSegment(SegmentSize.For(SegmentSize.WithSpread(share)), model, hasLane: false);
            Word((long)i) = new DirectoryEntry(segment);
            Segments.Add(segment);
        }
    }

    /// <summary>Another order for an index that has become empty: what was walked out of it may come back.</summary>
    internal void DrawSeed()
    {
        if (Root.SegmentCount == 1)
        {
            Root.Seed = KeyHash.NextIndexSeed(Root.Seed);
        }
    }

    /// <summary>The word that leads to the segment of this hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal DirectoryEntry EntryOf(ulong hash)
    {
        ref DirectoryEntry word = ref Native.At<DirectoryEntry>(Root.Words + (WordIndexOf(hash) * sizeof(ulong)));
        return word.IsNode ? EntryBelow(word, hash) : word;
    }

    internal DirectoryEntry WordAt(long wordIndex) => Word(wordIndex);

    /// <summary>The index of the hash's word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong WordIndexOf(ulong hash) => (hash >> 1) >> (63 - Depth);

    /// <summary>The first hash after the segment's range; 0 after the last segment.</summary>
    internal static ulong EndOf(Segment segment)
    {
        ref SegmentHeader header = ref segment.Header;
        return header.Depth == 0 ? 0 : header.Prefix + (1UL << (64 - header.Depth));
    }

    /// <summary>A segment without entries, in no word yet, with the number, prefix, depth, lost bits and epochs of a model.</summary>
    internal Segment NewSegment(int bucketCount, in SegmentHeader model, bool hasLane)
    {
        var segment = new Segment(Allocate(Segment.SizeFor(bucketCount)));
        segment.Header = new SegmentHeader
        {
            Prefix = model.Prefix,
            Visited = model.Visited,
            BucketCount = (ushort)bucketCount,
            Number = model.Number,
            Depth = model.Depth,
            LostBits = model.LostBits,
        };
        for (int i = 0; i < bucketCount; i++)
        {
            Native.At<ulong>(segment.BucketAt(i)) = 0;
        }
        if (hasLane)
        {
            AddLane(segment);
        }
        return segment;
    }

    internal void AddLane(Segment segment)
    {
        Debug.Assert(segment.Header.Lane == 0, "The segment has a lane.");
        long size = DeadlineLane.SizeFor(segment.BucketCount);
        segment.Header.Lane = Allocate(size);
        Native.Clear(segment.Header.Lane, size);
    }

    internal void FreeLane(Segment segment)
    {
        if (segment.Header.Lane != 0)
        {
            Free(segment.Header.Lane);
        }
        segment.Header.Lane = 0;
    }

    internal void FreeSegment(Segment segment)
    {
        FreeLane(segment);
        Free(segment.Address);
    }

    /// <summary>Leads all words of the segment's prefix to it.</summary>
    internal void Publish(Segment segment)
    {
        ref SegmentHeader header = ref segment.Header;
        var entry = new DirectoryEntry(segment);
        Segments.Set(segment);
        if (header.Depth > Depth)
        {
            EntryAt(header.Prefix, header.Depth) = entry;
            return;
        }
        ulong first = WordIndexOf(header.Prefix);
        ulong count = 1UL << (Depth - header.Depth);
        for (ulong i = first; i < first + count; i++)
        {
            Word((long)i) = entry;
        }
    }

    /// <summary>
    /// Puts two halves in the place of a segment, which the caller frees; the low one has its number. If the halves need a bit more than
    /// the directory has, it doubles, or gets a node.
    /// </summary>
    internal void PublishSplit(Segment low, Segment high)
    {
        int depth = low.Header.Depth;
        if (depth > Depth && MayDouble)
        {
            Double();
        }
        if (depth > Depth)
        {
            ulong node = Allocate(NodeSize);
            EntryAt(low.Header.Prefix, depth - 1) = DirectoryEntry.ToNode(node);
        }
        else if (depth == Depth)
        {
            Root.DeepestCount += 2;
        }
        Publish(low);
        Segments.Add(high);
        Publish(high);
        DueTable due = Due;
        uint tick = due.Get(low.Header.Number);
        due.Set(low.Header.Number, low.Header.VolatileCount == 0 ? DueTable.None : tick);
        due.Set(high.Header.Number, high.Header.VolatileCount == 0 ? DueTable.None : tick);
    }

    /// <summary>
    /// Puts one segment in the place of two halves, which the caller frees; it has the number of one, the other's is given up. The
    /// directory halves once no segment needs its last bit, or few do.
    /// </summary>
    internal void PublishMerge(Segment merged, int freedNumber)
    {
        int depth = merged.Header.Depth;
        Due.Set(merged.Header.Number, DueTable.Earlier(Due.Get(merged.Header.Number), Due.Get(freedNumber)));
        if (depth >= Depth)
        {
            Free(EntryAt(merged.Header.Prefix, depth).Node);
        }
        else if (depth + 1 == Depth)
        {
            Root.DeepestCount -= 2;
        }
        Publish(merged);
        Segments.Remove(freedNumber);
        while (Depth > 0 && (Root.DeepestCount == 0 || WordCount > 4L * WordsPerSegmentMax * Root.SegmentCount))
        {
            Halve();
        }
    }

    /// <summary>While the index is given up: frees the nodes of which this segment, about to be freed, is the last.</summary>
    internal void FreeNodesThatEndWith(Segment segment)
    {
        ulong prefix = segment.Header.Prefix;
        ulong firstFreed = 0;
        DirectoryEntry entry = Word((long)WordIndexOf(prefix));
        for (int depth = Depth; entry.IsNode; depth++)
        {
            bool isHigh = IsHigh(prefix, depth);
            if (!isHigh)
            {
                firstFreed = 0;
            }
            else if (firstFreed == 0)
            {
                firstFreed = entry.Node;
            }
            entry = Child(entry.Node, isHigh);
        }
        while (firstFreed != 0)
        {
            DirectoryEntry high = Child(firstFreed, isHigh: true);
            Free(firstFreed);
            firstFreed = high.IsNode ? high.Node : 0;
        }
    }

    /// <summary>
    /// Moves a few segments off sparse pages. Keys spread evenly, so segments outgrow a block size nearly all at once and leave its
    /// pages one hole after the other: without this a third of the index's pages would be holes at any time. Called after each step
    /// of growth; it costs less than that did.
    /// </summary>
    internal void EvacuateSome()
    {
        int movedCount = 0;
        for (int i = 0; i < LookedAtMax && movedCount < MovedMax; i++)
        {
            if (Root.EvacuationCursor >= Root.SegmentCount)
            {
                Root.EvacuationCursor = 0;
            }
            DirectoryEntry entry = Segments[Root.EvacuationCursor++];
            Segment segment = entry.Segment;
            if (_heap.IsSparse(segment.Address))
            {
                segment = new Segment(Move(segment.Address, Segment.SizeFor(entry.BucketCount)));
                Publish(segment);
                movedCount++;
            }
            if (Root.VolatileCount != 0 && segment.Header.Lane != 0 && _heap.IsSparse(segment.Header.Lane))
            {
                segment.Header.Lane = Move(segment.Header.Lane, DeadlineLane.SizeFor(entry.BucketCount));
            }
        }
    }

    /// <summary>Moves the nodes that lead to the segment of this hash off slabs that are to be emptied.</summary>
    internal void MoveNodes(ulong hash, Evacuation evacuation)
    {
        ref DirectoryEntry entry = ref Word((long)WordIndexOf(hash));
        for (int depth = Depth; entry.IsNode; depth++)
        {
            ulong moved = evacuation.Move(entry.Node, ref Root.MemoryBytes);
            if (moved != entry.Node)
            {
                entry = DirectoryEntry.ToNode(moved);
            }
            entry = ref Child(moved, IsHigh(hash, depth));
        }
    }

    /// <summary>Moves the words, the table and the ticks off slabs that are to be emptied.</summary>
    internal void MoveWords(Evacuation evacuation)
    {
        Root.Words = evacuation.Move(Root.Words, ref Root.MemoryBytes);
        if (Root.Table != 0)
        {
            Root.Table = evacuation.Move(Root.Table, ref Root.MemoryBytes);
        }
        Due.Move(evacuation);
    }

    /// <summary>Frees the directory itself, after all its segments.</summary>
    internal void FreeWords()
    {
        if (Root.Words != 0)
        {
            Free(Root.Words);
        }
        if (Root.Table != 0)
        {
            Free(Root.Table);
        }
        Root.Words = 0;
        Root.Table = 0;
        Due.Free();
    }

    internal ulong Allocate(long size)
    {
        ulong address = _heap.Allocate(size);
        Root.MemoryBytes += _heap.SizeOf(address);
        return address;
    }

    internal void Free(ulong address)
    {
        Root.MemoryBytes -= _heap.SizeOf(address);
        _heap.Free(address);
    }

    private ulong Move(ulong address, long size)
    {
        ulong moved = Allocate(size);
        Native.Copy(address, moved, size);
        Free(address);
        return moved;
    }

    /// <summary>Whether a directory of twice as many words is in proportion to the segments.</summary>
    private bool MayDouble => Depth < WordDepthMax && (2L << Depth) <= WordsPerSegmentMax * (Root.SegmentCount + 1L);

    private static bool IsHigh(ulong hash, int depth) => ((hash >> (63 - depth)) & 1) != 0;

    private static ref DirectoryEntry Child(ulong node, bool isHigh) =>
        ref Native.At<DirectoryEntry>(node + (isHigh ? sizeof(ulong) : 0UL));

    private ref DirectoryEntry Word(long wordIndex) => ref Native.At<DirectoryEntry>(Root.Words + ((ulong)wordIndex * sizeof(ulong)));

    /// <summary>Follows the nodes, from a word that leads to one, to the word of the hash's segment.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private DirectoryEntry EntryBelow(DirectoryEntry entry, ulong hash)
    {
        for (int depth = Depth; entry.IsNode; depth++)
        {
            entry = Child(entry.Node, IsHigh(hash, depth));
        }
        return entry;
    }

    /// <summary>The one word for a prefix of this depth, which is not less than the directory's; its nodes must be there.</summary>
    private ref DirectoryEntry EntryAt(ulong prefix, int depth)
    {
        ref DirectoryEntry entry = ref Word((long)WordIndexOf(prefix));
        for (int i = Depth; i < depth; i++)
        {
            Debug.Assert(entry.IsNode, "A segment is deeper than the nodes that lead to it.");
            entry = ref Child(entry.Node, IsHigh(prefix, i));
        }
        return ref entry;
    }

    /// <summary>Twice as many words: those that led to a node lead to what the node led to.</summary>
    private void Double()
    {
        ulong words = Allocate(WordCount * 2 * sizeof(ulong));
        int deepestCount = 0;
        for (long i = 0; i < WordCount; i++)
        {
            DirectoryEntry word = WordAt(i);
            ref DirectoryEntry low = ref Native.At<DirectoryEntry>(words + ((ulong)i * NodeSize));
            ref DirectoryEntry high = ref Unsafe.Add(ref low, 1);
            low = high = word;
            if (!word.IsNode)
            {
                continue;
            }
            (low, high) = (Child(word.Node, isHigh: false), Child(word.Node, isHigh: true));
            Free(word.Node);
            deepestCount += 2;
        }
        Free(Root.Words);
        Root.Words = words;
        Root.Depth++;
        Root.DeepestCount = deepestCount;
    }

    /// <summary>Half as many words: two that lead to different segments become one that leads to a node.</summary>
    private void Halve()
    {
        long half = WordCount / 2;
        ulong words = Allocate(half * sizeof(ulong));
        int deepestCount = 0;
        for (long i = 0; i < half; i++)
        {
            DirectoryEntry word = WordAt(2 * i);
            if (word.IsNode || word.Depth == Depth)
            {
                ulong node = Allocate(NodeSize);
                (Child(node, isHigh: false), Child(node, isHigh: true)) = (word, WordAt((2 * i) + 1));
                word = DirectoryEntry.ToNode(node);
            }
            Native.At<DirectoryEntry>(words + ((ulong)i * sizeof(ulong))) = word;
            deepestCount += word.IsNode || word.Depth == Depth - 1 ? 1 : 0;
        }
        Free(Root.Words);
        Root.Words = words;
        Root.Depth--;
        Root.DeepestCount = deepestCount;
    }
}
