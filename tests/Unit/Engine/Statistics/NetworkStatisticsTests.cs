using Bixbite.Engine.Statistics;
using Xunit;

namespace Bixbite.Unit.Engine.Statistics;

public sealed class NetworkStatisticsTests
{
    [Fact]
    public void Loops_are_summed_up_since_the_last_reset()
    {
        var network = new NetworkStatistics();
        var first = new NetworkCounts(10, 20, 1, 2, 0, 7, 100);
        long longestUs = 40;
        network.AddLoop(new LoopCounts(() => first, () => longestUs, () => longestUs = 0));
        network.AddLoop(new LoopCounts(() => new NetworkCounts(1, 2, 3, 4, 5, 0, 1), () => 7, () => { }));
        Assert.Equal(new NetworkCounts(11, 22, 4, 6, 5, 7, 101), network.Total);
        Assert.Equal(new NetworkCounts(1, 2, 3, 4, 5, 0, 1), network.Threaded);
        Assert.Equal(40, network.LongestRoundUs);
        network.Reset();
        Assert.Equal(default, network.Total);
        Assert.Equal(default, network.Threaded);
        Assert.Equal(7, network.LongestRoundUs);
        first = first with { BytesReceived = 15 };
        Assert.Equal(5, network.Total.BytesReceived);
    }

    [Fact]
    public void Rates_are_per_second()
    {
        var statistics = new ServerStatistics();
        var rates = new InstantRates(statistics, new NetworkStatistics());
        for (int i = 1; i <= 20; i++)
        {
            statistics.CommandsProcessed += 100;
            rates.Sample(i * 100_000);
        }
        Assert.Equal(1000, rates.Commands.PerSecond);
        rates.Reset();
        Assert.Equal(0, rates.Commands.PerSecond);
    }
}
