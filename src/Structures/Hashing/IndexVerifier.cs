using System.Numerics;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>Recomputes all that an index keeps, for tests.</summary>
internal static class IndexVerifier<TKeys>
    where TKeys : struct, IEntryKeys
{
    internal static void Verify(SegmentDirectory directory, ulong seed)
    {
        long count = 0;
        long volatileCount = 0;
        long segmentCount = 0;
        ulong hash = 0;
        do
        {
            DirectoryEntry entry = directory.EntryOf(hash);
            ref SegmentHeader header = ref entry.Segment.Header;
            Check(entry.Equals(new DirectoryEntry(entry.Segment)), "a directory word and its segment differ");
            Check(header.Prefix == hash, "a segment's prefix is wrong");
            Check(header.Number < directory.Root.SegmentCount, "a segment's number is too high");
            Check(directory.Segments[header.Number].Equals(entry), "the table has another segment of this number");
            VerifyBuckets(entry.Segment, seed, directory.Root.Seed);
            VerifyLane(entry.Segment, directory.Due.Get(header.Number), directory.Due.LastTick);
            count += header.Count;
            volatileCount += header.VolatileCount;
            segmentCount++;
            hash = SegmentDirectory.EndOf(entry.Segment);
        }
        while (hash != 0);
        VerifyWords(directory);
        Check(count == directory.Root.Count, "the count is wrong");
        Check(volatileCount == directory.Root.VolatileCount, "the volatile count is wrong");
        Check(segmentCount == directory.Root.SegmentCount, "the segment count is wrong");
    }

    private static void VerifyWords(SegmentDirectory directory)
    {
        int deepestCount = 0;
        for (long i = 0; i < directory.WordCount; i++)
        {
            DirectoryEntry word = directory.WordAt(i);
            deepestCount += word.IsNode || word.Depth == directory.Depth ? 1 : 0;
            if (word.IsNode)
            {
                continue;
            }
            long first = (long)directory.WordIndexOf(word.Segment.Header.Prefix);
            Check(i >= first && i < first + (1L << (directory.Depth - word.Depth)), "a word leads to a segment elsewhere");
            Check(directory.WordAt(first).Equals(word), "words of one segment differ");
        }
        Check(deepestCount == directory.Root.DeepestCount, "the count of the deepest words is wrong");
    }

    private static void VerifyBuckets(Segment segment, ulong seed, ulong indexSeed)
    {
        ref SegmentHeader header = ref segment.Header;
        int bucketCount = header.BucketCount;
        int[] passed = new int[bucketCount];
        uint count = 0;
        for (int i = 0; i < bucketCount; i++)
        {
            ulong bucket = segment.BucketAt(i);
            ulong meta = Native.At<ulong>(bucket);
            for (ulong occupied = Bucket.Occupied(meta); occupied != 0; occupied &= occupied - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, occupied);
                ulong content = Native.At<ulong>(slot);
                ulong hash = TKeys.Spread(TKeys.HashOf(seed, TKeys.KeyOf(Bucket.EntryIn(content))), indexSeed);
                uint place = Segment.PlaceOf(hash, header.Depth, header.LostBits);
                Check(Bucket.PlaceIn(content) == place, "a place is wrong");
                Check((byte)(meta >> (BitOperations.TrailingZeroCount(occupied) & 0x38)) == Bucket.TagOf(hash), "a tag is wrong");
                Check(header.Depth == 0 || (hash ^ header.Prefix) >> (64 - header.Depth) == 0, "an entry is in another's segment");
                Check(segment.SlotAt(segment.SlotIndexOf(slot)) == slot, "slot numbers are wrong");
                for (int home = (int)Segment.HomeOf(place, bucketCount); home != i; home = (home + 1) % bucketCount)
                {
                    passed[home]++;
                }
                count++;
            }
        }
        for (int i = 0; i < bucketCount; i++)
        {
            ulong meta = Native.At<ulong>(segment.BucketAt(i));
            Check(!Bucket.IsPassedCountExact(meta) || Bucket.PassedCount(meta) == passed[i], "a count of passed entries is wrong");
        }
        Check(count == header.Count, "a segment's count is wrong");
    }

    private static void VerifyLane(Segment segment, uint due, long lastTick)
    {
        ref SegmentHeader header = ref segment.Header;
        Check(header.Lane != 0 == (header.VolatileCount != 0), "a lane is there for nothing, or missing");
        Check(due != DueTable.None == (header.Lane != 0), "a tick is there for nothing, or missing");
        if (header.Lane == 0)
        {
            return;
        }
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(header.BucketCount);
        uint count = 0;
        for (int i = 0; i < ticks.Length; i++)
        {
            if (ticks[i] == 0)
            {
                continue;
            }
            Check(segment.IsOccupied(i), "an empty slot has a deadline");
            long deadlineMs = TKeys.DeadlineMsOf(Bucket.EntryAt(segment.SlotAt(i)));
            Check(deadlineMs != EntryDeadline.None, "an entry without deadline has one in its lane");
            long tick = DeadlineLane.TickOf(deadlineMs);
            Check(ticks[i] == DeadlineLane.ShortTickOf(tick), "a lane's tick is wrong");
            count++;
            if (lastTick == long.MinValue)
            {
                continue;
            }
            long comparable = Math.Clamp(tick, lastTick - DeadlineLane.TickPeriod, lastTick + (DeadlineLane.TickPeriod * 2));
            Check((int)(due - DueTable.Narrow(comparable)) <= 1, "a segment's tick is late");
        }
        Check(count == header.VolatileCount, "a segment's volatile count is wrong");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
