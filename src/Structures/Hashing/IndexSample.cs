using System.Diagnostics;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Entries at random. One alone is drawn exactly evenly: every slot of every segment is as likely as any other, and what is no slot of the
/// segment that was drawn, or empty, is drawn again. A sample of several takes what follows a random slot: near each other in
/// memory, unrelated in key and age, and only about even.
/// <code>
///   segment drawn by number                                              segments are equally likely
///   slot drawn of the most -- beyond this segment's last?    again       so slots are
///                             empty?                         again       so entries are
/// </code>
/// All but the last question are answered by the table's word, without touching the segment. It takes two or three draws.
/// </summary>
internal static class IndexSample
{
    /// <summary>The place of an entry, each exactly as likely as any other; the index must not be empty.</summary>
    internal static IndexPosition RandomPosition(SegmentDirectory directory, Random random)
    {
        Debug.Assert(directory.Root.Count > 0, "Nothing can be drawn from an empty index.");
        bool isAlone = directory.Root.SegmentCount == 1;
        while (true)
        {
            DirectoryEntry word = RandomSegment(directory, random);

            // Segments with more buckets than the normal maximum hardly ever exist: then their entries are drawn less often.
            int bucketCountMax = isAlone ? word.BucketCount : Math.Max(word.BucketCount, SegmentSize.BucketCountNormalMax);
            int slotIndex = random.Next(bucketCountMax * Bucket.SlotCount);
            if (slotIndex >= word.BucketCount * Bucket.SlotCount || !word.Segment.IsOccupied(slotIndex))
            {
                continue;
            }
            return new IndexPosition(word.Segment.Header.Prefix, word.Segment.SlotAt(slotIndex));
        }
    }

    internal static int Take(SegmentDirectory directory, Random random, Span<ulong> entries, bool isVolatileOnly)
    {
        long available = isVolatileOnly ? directory.Root.VolatileCount : directory.Root.Count;
        entries = entries[..(int)Math.Min(entries.Length, available)];
        Segment segment = RandomSegment(directory, random).Segment;
        int count = 0;
        while (count < entries.Length)
        {
            count = TakeFrom(segment, random, entries, count, isVolatileOnly);
            segment = NextSegment(directory, segment, isVolatileOnly);
        }
        return count;
    }

    private static DirectoryEntry RandomSegment(SegmentDirectory directory, Random random) =>
        directory.Segments[random.Next(directory.Root.SegmentCount)];

    private static Segment NextSegment(SegmentDirectory directory, Segment segment, bool isVolatileOnly)
    {
        int segmentCount = directory.Root.SegmentCount;
        long next = segment.Header.Number + 1;
        if (isVolatileOnly)
        {
            next = directory.Due.NextVolatile(next, segmentCount);
        }
        if (next == segmentCount)
        {
            next = isVolatileOnly ? directory.Due.NextVolatile(0, segmentCount) : 0;
        }
        return directory.Segments[(int)next].Segment;
    }

    private static int TakeFrom(Segment segment, Random random, Span<ulong> entries, int count, bool isVolatileOnly)
    {
        if (isVolatileOnly && segment.Header.Lane == 0)
        {
            return count;
        }
        int slotCount = segment.BucketCount * Bucket.SlotCount;
        ReadOnlySpan<ushort> ticks = isVolatileOnly ? segment.Lane.Ticks(segment.BucketCount) : default;
        int start = random.Next(slotCount);
        for (int i = 0; i < slotCount && count < entries.Length; i++)
        {
            int slotIndex = start + i < slotCount ? start + i : start + i - slotCount;
            if (isVolatileOnly ? ticks[slotIndex] != 0 : segment.IsOccupied(slotIndex))
            {
                entries[count++] = Bucket.EntryAt(segment.SlotAt(slotIndex));
            }
        }
        return count;
    }
}
