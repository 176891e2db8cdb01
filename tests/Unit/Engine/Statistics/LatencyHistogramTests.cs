using Bixbite.Engine.Statistics;
using CsCheck;
using Xunit;

namespace Bixbite.Unit.Engine.Statistics;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(255, 255)]
    [InlineData(256, 257)]
    [InlineData(1000, 1003)]
    [InlineData(20_000, 20_095)]
    [InlineData(2_000_000_000, 1_002_438_655)]
    public void ShowsTheUpperEndOfABucket(long ns, long upperEnd)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(ns);
        Assert.Equal(upperEnd, histogram.Percentile(50));
    }

    [Fact]
    public void KeepsTwoDigits() =>
        Gen.Long[1, LatencyHistogram.NsMax].Array[1, 100].Sample(durations =>
        {
            var histogram = new LatencyHistogram();
            foreach (long duration in durations)
            {
                histogram.Add(duration);
            }
            Array.Sort(durations);
            long median = durations[Math.Max((int)((0.5 * durations.Length) + 0.5), 1) - 1];
            long shown = histogram.Percentile(50);
            return histogram.Count == durations.Length && shown >= median && shown <= median + (median / 100);
        });

    [Fact]
    public void CumulatesByOctave()
    {
        var histogram = new LatencyHistogram();
        foreach (long us in (long[])[1, 1, 3, 40])
        {
            histogram.Add(us * 1000);
        }
        Assert.Equal([new(1, 2), new(4, 3), new(66, 4)], histogram.CumulativeByOctave());
    }

    [Fact]
    public void IsEmptyAtFirst()
    {
        var histogram = new LatencyHistogram();
        Assert.Empty(histogram.CumulativeByOctave());
        Assert.Equal(0, histogram.Percentile(99));
    }
}
