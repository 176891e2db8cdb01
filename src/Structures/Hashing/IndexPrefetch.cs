using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Asks the processor for the memory that a search will need, some searches ahead: first the buckets, then, when those are there, the
/// records. It works on any index, whatever its records are.
/// </summary>
public readonly struct IndexPrefetch
{
    private readonly SegmentDirectory _directory;

    public IndexPrefetch(Heap heap, ulong root) => _directory = new SegmentDirectory(heap, root);

    internal IndexPrefetch(SegmentDirectory directory) => _directory = directory;

    /// <summary>Asks for the cache line that a search for this hash begins with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bucket(ulong hash)
    {
        hash = Spread(hash);
        Native.Prefetch(HomeBucketOf(_directory.EntryOf(hash), hash));
    }

    /// <summary>Asks for the cache lines that an insertion of this hash needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Room(ulong hash)
    {
        hash = Spread(hash);
        DirectoryEntry entry = _directory.EntryOf(hash);
        Native.Prefetch(entry.Segment.Address);
        Native.Prefetch(HomeBucketOf(entry, hash));
    }

    /// <summary>Asks for the records that this hash may mean; the bucket should be in the cache by now.</summary>
    public void Entry(ulong hash)
    {
        hash = Spread(hash);
        DirectoryEntry entry = _directory.EntryOf(hash);
        ulong bucket = HomeBucketOf(entry, hash);
        uint place = entry.PlaceOf(hash);
        ulong meta = Native.At<ulong>(bucket);
        for (ulong matches = Hashing.Bucket.Matches(meta, Hashing.Bucket.TagOf(hash)); matches != 0; matches &= matches - 1)
        {
            ulong content = Native.At<ulong>(Hashing.Bucket.FirstSlot(bucket, matches));
            if (Hashing.Bucket.PlaceIn(content) == place)
            {
                Native.Prefetch(Hashing.Bucket.EntryIn(content));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Spread(ulong hash) => KeyHash.Spread(hash, _directory.Root.Seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HomeBucketOf(DirectoryEntry entry, ulong hash)
    {
        uint index = Segment.HomeOf(entry.PlaceOf(hash), entry.BucketCount);
        return entry.Segment.FirstBucket + ((ulong)index * Hashing.Bucket.Size);
    }
}
