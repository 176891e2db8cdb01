using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// The directory of an extendible hash table: the first <c>Depth</c> bits of a hash choose one of <c>2^Depth</c> words, and the word leads
/// to the segment. A segment of a smaller depth has several words in a row.
/// <code>
///   Depth 2      00 ----> segment "00"   depth 2
///                01 ----> segment "01"   depth 2
///                10 --+-> segment "1"    depth 1
///                11 --+
/// </code>
/// It owns the segments with their lanes, and knows nothing of keys. Beside the words lie, once a deadline has been set, the
/// <see cref="DueTable"/>'s ticks, one per word. The struct is a view: its state is the <see cref="IndexRoot"/>.
/// </summary>
internal readonly struct SegmentDirectory
{
    /// <summary>The most bits of a prefix: scan cursors must still tell the places in a segment apart.</summary>
    internal const int DepthMax = 28;

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

    internal ref IndexRoot Root => ref Native.At<IndexRoot>(_root);

    internal int Depth => Root.Depth;

    internal long WordCount => 1L << Depth;

    /// <summary>Makes an empty directory at this address.</summary>
    internal static void Initialize(Heap heap, ulong root)
    {
        Native.At<IndexRoot>(root) = new IndexRoot { LastTick = DueTable.NeverCollected, SegmentCount = 1, DeepestCount = 1 };
        var directory = new SegmentDirectory(heap, root);
        directory.Root.Words = directory.Allocate(sizeof(ulong));
        Segment first = directory.NewSegment(SegmentSize.For(0), default, hasLane: false);
        Native.At<DirectoryEntry>(directory.Root.Words) = new DirectoryEntry(first);
    }

    /// <summary>Replaces the one segment of an empty directory by as many and as large ones as so many entries will need.</summary>
    internal void Reserve(long count)
    {
        Debug.Assert(Root.Count == 0 && Root.SegmentCount == 1, "Only an empty directory is made anew.");
        int depth = SegmentSize.DepthFor(count, DepthMax);
        uint share = (uint)Math.Min(count >> depth, uint.MaxValue / 2);
        var model = new SegmentHeader { Epoch = EntryAt(0).Segment.Header.Epoch, Depth = (byte)depth };
        FreeSegment(EntryAt(0).Segment);
        Free(Root.Words);
        Root.Words = Allocate(sizeof(ulong) << depth);
        Root.Depth = depth;
        Root.SegmentCount = Root.DeepestCount = 1 << depth;
        Due.Free();
        for (ulong i = 0; i < 1UL << depth; i++)
        {
            model.Prefix = depth == 0 ? 0 : i << (64 - depth);
            Segment segment = NewSegment(SegmentSize.For(SegmentSize.WithSpread(share)), model, hasLane: false);
            Native.At<DirectoryEntry>(Root.Words + (i * sizeof(ulong))) = new DirectoryEntry(segment);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal DirectoryEntry EntryOf(ulong hash) => Native.At<DirectoryEntry>(Root.Words + (WordIndexOf(hash) * sizeof(ulong)));

    internal DirectoryEntry EntryAt(long wordIndex) => Native.At<DirectoryEntry>(Root.Words + ((ulong)wordIndex * sizeof(ulong)));

    /// <summary>The index of the hash's word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong WordIndexOf(ulong hash) => (hash >> 1) >> (63 - Depth);

    /// <summary>The first hash after the segment's range; 0 after the last segment.</summary>
    internal static ulong EndOf(Segment segment)
    {
        ref SegmentHeader header = ref segment.Header;
        return header.Depth == 0 ? 0 : header.Prefix + (1UL << (64 - header.Depth));
    }

    /// <summary>A segment without entries, in no word yet, with the prefix, depth, lost bits and epoch of a model.</summary>
    internal Segment NewSegment(int bucketCount, in SegmentHeader model, bool hasLane)
    {
        var segment = new Segment(Allocate(Segment.SizeFor(bucketCount)));
        segment.Header = new SegmentHeader
        {
            Prefix = model.Prefix,
            Epoch = model.Epoch,
            BucketCount = (ushort)bucketCount,
            Depth = model.Depth,
            LostBits = model.LostBits,
        };
        for (int i = 0; i < bucketCount; i++)
            Native.At<ulong>(segment.BucketAt(i)) = 0;
        if (hasLane)
            AddLane(segment);
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
            Free(segment.Header.Lane);
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
        ulong first = WordIndexOf(header.Prefix);
        long count = 1L << (Depth - header.Depth);
        var entry = new DirectoryEntry(segment);
        for (ulong i = first; i < first + (ulong)count; i++)
            Native.At<DirectoryEntry>(Root.Words + (i * sizeof(ulong))) = entry;
    }

    /// <summary>
    /// Puts two halves in the place of a segment, which the caller frees. The directory doubles if the halves need one bit more.
    /// </summary>
    internal void PublishSplit(Segment low, Segment high)
    {
        int depth = low.Header.Depth;
        if (depth > Depth)
            Double();
        uint due = Due.Get((long)WordIndexOf(low.Header.Prefix));
        Publish(low);
        Publish(high);
        Due.Set((long)WordIndexOf(low.Header.Prefix), low.Header.VolatileCount == 0 ? DueTable.None : due);
        Due.Set((long)WordIndexOf(high.Header.Prefix), high.Header.VolatileCount == 0 ? DueTable.None : due);
        Root.SegmentCount++;
        if (depth == Depth)
            Root.DeepestCount += 2;
    }

    /// <summary>
    /// Puts one segment in the place of two halves, which the caller frees. The directory halves once no segment needs its last bit.
    /// </summary>
    internal void PublishMerge(Segment merged)
    {
        int oldDepth = merged.Header.Depth + 1;
        long lowIndex = (long)WordIndexOf(merged.Header.Prefix);
        long highIndex = lowIndex + (1L << (Depth - oldDepth));
        uint due = DueTable.Earlier(Due.Get(lowIndex), Due.Get(highIndex));
        Publish(merged);
        Due.Set(highIndex, DueTable.None);
        Due.Set(lowIndex, due);
        Root.SegmentCount--;
        if (oldDepth != Depth) return;
        Root.DeepestCount -= 2;
        while (Root.DeepestCount == 0 && Depth > 0)
            Halve();
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
            if (Root.EvacuationCursor >= WordCount) Root.EvacuationCursor = 0;
            DirectoryEntry entry = EntryAt(Root.EvacuationCursor);
            Root.EvacuationCursor = (Root.EvacuationCursor | ((1L << (Depth - entry.Depth)) - 1)) + 1;
            Segment segment = entry.Segment;
            if (_heap.IsSparse(segment.Address))
            {
                segment = new Segment(Move(segment.Address, Segment.SizeFor(entry.BucketCount)));
                Publish(segment);
                movedCount++;
            }
            if (Root.VolatileCount != 0 && segment.Header.Lane != 0 && _heap.IsSparse(segment.Header.Lane))
                segment.Header.Lane = Move(segment.Header.Lane, DeadlineLane.SizeFor(entry.BucketCount));
        }
    }

    /// <summary>Whether splitting a segment of this depth keeps the directory in proportion to the segments.</summary>
    internal bool MaySplit(int depth)
    {
        if (depth >= DepthMax) return false;
        return depth < Depth || (2L << Depth) <= 16 * (Root.SegmentCount + 1);
    }

    /// <summary>Frees the directory itself, after all its segments.</summary>
    internal void FreeWords()
    {
        if (Root.Words != 0)
            Free(Root.Words);
        Root.Words = 0;
        Due.Free();
    }

    private ulong Allocate(long size)
    {
        ulong address = _heap.Allocate(size);
        Root.MemoryBytes += _heap.SizeOf(address);
        return address;
    }

    private void Free(ulong address)
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

    private void Double()
    {
        ulong words = Allocate(WordCount * 2 * sizeof(ulong));
        for (ulong i = 0; i < (ulong)WordCount; i++)
        {
            ulong word = Native.At<ulong>(Root.Words + (i * sizeof(ulong)));
            Native.At<ulong>(words + (2 * i * sizeof(ulong))) = word;
            Native.At<ulong>(words + (((2 * i) + 1) * sizeof(ulong))) = word;
        }
        Free(Root.Words);
        Root.Words = words;
        Due.Double(WordCount);
        Root.Depth++;
        Root.DeepestCount = 0;
    }

    private void Halve()
    {
        long half = WordCount / 2;
        ulong words = Allocate(half * sizeof(ulong));
        Root.DeepestCount = 0;
        for (ulong i = 0; i < (ulong)half; i++)
        {
            DirectoryEntry entry = Native.At<DirectoryEntry>(Root.Words + (2 * i * sizeof(ulong)));
            Native.At<DirectoryEntry>(words + (i * sizeof(ulong))) = entry;
            if (entry.Depth == Depth - 1) Root.DeepestCount++;
        }
        Free(Root.Words);
        Root.Words = words;
        Due.Halve(WordCount);
        Root.Depth--;
    }
}
