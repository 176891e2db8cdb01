using Bixbite.Keyspace;
using Xunit;

namespace Bixbite.Unit.Keyspace;

public sealed class EvictionTests : IDisposable
{
    private const long Now = 1_700_000_000_000;
    private const int KeyCount = 400;

    private readonly KeyspaceFixture _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void NoEvictionRefuses()
    {
        _keyspace.Put("a", "v");
        _keyspace.KeyCountLimit = 0;
        Assert.False(_keyspace.Eviction.MakeRoom());
        Assert.True(_keyspace.Exists("a"));
    }

    [Theory]
    [InlineData(EvictionPolicy.AllKeysLru)]
    [InlineData(EvictionPolicy.VolatileLru)]
    public void LruPrefersWhatWasNotUsedLately(EvictionPolicy policy)
    {
        _keyspace.Eviction.SetPolicy(policy);
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.SetTime(Now + (i * 1000));
            _keyspace.Put($"key:{i}", "v", Now + 1_000_000_000);
        }
        Evict(KeyCount / 2);
        Assert.True(SurvivorsIn(KeyCount / 2, KeyCount) > SurvivorsIn(0, KeyCount / 2) * 2);
    }

    [Fact]
    public void LfuPrefersWhatIsSeldomUsed()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysLfu);
        _keyspace.Access.LfuLogFactor = 0;
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.Put($"key:{i}", "v");
        }
        for (int i = KeyCount / 2; i < KeyCount; i++)
        {
            for (int n = 0; n < 20; n++)
            {
                _keyspace.Keys.Read(_keyspace.Databases[0], System.Text.Encoding.ASCII.GetBytes($"key:{i}"));
            }
        }
        Evict(KeyCount / 2);
        Assert.True(SurvivorsIn(KeyCount / 2, KeyCount) > SurvivorsIn(0, KeyCount / 2) * 3);
    }

    [Fact]
    public void VolatileTtlPrefersWhatExpiresSoon()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.VolatileTtl);
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.Put($"key:{i}", "v", Now + 10_000 + (i * 1000));
        }
        Evict(KeyCount / 2);
        Assert.True(SurvivorsIn(KeyCount / 2, KeyCount) > SurvivorsIn(0, KeyCount / 2) * 2);
    }

    [Theory]
    [InlineData(EvictionPolicy.VolatileLru)]
    [InlineData(EvictionPolicy.VolatileLfu)]
    [InlineData(EvictionPolicy.VolatileRandom)]
    [InlineData(EvictionPolicy.VolatileTtl)]
    public void VolatilePoliciesSpareKeysWithoutDeadline(EvictionPolicy policy)
    {
        _keyspace.Eviction.SetPolicy(policy);
        for (int i = 0; i < 50; i++)
        {
            _keyspace.Put($"volatile:{i}", "v", Now + 100_000);
            _keyspace.Put($"lasting:{i}", "v", database: 1);
        }
        _keyspace.KeyCountLimit = 0;
        bool isRoom = true;
        for (int i = 0; i < 1000 && isRoom; i++)
        {
            isRoom = _keyspace.Eviction.MakeRoom();
        }
        Assert.False(isRoom);
        Assert.Equal(0, _keyspace.Databases[0].Count);
        Assert.Equal(50, _keyspace.Databases[1].Count);
        Assert.Equal(50, _keyspace.Statistics.Evicted);
    }

    [Fact]
    public void RandomPolicyEvictsFromEveryDatabase()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
        for (int i = 0; i < 100; i++)
        {
            _keyspace.Put($"key:{i}", "v", database: i % 2);
        }
        Evict(20);
        Assert.InRange(_keyspace.Databases[0].Count, 5, 15);
    }

    private void Evict(long leave)
    {
        _keyspace.KeyCountLimit = leave;
        while (_keyspace.IsOverLimit)
        {
            Assert.True(_keyspace.Eviction.MakeRoom());
        }
    }

    private int SurvivorsIn(int first, int end) => Enumerable.Range(first, end - first).Count(i => _keyspace.Exists($"key:{i}"));
}
