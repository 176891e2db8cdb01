using System.Text;
using Bixbite.Engine.Sampling;
using Xunit;

namespace Bixbite.Unit.Engine.Sampling;

public sealed class RecentKeysTests
{
    [Fact]
    public void The_last_ones_are_kept_with_their_beginnings()
    {
        var keys = new RecentKeys();
        Assert.Equal((0, 0L), (keys.Count, keys.OldestUs));
        for (int i = 0; i < RecentKeys.CountMax + 10; i++)
        {
            keys.Add(database: i % 3, Encoding.ASCII.GetBytes($"key:{i}:{new string('x', 100)}"), weight: i, nowUs: i);
        }
        Assert.Equal(RecentKeys.CountMax, keys.Count);
        Assert.Equal(10, keys.OldestUs);
        Assert.StartsWith($"key:{RecentKeys.CountMax}:x", Encoding.ASCII.GetString(keys[0].Start), StringComparison.Ordinal);
        Assert.Equal((RecentKeys.CountMax % 3, (long)RecentKeys.CountMax, 59), (keys[0].Database, keys[0].Weight, keys[0].Start.Length));
        Assert.Equal(10, keys[10].Weight);
        keys.Clear();
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public void All_that_is_always_on_takes_less_than_a_megabyte()
    {
        using var engine = new EngineFixture();
        long bytes = engine.Get<RequestSampler>().HotKeys.MemoryBytes + RecentKeys.MemoryBytes + BigKeys.MemoryBytesOf(typeCount: 6)
            + ClientStatistics.MemoryBytes;
        Assert.InRange(bytes, 1, 1 << 20);
    }
}
