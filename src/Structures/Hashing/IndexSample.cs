namespace Bixbite.Structures.Hashing;

/// <summary>
/// Entries at random. A random hash chooses a segment in proportion to its range, thus to its entries; within it slots are drawn until
/// one is occupied. A sample takes what follows a random slot: near each other in memory, unrelated in key and age.
/// </summary>
internal static class IndexSample
{
    private const int TriesPerSegment = 32;

    internal static ulong RandomEntry(SegmentDirectory directory, Random random)
    {
        if (directory.Root.Count == 0) return 0;
        while (true)
        {
            Segment segment = RandomSegment(directory, random);
            if (segment.Header.Count == 0) continue;
            int slotCount = segment.BucketCount * Bucket.SlotCount;
            for (int i = 0; i < TriesPerSegment; i++)
            {
                int slotIndex = random.Next(slotCount);
                if (segment.IsOccupied(slotIndex))
                    return Bucket.EntryAt(segment.SlotAt(slotIndex));
            }
        }
    }

    internal static int Take(SegmentDirectory directory, Random random, Span<ulong> entries, bool isVolatileOnly)
    {
        long available = isVolatileOnly ? directory.Root.VolatileCount : directory.Root.Count;
        entries = entries[..(int)Math.Min(entries.Length, available)];
        Segment segment = RandomSegment(directory, random);
        int count = 0;
        while (count < entries.Length)
        {
            count = TakeFrom(segment, random, entries, count, isVolatileOnly);
            segment = NextSegment(directory, segment, isVolatileOnly);
        }
        return count;
    }

    private static Segment RandomSegment(SegmentDirectory directory, Random random) =>
        directory.EntryOf((ulong)random.NextInt64() << 1).Segment;

    private static Segment NextSegment(SegmentDirectory directory, Segment segment, bool isVolatileOnly)
    {
        long next = (long)directory.WordIndexOf(SegmentDirectory.EndOf(segment));
        if (isVolatileOnly)
        {
            next = directory.Due.NextVolatile(next, directory.WordCount);
            if (next == directory.WordCount)
                next = directory.Due.NextVolatile(0, directory.WordCount);
        }
        return directory.EntryAt(next).Segment;
    }

    private static int TakeFrom(Segment segment, Random random, Span<ulong> entries, int count, bool isVolatileOnly)
    {
        if (isVolatileOnly && segment.Header.Lane == 0) return count;
        int slotCount = segment.BucketCount * Bucket.SlotCount;
        ReadOnlySpan<ushort> ticks = isVolatileOnly ? segment.Lane.Ticks(segment.BucketCount) : default;
        int start = random.Next(slotCount);
        for (int i = 0; i < slotCount && count < entries.Length; i++)
        {
            int slotIndex = start + i < slotCount ? start + i : start + i - slotCount;
            if (isVolatileOnly ? ticks[slotIndex] != 0 : segment.IsOccupied(slotIndex))
                entries[count++] = Bucket.EntryAt(segment.SlotAt(slotIndex));
        }
        return count;
    }
}
