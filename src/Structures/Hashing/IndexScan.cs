using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Walks the entries in the order of their hashes, to within a bucket: a step takes all entries whose place lies in some whole
/// home buckets of a segment, and ends at the first hash behind them. That hash means the same after any growth, split or merge.
/// <code>
///   hash      | prefix | place: 19 bits | .... |
///   position  | prefix | first place not visited | 0 .. 0 |          cursor = the position's upper 48 bits
/// </code>
/// After merges and splits a place may be coarser than the cursor; then the key itself decides on which side of it an entry stands.
/// </summary>
internal static class IndexScan<TKeys>
    where TKeys : struct, IEntryKeys
{
    private const int CursorShift = 16;
    private const uint PlaceEnd = 1 << Bucket.PlaceBits;

    /// <summary>In segments deeper than this places are finer than cursors.</summary>
    private const int DepthOfPlaces = 64 - CursorShift - Bucket.PlaceBits;

    internal static ulong HashOf(ulong cursor) => cursor << CursorShift;

    internal static ulong CursorOf(ulong hash) => hash >> CursorShift;

    internal static ulong Scan<TVisitor>(SegmentDirectory directory, ulong seed, ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        var slots = new EntryReader<TVisitor>(visitor);
        ulong position = HashOf(cursor);
        int left = Math.Max(countHint, 1);
        do
        {
            position = Step(directory, seed, position, ref left, ref slots);
        }
        while (position != 0 && left > 0);
        visitor = slots.Visitor;
        return CursorOf(position);
    }

    /// <summary>As <see cref="Scan{TVisitor}"/>, for the entries whose hashes begin with this slot.</summary>
    internal static ulong ScanSlot<TVisitor>(
        SegmentDirectory directory, ulong seed, int slot, ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        var slots = new EntryReader<TVisitor>(visitor);
        ulong last = KeyHash.LastHashOf(slot);
        ulong position = Math.Max(HashOf(cursor), KeyHash.FirstHashOf(slot));
        int left = Math.Max(countHint, 1);
        bool isOver = position > last;
        while (!isOver && left > 0)
        {
            position = Step(directory, seed, position, ref left, ref slots, last);
            isOver = position == 0 || position > last;
        }
        visitor = slots.Visitor;
        return isOver ? 0 : CursorOf(position);
    }

    /// <summary>
    /// Visits the slots of some whole home buckets and returns the position behind them, 0 at the end; none whose hash is after the last
    /// one, behind which a place must end.
    /// </summary>
    internal static ulong Step<TVisitor>(
        SegmentDirectory directory, ulong seed, ulong position, ref int left, ref TVisitor visitor, ulong last = ulong.MaxValue)
        where TVisitor : struct, ISlotVisitor, allows ref struct
    {
        DirectoryEntry at = directory.EntryOf(position);
        Segment segment = at.Segment;
        int bucketCount = at.BucketCount;
        uint firstPlace = at.PlaceOf(position);
        int firstHome = (int)Segment.HomeOf(firstPlace, bucketCount);
        int lastHome = Math.Min(bucketCount - 1, firstHome + (left / (Bucket.SlotCount - 1)));
        uint endPlace = Math.Min(EndPlaceOf(lastHome, at), PlaceAfter(last, at));
        lastHome = (int)Segment.HomeOf(endPlace - 1, bucketCount);
        bool isBetweenPlaces = (position << at.Depth) << (Bucket.PlaceBits - at.LostBits) != 0;

        for (int visited = 0; visited < bucketCount; visited++)
        {
            int index = firstHome + visited;
            ulong bucket = segment.BucketAt(index < bucketCount ? index : index - bucketCount);
            ulong meta = Native.At<ulong>(bucket);
            for (ulong occupied = Bucket.Occupied(meta); occupied != 0; occupied &= occupied - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, occupied);
                ulong content = Native.At<ulong>(slot);
                uint place = Bucket.PlaceIn(content);
                if (place < firstPlace || place >= endPlace)
                {
                    continue;
                }
                ulong entry = Bucket.EntryIn(content);
                if (isBetweenPlaces && place == firstPlace && HashIn(directory, seed, entry) < position)
                {
                    continue;
                }
                visitor.Visit(slot);
                left--;
            }
            if (index >= lastHome && !Bucket.IsPassed(meta))
            {
                break;
            }
        }
        return endPlace == PlaceEnd
            ? SegmentDirectory.EndOf(segment)
            : segment.Header.Prefix + ((ulong)endPlace << (64 - Bucket.PlaceBits - at.Depth));
    }

    /// <summary>The entry's hash in the index's own order.</summary>
    private static ulong HashIn(SegmentDirectory directory, ulong seed, ulong entry) =>
        TKeys.Spread(TKeys.HashOf(seed, TKeys.KeyOf(entry)), directory.Root.Seed);

    /// <summary>
    /// The lowest place that may be the first after a step through the buckets up to this home: its lost bits are zero, and a cursor can
    /// tell it.
    /// </summary>
    private static uint EndPlaceOf(int lastHome, DirectoryEntry at)
    {
        ulong next = (((ulong)lastHome + 1) << Bucket.PlaceBits) + (uint)at.BucketCount - 1;
        uint place = (uint)(next / (uint)at.BucketCount);
        int unknownBits = Math.Max(at.LostBits, at.Depth - DepthOfPlaces);
        return Math.Min((place + (1u << unknownBits) - 1) >> unknownBits << unknownBits, PlaceEnd);
    }

    /// <summary>The first place that has none of the hashes up to the last one.</summary>
    private static uint PlaceAfter(ulong last, DirectoryEntry at) =>
        last < SegmentDirectory.EndOf(at.Segment) - 1 ? at.PlaceOf(last) + (1u << at.LostBits) : PlaceEnd;

    private ref struct EntryReader<TVisitor>(TVisitor visitor) : ISlotVisitor
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        public TVisitor Visitor = visitor;

        public void Visit(ulong slot) => Visitor.Visit(Bucket.EntryAt(slot));
    }
}

/// <summary>Receives the addresses of slots in use; may change the entry's address in them and nothing else.</summary>
internal interface ISlotVisitor
{
    void Visit(ulong slot);
}
