using Xunit;

namespace Bixbite.Unit.Keyspace;

public sealed class ActiveExpiryTests : IDisposable
{
    private const long Now = 1_700_000_000_000;
    private const long Unbounded = long.MaxValue / 4;

    private readonly KeyspaceFixture _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void RemovesWhatIsDueAndNothingElse()
    {
        for (int i = 0; i < 5000; i++)
        {
            _keyspace.Put($"key:{i}", "v", Now + (i * 10));
        }
        _keyspace.Put("for ever", "v");
        _keyspace.SetTime(Now + 25_000);
        while (_keyspace.Expiry.Run(Unbounded))
        {
        }
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(i >= 2500, _keyspace.Exists($"key:{i}"));
        }
        Assert.True(_keyspace.Exists("for ever"));
        Assert.Equal(2500, _keyspace.Statistics.Expired);
        Assert.Equal(2500, _keyspace.Changes.Count);
        Assert.Contains("0:expired:key:0", _keyspace.Changes);
    }

    [Fact]
    public void FindsKeysDaysAhead()
    {
        _keyspace.Put("far", "v", Now + (90L * 24 * 3600 * 1000));
        for (long day = 0; day < 90; day += 10)
        {
            _keyspace.SetTime(Now + (day * 24 * 3600 * 1000));
            _keyspace.Expiry.Run(Unbounded);
            Assert.True(_keyspace.Exists("far"));
        }
        _keyspace.SetTime(Now + (90L * 24 * 3600 * 1000) + 1000);
        while (_keyspace.Expiry.Run(Unbounded))
        {
        }
        Assert.False(_keyspace.Exists("far"));
    }

    [Fact]
    public void EveryDatabaseGetsItsTurn()
    {
        _keyspace.Put("a", "v", Now + 1, database: 0);
        _keyspace.Put("b", "v", Now + 1, database: 1);
        _keyspace.SetTime(Now + 5000);
        while (_keyspace.Expiry.Run(Unbounded))
        {
        }
        Assert.Equal(0, _keyspace.Databases[0].Count);
        Assert.Equal(0, _keyspace.Databases[1].Count);
    }

    [Fact]
    public void CanBeSwitchedOff()
    {
        _keyspace.Put("a", "v", Now + 1);
        _keyspace.SetTime(Now + 5000);
        _keyspace.Expiry.IsOn = false;
        Assert.False(_keyspace.Expiry.Run(Unbounded));
        Assert.Equal(1, _keyspace.Databases[0].Count);
    }

    [Fact]
    public void AccessRemovesWhatIsDue()
    {
        _keyspace.Put("a", "v", Now + 1);
        Assert.True(_keyspace.Keys.Read(_keyspace.Databases[0], "a"u8).Exists);
        _keyspace.SetTime(Now + 1);
        Assert.True(_keyspace.Keys.Read(_keyspace.Databases[0], "a"u8).Exists);
        _keyspace.SetTime(Now + 2);
        Assert.False(_keyspace.Keys.Read(_keyspace.Databases[0], "a"u8).Exists);
        Assert.Equal(["0:expired:a"], _keyspace.Changes);
        Assert.Equal(2, _keyspace.Statistics.Hits);
        Assert.Equal(1, _keyspace.Statistics.Misses);
    }
}
