using System.Diagnostics;
using System.Numerics;

namespace Bixbite.Engine.Statistics;

/// <summary>
/// Counts durations in buckets whose width grows with the duration, so that two decimal digits stay exact: below 256 ns every value has its
/// own bucket, and every octave above is cut into 128. These are the buckets of the HDR histogram that Redis uses (1 ns to 1 s, two
/// digits), so percentiles come out alike.
/// <code>
///   bucket   0 .. 255 | 256 .. 383 | 384 .. 511 | ...
///   from     0 .. 255 | 256 ns     | 512 ns     | ...
///   width           1 |          2 |          4 | ...
/// </code>
/// The array covers only what was seen so far, so a fast command's histogram is a few kilobytes.
/// </summary>
public sealed class LatencyHistogram
{
    public const long NsMax = 1_000_000_000;
    private const int OctaveBits = 7;
    private const int OctaveSize = 1 << OctaveBits;

    private long[] _counts = new long[2 * OctaveSize];

    /// <summary>How many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a duration; longer ones than a second count as a second.</summary>
    public void Add(long durationNs)
    {
        int bucket = BucketOf(Math.Clamp(durationNs, 1, NsMax));
        if (bucket >= _counts.Length)
        {
            Array.Resize(ref _counts, (bucket / OctaveSize * OctaveSize) + OctaveSize);
        }
        _counts[bucket]++;
        Count++;
    }

    /// <summary>The duration in nanoseconds that this percentage of all calls did not exceed, as exact as the buckets are.</summary>
    public long Percentile(double percent)
    {
        long wanted = Math.Max((long)((Math.Min(percent, 100) / 100 * Count) + 0.5), 1);
        long sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += _counts[i];
            if (sum >= wanted)
            {
                return UpperEnd(i);
            }
        }
        return 0;
    }

    /// <summary>
    /// The histogram of LATENCY HISTOGRAM: octave by octave, the longest duration in microseconds and how many calls took at most so long,
    /// up to the octave by which all are counted. Octaves that add nothing are left out.
    /// </summary>
    public IEnumerable<KeyValuePair<long, long>> CumulativeByOctave()
    {
        long sum = 0;
        int next = 0;
        for (long octaveNs = 1024; sum < Count; octaveNs *= 2)
        {
            long before = sum;
            int last = BucketOf(octaveNs);
            for (; next <= last && next < _counts.Length; next++)
            {
                sum += _counts[next];
            }
            if (sum != before)
            {
                yield return new KeyValuePair<long, long>(UpperEnd(last) / 1000, sum);
            }
        }
    }

    private static int BucketOf(long ns)
    {
        Debug.Assert(ns >= 0);
        int shift = Math.Max(BitOperations.Log2((ulong)ns) - OctaveBits, 0);
        return (shift * OctaveSize) + (int)(ns >> shift);
    }

    /// <summary>The longest duration that a bucket counts.</summary>
    private static long UpperEnd(int bucket)
    {
        int shift = Math.Max((bucket / OctaveSize) - 1, 0);
        return ((bucket - (shift * OctaveSize) + 1L) << shift) - 1;
    }
}
