using System.Globalization;
using System.Text;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Sketches;
using Xunit;

namespace Bixbite.Unit.Structures.Sketches;

/// <summary>The most frequent keys, compared with counting them all.</summary>
public sealed class HeavyKeeperTests
{
    private const int WidthBits = 12;

    [Theory]
    [InlineData(0.8)]
    [InlineData(1.0)]
    [InlineData(1.3)]
    public void The_ten_most_frequent_of_many_keys_are_found_and_counted(double skew)
    {
        var zipf = new ZipfKeys(200_000, skew, new Random(1));
        HeavyKeeper keeper = Create(topCount: 64);
        long[] exact = new long[200_000];
        for (int i = 0; i < 2_000_000; i++)
        {
            int rank = zipf.Next();
            exact[rank]++;
            Add(keeper, rank);
        }
        Assert.Equal(2_000_000, keeper.Total);
        Dictionary<string, long> told = keeper.Top.Take(10).ToDictionary(NameOf, key => key.Count);
        int[] best = [.. Enumerable.Range(0, exact.Length).OrderByDescending(rank => exact[rank]).Take(10)];
        foreach (int rank in best)
        {
            long count = told[Name(rank)];
            Assert.InRange(count, exact[rank] * 0.97, exact[rank]);
        }
    }

    [Fact]
    public void Nothing_is_lost_where_every_key_has_its_bucket()
    {
        HeavyKeeper keeper = Create(topCount: 8);
        var random = new Random(2);
        long[] exact = new long[8];
        for (int i = 0; i < 50_000; i++)
        {
            int key = random.Next(8);
            int count = random.Next(1, 5);
            exact[key] += count;
            Add(keeper, key, count);
        }
        Assert.Equal(
            exact.Select((count, key) => (Name(key), count)).OrderBy(each => each.Item1),
            keeper.Top.Select(key => (NameOf(key), key.Count)).OrderBy(each => each.Item1));
        Assert.Equal(exact.Sum(), keeper.Total);
        Assert.Equal(keeper.Top.Select(key => key.Count).OrderDescending(), keeper.Top.Select(key => key.Count));
    }

    [Fact]
    public void No_count_is_more_than_the_true_one()
    {
        HeavyKeeper keeper = new(widthBits: 4, topCount: 16, keySizeMax: 64, seed: 3);
        var zipf = new ZipfKeys(1000, 0.7, new Random(3));
        Dictionary<string, long> exact = [];
        for (int i = 0; i < 100_000; i++)
        {
            int rank = zipf.Next();
            exact[Name(rank)] = exact.GetValueOrDefault(Name(rank)) + (i % 3) + 1;
            Add(keeper, rank, (i % 3) + 1);
        }
        Assert.Equal(16, keeper.Top.Length);
        Assert.All(keeper.Top, key => Assert.InRange(key.Count, 1, exact[NameOf(key)]));
    }

    /// <summary>An occurrence that counts for many displaces what that many would have displaced.</summary>
    [Fact]
    public void A_heavy_key_displaces_light_ones()
    {
        HeavyKeeper keeper = new(widthBits: 1, topCount: 4, keySizeMax: 64, seed: 4);
        for (int i = 0; i < 100; i++)
        {
            Add(keeper, i);
        }
        Add(keeper, 1000, count: 1_000_000);
        RankedKey first = keeper.Top[0];
        Assert.Equal(Name(1000), NameOf(first));
        Assert.InRange(first.Count, 999_000, 1_000_000);
    }

    [Fact]
    public void Halved_counts_go_on()
    {
        HeavyKeeper keeper = Create(topCount: 3);
        Add(keeper, 1, count: 100);
        Add(keeper, 2, count: 1);
        keeper.Halve();
        Add(keeper, 1, count: 10);
        RankedKey only = Assert.Single(keeper.Top);
        Assert.Equal((Name(1), 60L), (NameOf(only), only.Count));
        keeper.Clear();
        Assert.Empty(keeper.Top);
        Assert.Equal(0, keeper.Total);
        Add(keeper, 2);
        Assert.Equal(1, Assert.Single(keeper.Top).Count);
    }

    [Fact]
    public void Long_keys_are_cut_and_told_by_their_length()
    {
        HeavyKeeper keeper = new(WidthBits, topCount: 2, keySizeMax: 5, seed: 5);
        keeper.Add(77, group: 3, "a long key"u8);
        RankedKey key = Assert.Single(keeper.Top);
        Assert.Equal("a lon", NameOf(key));
        Assert.Equal((10, 3, 77UL), (key.Length, key.Group, key.Hash));
    }

    [Fact]
    public void Its_memory_is_known()
    {
        HeavyKeeper keeper = new(WidthBits, topCount: 128, keySizeMax: 128, seed: 6);
        Assert.InRange(keeper.MemoryBytes, HeavyKeeper.Depth * 8 << WidthBits, 128 * 1024);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = new HeavyKeeper(WidthBits, topCount: 128, keySizeMax: 128, seed: 6);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, keeper.MemoryBytes);
    }

    private static HeavyKeeper Create(int topCount) => new(WidthBits, topCount, keySizeMax: 64, seed: 7);

    private static void Add(HeavyKeeper keeper, int rank, long count = 1)
    {
        byte[] key = Encoding.ASCII.GetBytes(Name(rank));
        keeper.Add(KeyHash.Of(9, key), group: 0, key, count);
    }

    private static string Name(int rank) => "key:" + rank.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(RankedKey key) => Encoding.ASCII.GetString(key.Key);
}
