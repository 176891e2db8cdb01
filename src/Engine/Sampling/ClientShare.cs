using System.Numerics;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Sampling;

/// <summary>
/// The work of clients of one name, or of one user. Their times are sampled, and counted in buckets that grow with the time: an octave
/// is cut into four, so a percentile is at most a quarter too high.
/// </summary>
public sealed class ClientShare
{
    private const int OctaveCount = 26;
    private const int PartBits = 2;
    private const int PartCount = 1 << PartBits;
    private const long UsMax = (1L << OctaveCount) - 1;

    private readonly uint[] _times = new uint[(OctaveCount - 1) * PartCount];
    private long _timeCount;

    internal ClientShare(string name) => Name = name;

    /// <summary>The bytes that it takes.</summary>
    public static long MemoryBytes => ((OctaveCount - 1) * PartCount * sizeof(uint)) + 96;

    public string Name { get; }

    /// <summary>Requests that ran.</summary>
    public long Calls { get; private set; }

    /// <summary>Microseconds that they took.</summary>
    public long DurationUs { get; private set; }

    /// <summary>Errors that they, and requests that were refused, were answered with.</summary>
    public long Errors { get; private set; }

    /// <summary>Microseconds that so many of a hundred requests did not exceed; 0 while none was looked at.</summary>
    public long PercentileUs(double percent)
    {
        double wanted = Math.Max(percent / 100 * _timeCount, 1);
        long sum = 0;
        for (int i = 0; i < _times.Length; i++)
        {
            sum += _times[i];
            if (sum >= wanted)
            {
                return UpperEnd(i);
            }
        }
        return 0;
    }

    internal void Add(in ClientWork work)
    {
        Calls += work.Calls;
        DurationUs += work.DurationUs;
        Errors += work.Errors;
    }

    /// <summary>A request took so long that stands for some.</summary>
    internal void Sample(long durationUs, long weight)
    {
        ref uint time = ref _times[BucketOf(Math.Clamp(durationUs, 0, UsMax))];
        time = (uint)Math.Min(time + weight, uint.MaxValue);
        _timeCount += weight;
    }

    private static int BucketOf(long us)
    {
        if (us < PartCount)
        {
            return (int)us;
        }
        int octave = BitOperations.Log2((ulong)us);
        return ((octave - 1) << PartBits) + (int)((us >> (octave - PartBits)) & (PartCount - 1));
    }

    /// <summary>The longest time that a bucket counts.</summary>
    private static long UpperEnd(int bucket)
    {
        if (bucket < PartCount)
        {
            return bucket;
        }
        int octave = (bucket >> PartBits) + 1;
        return ((long)(PartCount + (bucket & (PartCount - 1)) + 1) << (octave - PartBits)) - 1;
    }
}
