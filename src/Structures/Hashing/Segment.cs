using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>The header of a segment: its first cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
internal struct SegmentHeader
{
    internal const int SizeOf = 64;

    /// <summary>After so many splits the places are taken from the keys again: it takes 12 bits of them to spread entries evenly.</summary>
    internal const int LostBitsMax = 7;

    internal uint Count;
    internal uint VolatileCount;

    /// <summary>The lowest hash that belongs here: <see cref="Depth"/> bits, then zeros.</summary>
    internal ulong Prefix;

    /// <summary>The block of the <see cref="DeadlineLane"/>, 0 if no entry has a deadline.</summary>
    internal ulong Lane;

    /// <summary>In each lane the last epoch in which all entries were visited: halves of a segment inherit it.</summary>
    internal VisitedEpochs Visited;

    internal int BucketCount;

    /// <summary>The segment's place in the <see cref="SegmentTable"/>.</summary>
    internal int Number;

    internal byte Depth;

    /// <summary>How many bits at the end of every place here are unknown, thus zero: one more with every split that read no keys.</summary>
    internal byte LostBits;
}

/// <summary>
/// A segment holds the entries whose hashes begin with its prefix, in one block of the heap that it owns:
/// <code>
///   | header: 64 bytes | bucket 0 | bucket 1 | ... | bucket n-1 |
///
///   hash     | prefix: depth bits | place: 19 bits | ............ | tag: 8 bits |
///   home bucket = place * n / 2^19: buckets are in hash order, but for entries that found theirs full
/// </code>
/// A split moves a bit from the places to the prefix and knows none to put at their end: that bit is lost, and counts as zero in
/// this segment, for new entries as well.
/// </summary>
internal readonly struct Segment(ulong address)
{
    internal ulong Address { get; } = address;

    internal ref SegmentHeader Header => ref Native.At<SegmentHeader>(Address);

    internal ulong FirstBucket => Address + SegmentHeader.SizeOf;

    internal int BucketCount => Header.BucketCount;

    internal DeadlineLane Lane => new(Header.Lane);

    internal static long SizeFor(int bucketCount) => SegmentHeader.SizeOf + ((long)bucketCount * Bucket.Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint HomeOf(uint place, int bucketCount) => (uint)(((ulong)place * (uint)bucketCount) >> Bucket.PlaceBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint PlaceOf(ulong hash, int depth, int lostBits) =>
        (uint)((hash << depth) >> (64 - Bucket.PlaceBits + lostBits)) << lostBits;

    internal ulong BucketAt(int index) => FirstBucket + ((ulong)index * Bucket.Size);

    /// <summary>The number of a slot among all slots of the segment: its index in the lane.</summary>
    internal int SlotIndexOf(ulong slotAddress)
    {
        int word = (int)((slotAddress - FirstBucket) / sizeof(ulong));
        return word - (word >> 3) - 1;
    }

    internal ulong SlotAt(int slotIndex) =>
        BucketAt(slotIndex / Bucket.SlotCount) + (ulong)((1 + (slotIndex % Bucket.SlotCount)) * sizeof(ulong));

    internal bool IsOccupied(int slotIndex)
    {
        ulong meta = Native.At<ulong>(BucketAt(slotIndex / Bucket.SlotCount));
        return (byte)(meta >> (slotIndex % Bucket.SlotCount * 8)) != 0;
    }

    /// <summary>Stores an entry in the first bucket from its home on that has room, and returns the slot's address.</summary>
    internal static ulong Place(ulong firstBucket, int bucketCount, byte tag, uint place, ulong entry)
    {
        uint index = HomeOf(place, bucketCount);
        while (true)
        {
            ulong bucket = firstBucket + ((ulong)index * Bucket.Size);
            ref ulong meta = ref Native.At<ulong>(bucket);
            ulong empty = Bucket.Empty(meta);
            if (empty != 0)
            {
                ulong slot = Bucket.FirstSlot(bucket, empty);
                meta |= (ulong)tag << ((int)(slot - bucket) - sizeof(ulong));
                Native.At<ulong>(slot) = Bucket.Slot(place, entry);
                return slot;
            }
            Bucket.CountPassing(ref meta);
            index = index + 1 == bucketCount ? 0 : index + 1;
        }
    }

    /// <summary>Empties a slot and takes its entry off the counts of the buckets that it had passed.</summary>
    internal static void Vacate(ulong firstBucket, int bucketCount, ulong slotAddress)
    {
        int index = (int)((slotAddress - firstBucket) / Bucket.Size);
        ulong bucket = firstBucket + ((ulong)index * Bucket.Size);
        Native.At<ulong>(bucket) &= ~(0xFFUL << ((int)(slotAddress - bucket) - sizeof(ulong)));
        uint place = Bucket.PlaceIn(Native.At<ulong>(slotAddress));
        int passed = (int)HomeOf(place, bucketCount);
        while (passed != index)
        {
            Bucket.UncountPassing(ref Native.At<ulong>(firstBucket + ((ulong)passed * Bucket.Size)));
            passed = passed + 1 == bucketCount ? 0 : passed + 1;
        }
    }

    /// <summary>
    /// Places all entries, with their deadlines, into another segment, which has a lane if any of them needs it. Each place is
    /// shifted right and gets a new top bit as the segments' prefixes differ, and loses the bits that are lost there.
    /// </summary>
    internal void CopyInto(Segment target, int placeShift, uint placeTop)
    {
        ref SegmentHeader header = ref target.Header;
        header.Count += Header.Count;
        header.VolatileCount += Header.VolatileCount;
        int targetBucketCount = target.BucketCount;
        ulong targetFirst = target.FirstBucket;
        uint knownBits = uint.MaxValue << header.LostBits;
        bool hasLane = Header.Lane != 0;
        ulong end = BucketAt(BucketCount);
        for (ulong bucket = FirstBucket; bucket < end; bucket += Bucket.Size)
        {
            ulong meta = Native.At<ulong>(bucket);
            for (ulong occupied = Bucket.Occupied(meta); occupied != 0; occupied &= occupied - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, occupied);
                ulong content = Native.At<ulong>(slot);
                byte tag = (byte)(meta >> ((int)(slot - bucket) - sizeof(ulong)));
                uint place = ((Bucket.PlaceIn(content) >> placeShift) | placeTop) & knownBits;
                ulong placed = Place(targetFirst, targetBucketCount, tag, place, Bucket.EntryIn(content));
                if (hasLane)
                {
                    target.Lane.Ticks(targetBucketCount)[target.SlotIndexOf(placed)] = Lane.Ticks(BucketCount)[SlotIndexOf(slot)];
                }
            }
        }
    }

    /// <summary>Asks for the cache lines of all records.</summary>
    internal void PrefetchEntries()
    {
        ulong end = BucketAt(BucketCount);
        for (ulong bucket = FirstBucket; bucket < end; bucket += Bucket.Size)
        {
            for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
            {
                Native.Prefetch(Bucket.EntryAt(Bucket.FirstSlot(bucket, occupied)));
            }
        }
    }

    internal void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        PrefetchEntries();
        ulong end = BucketAt(BucketCount);
        for (ulong bucket = FirstBucket; bucket < end; bucket += Bucket.Size)
        {
            for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
            {
                visitor.Visit(Bucket.EntryAt(Bucket.FirstSlot(bucket, occupied)));
            }
        }
    }
}
