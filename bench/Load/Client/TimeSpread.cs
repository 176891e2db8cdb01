using System.Diagnostics;

namespace Bixbite.Load.Client;

/// <summary>How long many things took, to ten microseconds; whatever takes a second or more counts as a second.</summary>
internal sealed class TimeSpread
{
    private const double SlotsPerSecond = 100_000;

    private readonly long[] _counts = new long[(int)SlotsPerSecond + 1];
    private long _count;

    public void Note(long stopwatchTicks)
    {
        double slot = stopwatchTicks * SlotsPerSecond / Stopwatch.Frequency;
        _counts[(int)Math.Min(slot, SlotsPerSecond)]++;
        _count++;
    }

    /// <summary>So large a share of them took no longer.</summary>
    public double QuantileMs(double share)
    {
        long before = 0;
        int slot = 0;
        while (slot < _counts.Length - 1 && before + _counts[slot] < share * _count)
        {
            before += _counts[slot++];
        }
        return (slot + 1) * 1000 / SlotsPerSecond;
    }
}
