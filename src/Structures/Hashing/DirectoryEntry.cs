using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A word of the directory: all that a search needs to go straight to a bucket. Below the directory's own depth a word may lead to a
/// node instead, which is two further words: one for each value of the hash's next bit.
/// <code>
///   segment | depth: 6 bits | lost bits: 3 bits | buckets: 10 bits | segment's address / 8: 45 bits |
///   node    | 0                                                    | node's address / 8: 45 bits    |
///
///   buckets   1 .. 63 as they are, 64 + k for 2^k - 1
/// </code>
/// </summary>
internal readonly struct DirectoryEntry
{
    private readonly ulong _bits;

    private const int BucketCountShift = 45;
    private const int LostBitsShift = 55;
    private const int DepthShift = 58;
    private const int BucketCountMask = (1 << (LostBitsShift - BucketCountShift)) - 1;
    private const int LargeCode = SegmentSize.BucketCountNormalMax + 1;

    internal DirectoryEntry(Segment segment)
    {
        ref SegmentHeader header = ref segment.Header;
        _bits = (segment.Address >> 3)
            | ((ulong)CodeOf(header.BucketCount) << BucketCountShift)
            | ((ulong)header.LostBits << LostBitsShift)
            | ((ulong)header.Depth << DepthShift);
    }

    private DirectoryEntry(ulong node) => _bits = node >> 3;

    internal static DirectoryEntry ToNode(ulong address) => new(address);

    internal bool IsNode
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bits >> BucketCountShift == 0;
    }

    /// <summary>The node's address, where this leads to a node.</summary>
    internal ulong Node => _bits << 3;

    internal Segment Segment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((_bits & ((1UL << BucketCountShift) - 1)) << 3);
    }

    internal int BucketCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int code = (int)(_bits >> BucketCountShift) & BucketCountMask;
            return code < LargeCode ? code : (1 << (code - LargeCode)) - 1;
        }
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

    private static int CodeOf(int bucketCount) =>
        bucketCount < LargeCode ? bucketCount : LargeCode + BitOperations.Log2((uint)bucketCount + 1);
}
