using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A word of the directory: all that a search needs to go straight to a bucket.
/// <code>
///   | depth: 6 bits | lost bits: 3 bits | buckets: 10 bits | segment's address / 8: 45 bits |
/// </code>
/// </summary>
internal readonly struct DirectoryEntry
{
    private readonly ulong _bits;

    private const int BucketCountShift = 45;
    private const int LostBitsShift = 55;
    private const int DepthShift = 58;

    internal DirectoryEntry(Segment segment)
    {
        ref SegmentHeader header = ref segment.Header;
        _bits = (segment.Address >> 3)
            | ((ulong)header.BucketCount << BucketCountShift)
            | ((ulong)header.LostBits << LostBitsShift)
            | ((ulong)header.Depth << DepthShift);
    }

    internal Segment Segment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((_bits & ((1UL << BucketCountShift) - 1)) << 3);
    }

    internal int BucketCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_bits >> BucketCountShift) & SegmentSize.BucketCountMax;
    }

    internal int Depth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_bits >> DepthShift);
    }

    internal int LostBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_bits >> LostBitsShift) & SegmentHeader.LostBitsMax;
    }

    /// <summary>The place of a hash in this segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint PlaceOf(ulong hash) => Segment.PlaceOf(hash, Depth, LostBits);
}
