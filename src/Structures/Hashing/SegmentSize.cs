namespace Bixbite.Structures.Hashing;

/// <summary>
/// How many buckets a segment may have: small steps, so that about five slots in six are in use at any key count. With its header line
/// each size is a block size of the heap, so nothing is lost to rounding.
/// </summary>
internal static class SegmentSize
{
    /// <summary>The most buckets a segment grows to before it splits.</summary>
    internal const int BucketCountNormalMax = 63;

    /// <summary>
    /// The most buckets at all. Only a segment that cannot split any more grows beyond the normal maximum: one whose entries' hashes
    /// begin with the same <see cref="SegmentDirectory.DepthMax"/> bits, which only who knows the seeds can bring about.
    /// </summary>
    internal const int BucketCountMax = (1 << 26) - 1;

    /// <summary>
    /// A bucket that so many entries passed is the home of too many: where hashes spread by chance it does not happen, at any load.
    /// </summary>
    internal const int PassedCountMax = 56;

    private static ReadOnlySpan<byte> Steps => [1, 2, 4, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63];

    /// <summary>A segment with this many entries grows before the next one: nine tenths of its slots.</summary>
    internal static uint CountMax(int bucketCount) =>
        bucketCount == 1 ? Bucket.SlotCount : (uint)(((long)bucketCount * Bucket.SlotCount * 115) >> 7);

    /// <summary>A segment with fewer entries shrinks, or joins its buddy: a quarter of its slots.</summary>
    internal static uint CountMin(int bucketCount) => (uint)(bucketCount * Bucket.SlotCount) / 4;

    /// <summary>The smallest size for so many entries.</summary>
    internal static int For(uint count)
    {
        foreach (byte step in Steps)
        {
            if (count <= CountMax(step))
            {
                return step;
            }
        }
        int bucketCount = BucketCountNormalMax;
        while (bucketCount < BucketCountMax && count > CountMax(bucketCount))
        {
            bucketCount = Next(bucketCount);
        }
        return bucketCount;
    }

    /// <summary>How many bits of the hash choose the segment where so many entries find segments that need not split.</summary>
    internal static int DepthFor(long count, int depthMax)
    {
        int depth = 0;
        while (depth < depthMax && WithSpread(count >> depth) > CountMax(BucketCountNormalMax))
        {
            depth++;
        }
        return depth;
    }

    /// <summary>The size that nearly no segment exceeds at this average: hashes spread by chance, so by a square root or two.</summary>
    internal static uint WithSpread(long average) =>
        (uint)Math.Min(average + (long)(1.5 * Math.Sqrt(average)), uint.MaxValue);

    /// <summary>The next larger size, or the same if there is none.</summary>
    internal static int Next(int bucketCount)
    {
        foreach (byte step in Steps)
        {
            if (step > bucketCount)
            {
                return step;
            }
        }
        return Math.Min((bucketCount * 2) + 1, BucketCountMax);
    }
}
