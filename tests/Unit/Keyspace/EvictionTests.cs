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
    public void WhatEvictionMakesClientsHoldIsNoReasonToEvict()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.Put($"key:{i}", new string('v', 100));
        }
        _keyspace.Told = () => _keyspace.ClientBytes += 10_000;
        _keyspace.ByteLimit = _keyspace.UsedBytes - 10_000;
        Assert.True(_keyspace.Eviction.MakeRoom());
        Assert.InRange(_keyspace.Statistics.Evicted, 50, 120);
        Assert.True(_keyspace.Eviction.MakeRoom());
        Assert.InRange(_keyspace.Statistics.Evicted, 50, 120);
    }

    [Fact]
    public void WhatIsStillToBeFreedGoesFirst()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.Put($"large:{i}", new string('v', 10_000), database: 1);
        }
        _keyspace.Put("small", "v");
        _keyspace.Databases.Flush(_keyspace.Databases[1], lazily: true);
        _keyspace.ByteLimit = _keyspace.UsedBytes - 2_000_000;
        Assert.True(_keyspace.Eviction.MakeRoom());
        Assert.InRange(_keyspace.UsedBytes, 0, _keyspace.ByteLimit);
        Assert.Equal(0, _keyspace.Statistics.Evicted);
    }

    [Fact]
    public void NothingIsRemovedWhereRemovingAllWouldNotHelp()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysLru);
        _keyspace.Put("a", "v");
        _keyspace.ClientBytes = 1_000_001;
        _keyspace.ByteLimit = 1_000_000;
        Assert.False(_keyspace.Eviction.MakeRoom());
        Assert.True(_keyspace.Exists("a"));
        Assert.False(_keyspace.Eviction.HasRoomFor(1));
        _keyspace.ClientBytes = 0;
        Assert.True(_keyspace.Eviction.HasRoomFor(900_000));
        Assert.False(_keyspace.Eviction.HasRoomFor(1_000_001));
    }

    [Fact]
    public void SlicesGoOnUntilThereIsRoom()
    {
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
        _keyspace.Eviction.SliceUs = 0;
        for (int i = 0; i < KeyCount; i++)
        {
            _keyspace.Put($"key:{i}", "v");
        }
        _keyspace.KeyCountLimit = 10;
        int slices = 1;
        for (; _keyspace.Eviction.RunSlice(); slices++)
        {
            Assert.InRange(slices, 1, KeyCount);
        }
        Assert.Equal(10, _keyspace.Databases[0].Count);
        Assert.InRange(slices, KeyCount / 20, KeyCount);
        Assert.False(_keyspace.Eviction.RunSlice());
    }

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
    [InlineData(EvictionPolicy.AllKeysLru)]
    [InlineData(EvictionPolicy.AllKeysLfu)]
    [InlineData(EvictionPolicy.VolatileLru)]
    [InlineData(EvictionPolicy.VolatileLfu)]
    public void CandidatesThatWereUsedSinceStay(EvictionPolicy policy)
    {
        _keyspace.Eviction.SetPolicy(policy);
        _keyspace.Eviction.SampleCount = EvictionChoice.SampleCountMax;
        _keyspace.Access.LfuLogFactor = 0;
        for (int i = 0; i < 16; i++)
        {
            _keyspace.Put($"key:{i}", "v", Now + 1_000_000_000);
        }
        _keyspace.SetTime(Now + 10_000);
        Evict(15);
        string[] left = [.. Enumerable.Range(0, 16).Select(i => $"key:{i}").Where(key => _keyspace.Exists(key))];
        foreach (string key in left[1..])
        {
            _keyspace.Keys.Read(_keyspace.Databases[0], System.Text.Encoding.ASCII.GetBytes(key));
        }
        Evict(14);
        Assert.False(_keyspace.Exists(left[0]));
    }

    [Fact]
    public void OfEqualCandidatesTheFirstGoesFirst()
    {
        var pool = new EvictionPool();
        pool.Offer(0, "second"u8, 7);
        pool.Offer(0, "third"u8, 7);
        pool.Offer(0, "first"u8, 8);
        foreach (string name in (string[])["first", "second", "third"])
        {
            Assert.True(pool.TryTake(out _, out ReadOnlySpan<byte> key, out ulong score));
            Assert.Equal(name, System.Text.Encoding.ASCII.GetString(key));
            Assert.Equal(name == "first" ? 8ul : 7ul, score);
        }
        Assert.False(pool.TryTake(out _, out _, out _));
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
