using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A word of the directory: all that a search needs to go straight to a bucket.
/// <code>
///   | depth: 6 bits | buckets: 10 bits | segment's address: 48 bits |
/// </code>
/// </summary>
internal readonly struct DirectoryEntry
{
    private readonly ulong _bits;

    internal DirectoryEntry(Segment segment) =>
        _bits = segment.Address | ((ulong)segment.Header.BucketCount << 48) | ((ulong)segment.Header.Depth << 58);

    internal Segment Segment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_bits & Bucket.EntryMask);
    }

    internal int BucketCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_bits >> 48) & SegmentSize.BucketCountMax;
    }

    internal int Depth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_bits >> 58);
    }
}
