using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A full segment becomes two: the first bit of an entry's place says into which half it goes, and the last bit of its new place is
/// lost. Only when too many are lost the keys are hashed again; so this is the one change that reads records, in one of eight
/// generations, and it asks for all of them before it needs the first.
/// </summary>
internal static class SegmentSplit<TKeys>
    where TKeys : struct, IEntryKeys
{
    private const uint PlaceMask = (1u << Bucket.PlaceBits) - 1;

    internal static void Split(SegmentDirectory directory, Segment segment, ulong seed)
    {
        ref SegmentHeader header = ref segment.Header;
        bool isRefresh = header.LostBits == SegmentHeader.LostBitsMax;
        if (isRefresh)
        {
            segment.PrefetchEntries();
        }
        Counts counts = CountHalves(segment);
        SegmentHeader model = header;
        model.Depth++;
        model.LostBits = (byte)(isRefresh ? 0 : header.LostBits + 1);
        Segment low = directory.NewSegment(SegmentSize.For(counts.Low), model, counts.LowVolatile != 0);
        model.Prefix |= 1UL << (64 - model.Depth);
        Segment high = directory.NewSegment(SegmentSize.For(counts.High), model, counts.HighVolatile != 0);
        (low.Header.Count, low.Header.VolatileCount) = (counts.Low, counts.LowVolatile);
        (high.Header.Count, high.Header.VolatileCount) = (counts.High, counts.HighVolatile);
        Distribute(segment, low, high, seed, directory.Root.Seed);
        directory.PublishSplit(low, high);
        directory.FreeSegment(segment);
    }

    private static Counts CountHalves(Segment segment)
    {
        Counts counts = default;
        int bucketCount = segment.BucketCount;
        ReadOnlySpan<ushort> ticks = segment.Header.Lane == 0 ? default : segment.Lane.Ticks(bucketCount);
        for (int i = 0; i < bucketCount; i++)
        {
            ulong bucket = segment.BucketAt(i);
            for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, occupied);
                bool isHigh = Native.At<ulong>(slot) >> 63 != 0;
                uint isVolatile = ticks.IsEmpty || ticks[segment.SlotIndexOf(slot)] == 0 ? 0u : 1u;
                counts.Low += isHigh ? 0u : 1u;
                counts.High += isHigh ? 1u : 0u;
                counts.LowVolatile += isHigh ? 0u : isVolatile;
                counts.HighVolatile += isHigh ? isVolatile : 0u;
            }
        }
        return counts;
    }

    private static void Distribute(Segment segment, Segment low, Segment high, ulong seed, ulong indexSeed)
    {
        bool isRefresh = low.Header.LostBits == 0;
        int bucketCount = segment.BucketCount;
        ReadOnlySpan<ushort> ticks = segment.Header.Lane == 0 ? default : segment.Lane.Ticks(bucketCount);
        for (int i = 0; i < bucketCount; i++)
        {
            ulong bucket = segment.BucketAt(i);
            ulong meta = Native.At<ulong>(bucket);
            for (ulong occupied = Bucket.Occupied(meta); occupied != 0; occupied &= occupied - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, occupied);
                ulong content = Native.At<ulong>(slot);
                ulong entry = Bucket.EntryIn(content);
                Segment half = content >> 63 == 0 ? low : high;
                uint place = isRefresh
                    ? Segment.PlaceOf(TKeys.Spread(TKeys.HashOf(seed, TKeys.KeyOf(entry)), indexSeed), low.Header.Depth, lostBits: 0)
                    : (Bucket.PlaceIn(content) << 1) & PlaceMask;
                ulong placed = Segment.Place(
                    half.FirstBucket,
                    half.BucketCount,
                    (byte)(meta >> ((int)(slot - bucket) - sizeof(ulong))),
                    place,
                    entry);
                if (ticks.IsEmpty)
                {
                    continue;
                }
                ushort tick = ticks[segment.SlotIndexOf(slot)];
                if (tick != 0)
                {
                    half.Lane.Ticks(half.BucketCount)[half.SlotIndexOf(placed)] = tick;
                }
            }
        }
    }

    private record struct Counts(uint Low, uint High, uint LowVolatile, uint HighVolatile);
}
