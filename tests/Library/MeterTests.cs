using System.Diagnostics.Metrics;

namespace Bixbite.Library;

/// <summary>A meter has an instrument for each number of INFO, and tells the same.</summary>
public sealed class MeterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NumbersOfInfoAreMeasured()
    {
        using Meter meter = new(BixbiteServer.MeterName);
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Meter = meter, Cancellation);
        using MeterReadings readings = new(read => read == meter);
        await server.ExecuteAsync("SET", "key", "value");
        await server.ExecuteAsync("GET", "key");
        await server.ExecuteAsync("GET", "missing");
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("INCR", "key"));
        IReadOnlyDictionary<string, double> numbers = readings.Read();
        Assert.Equal(1, numbers["bixbite.db_keys 0"]);
        Assert.Equal(1, numbers["bixbite.keyspace_misses"]);
        Assert.Equal(2, numbers["bixbite.cmdstat_calls get"]);
        Assert.Equal(1, numbers["bixbite.cmdstat_failed_calls incr"]);
        Assert.Equal(1, numbers["bixbite.errorstat_count ERR"]);
        Assert.InRange(numbers["bixbite.used_memory"], 1000, 1L << 40);
        Assert.Equal(0, numbers["bixbite.rejected_connections"]);
        // Constants, and numbers of what is not there.
        Assert.DoesNotContain("bixbite.cluster_enabled", readings.Instruments.Keys);
        Assert.Contains("bixbite.aof_unsynced_length", readings.Instruments.Keys);
        Assert.DoesNotContain("bixbite.aof_unsynced_length", numbers.Keys);
    }

    [Fact]
    public async Task TheyAreOfTheirKindAndUnit()
    {
        using Meter meter = new(BixbiteServer.MeterName);
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Meter = meter, Cancellation);
        using MeterReadings readings = new(read => read == meter);
        Assert.IsType<ObservableCounter<double>>(readings.Instruments["bixbite.keyspace_hits"]);
        Assert.IsType<ObservableGauge<double>>(readings.Instruments["bixbite.used_memory"]);
        Assert.Equal("By", readings.Instruments["bixbite.used_memory"].Unit);
        Assert.Equal("us", readings.Instruments["bixbite.cmdstat_usec"].Unit);
        Assert.Null(readings.Instruments["bixbite.keyspace_hits"].Unit);
        Dictionary<string, string> info = InfoOf((await server.ExecuteAsync("INFO", "everything")).AsString()!);
        string[] told =
            [.. readings.Read().Keys.Where(static name => !name.Contains(' ')).Select(static name => name["bixbite.".Length..])];
        Assert.True(told.Length > 100, $"only {told.Length}");
        Assert.All(told, name => Assert.True(info.ContainsKey(name) || name.StartsWith("eventloop_", StringComparison.Ordinal), name));
    }

    /// <summary>What changes between two collections is seen, be there never so little time.</summary>
    [Fact]
    public async Task EachCollectionReadsAgain()
    {
        using Meter meter = new(BixbiteServer.MeterName);
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Meter = meter, Cancellation);
        using MeterReadings readings = new(read => read == meter);
        for (int i = 1; i < 50; i++)
        {
            await server.ExecuteAsync("SET", $"key{i}", i);
            Assert.Equal(i, readings.Read()["bixbite.db_keys 0"]);
        }
    }

    [Fact]
    public async Task AServerThatHasEndedTellsNothing()
    {
        using Meter meter = new(BixbiteServer.MeterName);
        using MeterReadings readings = new(read => read == meter);
        BixbiteServer server = await BixbiteServer.StartAsync(o => o.Meter = meter, Cancellation);
        Assert.NotEmpty(readings.Read());
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("SHUTDOWN"));
        await server.Completion.WaitAsync(Cancellation);
        Assert.Empty(readings.Read());
        await server.DisposeAsync();
        Assert.Empty(readings.Read());
    }

    private static Dictionary<string, string> InfoOf(string text) => text.Split("\r\n")
        .Select(static line => line.Split(':', 2)).Where(static parts => parts.Length == 2)
        .ToDictionary(static parts => parts[0], static parts => parts[1]);
}
