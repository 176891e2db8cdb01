using System.Diagnostics;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Segments grow and shrink in steps and join their buddies, each time by placing the entries anew in a fresh block. Places and tags
/// lie in the slots and words, so no record is read.
/// </summary>
internal static class SegmentResizing
{
    /// <summary>Two halves join when together they would fill this many slots at most: well below the load at which they split.</summary>
    private static readonly uint s_mergedCountMax = SegmentSize.CountMax(SegmentSize.BucketCountNormalMax) * 5 / 8;

    internal static void Resize(SegmentDirectory directory, Segment segment, int bucketCount)
    {
        ref SegmentHeader header = ref segment.Header;
        Segment resized = directory.NewSegment(bucketCount, header, header.VolatileCount != 0);
        segment.CopyInto(resized, placeShift: 0, placeTop: 0);
        directory.Publish(resized);
        directory.FreeSegment(segment);
    }

    /// <summary>Called when a segment holds few entries for its size.</summary>
    internal static void Shrink(SegmentDirectory directory, Segment segment)
    {
        bool isMerged = false;
        while (TryMerge(directory, segment, out Segment merged))
        {
            segment = merged;
            isMerged = true;
        }
        if (isMerged)
        {
            return;
        }
        int bucketCount = SegmentSize.For(WithSlack(segment.Header.Count));
        if (bucketCount < segment.BucketCount)
        {
            Resize(directory, segment, bucketCount);
        }
    }

    /// <summary>
    /// The header that both have in common. The places get a bit of the prefix back at their top and need one less at their end.
    /// </summary>
    private static SegmentHeader ModelOfBoth(Segment low, Segment high) => new()
    {
        Prefix = low.Header.Prefix,
        Number = low.Header.Number,
        Visited = low.Header.Visited,
        Depth = (byte)(low.Header.Depth - 1),
        LostBits = (byte)Math.Max(Math.Max(low.Header.LostBits, high.Header.LostBits) - 1, 0),
    };

    /// <summary>Room for a third more than there is, lest the next insertions grow it again.</summary>
    private static uint WithSlack(uint count) => count + (count / 3);

    private static bool TryMerge(SegmentDirectory directory, Segment segment, out Segment merged)
    {
        merged = default;
        ref SegmentHeader header = ref segment.Header;
        if (header.Depth == 0)
        {
            return false;
        }
        ulong lastBit = 1UL << (64 - header.Depth);
        Segment buddy = directory.EntryOf(header.Prefix ^ lastBit).Segment;
        ref SegmentHeader buddyHeader = ref buddy.Header;
        if (buddyHeader.Depth != header.Depth || header.Count + buddyHeader.Count > s_mergedCountMax)
        {
            return false;
        }

        // One of them was visited in an epoch, the other not yet: what they became could not say which entries were.
        if (!buddyHeader.Visited.IsSameAs(header.Visited))
        {
            return false;
        }
        Debug.Assert(buddyHeader.Prefix == (header.Prefix ^ lastBit), "Buddies differ in the last bit of their prefix.");

        (Segment low, Segment high) = header.Prefix < buddyHeader.Prefix ? (segment, buddy) : (buddy, segment);
        int bucketCount = SegmentSize.For(WithSlack(header.Count + buddyHeader.Count));
        bool hasLane = header.VolatileCount + buddyHeader.VolatileCount != 0;
        merged = directory.NewSegment(bucketCount, ModelOfBoth(low, high), hasLane);
        low.CopyInto(merged, placeShift: 1, placeTop: 0);
        high.CopyInto(merged, placeShift: 1, placeTop: 1 << (Bucket.PlaceBits - 1));
        directory.PublishMerge(merged, high.Header.Number);
        directory.FreeSegment(low);
        directory.FreeSegment(high);
        return true;
    }
}
