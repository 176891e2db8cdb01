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

    internal static ulong HashOf(ulong cursor) => cursor << CursorShift;

    internal static ulong CursorOf(ulong hash) => hash >> CursorShift;

    internal static ulong Scan<TVisitor>(SegmentDirectory directory, ulong seed, ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        ulong position = HashOf(cursor);
        int left = Math.Max(countHint, 1);
        do
        {
            position = Step(directory.EntryOf(position), seed, position, ref left, ref visitor);
        }
        while (position != 0 && left > 0);
        return CursorOf(position);
    }

    private static ulong Step<TVisitor>(DirectoryEntry at, ulong seed, ulong position, ref int left, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        Segment segment = at.Segment;
        int bucketCount = at.BucketCount;
        uint firstPlace = at.PlaceOf(position);
        int firstHome = (int)Segment.HomeOf(firstPlace, bucketCount);
        int lastHome = Math.Min(bucketCount - 1, firstHome + (left / (Bucket.SlotCount - 1)));
        uint endPlace = lastHome == bucketCount - 1 ? PlaceEnd : FirstPlaceOf(lastHome + 1, bucketCount, at.LostBits);
        bool isBetweenPlaces = (position << at.Depth) << (Bucket.PlaceBits - at.LostBits) != 0;

        for (int visited = 0; visited < bucketCount; visited++)
        {
            int index = firstHome + visited;
            ulong bucket = segment.BucketAt(index < bucketCount ? index : index - bucketCount);
            ulong meta = Native.At<ulong>(bucket);
            for (ulong occupied = Bucket.Occupied(meta); occupied != 0; occupied &= occupied - 1)
            {
                ulong content = Native.At<ulong>(Bucket.FirstSlot(bucket, occupied));
                uint place = Bucket.PlaceIn(content);
                if (place < firstPlace || place >= endPlace) continue;
                ulong entry = Bucket.EntryIn(content);
                if (isBetweenPlaces && place == firstPlace && TKeys.HashOf(seed, TKeys.KeyOf(entry)) < position) continue;
                visitor.Visit(entry);
                left--;
            }
            if (index >= lastHome && !Bucket.IsPassed(meta)) break;
        }
        return endPlace == PlaceEnd
            ? SegmentDirectory.EndOf(segment)
            : segment.Header.Prefix + ((ulong)endPlace << (64 - Bucket.PlaceBits - at.Depth));
    }

    /// <summary>The lowest place whose home is this bucket, among those whose lost bits are zero.</summary>
    private static uint FirstPlaceOf(int home, int bucketCount, int lostBits)
    {
        uint place = (((uint)home << Bucket.PlaceBits) + (uint)bucketCount - 1) / (uint)bucketCount;
        return (place + (1u << lostBits) - 1) >> lostBits << lostBits;
    }
}
