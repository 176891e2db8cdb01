using System.Globalization;
using System.Text;
using Bixbite.Structures.Sketches;
using Xunit;

namespace Bixbite.Unit.Structures.Sketches;

/// <summary>The highest numbers, compared with a list of all.</summary>
public sealed class TopKeysTests
{
    private const int Capacity = 8;

    /// <summary>
    /// What only rises is found exactly; and of what falls and goes, what is there is right, and lower than what is told is only what was
    /// lower or was replaced.
    /// </summary>
    [Fact]
    public void Rising_numbers_are_ranked_as_by_sorting_all()
    {
        Random random = Seed.NewRandom();
        var top = new TopKeys(Capacity, keySizeMax: 32);
        long[] numbers = new long[100];
        for (int i = 0; i < 20_000; i++)
        {
            int key = random.Next(numbers.Length);
            numbers[key] += random.Next(1, 1000);
            top.Set((ulong)key + 1, group: 0, Encoding.ASCII.GetBytes(Name(key)), numbers[key]);
        }
        Assert.Equal(numbers.OrderDescending().Take(Capacity), top.Sorted.Select(key => key.Count));
        Assert.All(top.Sorted, key => Assert.Equal(Name((int)key.Hash - 1), Encoding.ASCII.GetString(key.Key)));
        Assert.Equal(top.Sorted[^1].Count, top.Least);
    }

    [Fact]
    public void Every_number_told_is_the_latest_of_its_key()
    {
        Random random = Seed.NewRandom();
        var top = new TopKeys(Capacity, keySizeMax: 32);
        Dictionary<ulong, long> latest = [];
        for (int i = 0; i < 20_000; i++)
        {
            ulong hash = (ulong)random.Next(1, 30);
            if (random.Next(4) == 0)
            {
                latest.Remove(hash);
                top.Remove(hash);
            }
            else
            {
                latest[hash] = random.Next(1, 1000);
                top.Set(hash, group: 0, "k"u8, latest[hash]);
            }
            Assert.True(top.Count <= Capacity);
            foreach (RankedKey key in top.Sorted)
            {
                Assert.Equal(latest[key.Hash], key.Count);
                Assert.True(key.Count >= top.Least);
            }
        }
    }

    [Fact]
    public void Whoever_is_among_them_is_not_raised_to_less()
    {
        var top = new TopKeys(2, keySizeMax: 4);
        top.Raise(1, 0, "a"u8, 10);
        top.Raise(1, 0, "a"u8, 5);
        top.Raise(2, 7, "longer"u8, 3);
        top.Raise(3, 0, "c"u8, 3);
        Assert.Equal([10L, 3L], top.Sorted.Select(key => key.Count));
        Assert.Equal(("long", 6, 7), (Encoding.ASCII.GetString(top.Sorted[1].Key), top.Sorted[1].Length, top.Sorted[1].Group));
        Assert.True(top.Has(2));
        Assert.False(top.Has(3));
    }

    [Fact]
    public void Groups_go_and_change_places_at_once()
    {
        var top = new TopKeys(4, keySizeMax: 4);
        for (ulong hash = 1; hash <= 4; hash++)
        {
            top.Set(hash, group: (int)hash % 2, "k"u8, (long)hash * 10);
        }
        top.RemoveGroup(0);
        top.Set(7, group: 2, "long"u8, 50);
        top.ExchangeGroups(1, 2, difference: 64);
        Assert.Equal([(71UL, 1), (67UL, 2), (65UL, 2)], top.Sorted.Select(key => (key.Hash, key.Group)));
        Assert.Equal(0, top.Least);
        top.Set(67, 2, "k"u8, 5);
        Assert.Equal([50L, 10L, 5L], top.Sorted.Select(key => key.Count));
        top.Clear();
        Assert.Empty(top.Sorted);
    }

    [Fact]
    public void What_is_halved_to_nothing_goes()
    {
        var top = new TopKeys(3, keySizeMax: 4);
        top.Set(1, 0, "a"u8, 9);
        top.Set(2, 0, "b"u8, 1);
        top.Set(3, 0, "c"u8, 4);
        top.Halve();
        Assert.Equal([(1UL, 4L), (3UL, 2L)], top.Sorted.Select(key => (key.Hash, key.Count)));
    }

    [Fact]
    public void Keys_that_come_and_go_allocate_nothing()
    {
        var top = new TopKeys(3, keySizeMax: 32);
        byte[] key = new byte[32];
        void Turn()
        {
            for (ulong hash = 1; hash <= 8; hash++)
            {
                top.Set(hash, 0, key.AsSpan(0, (int)hash * 4), (long)hash);
                top.Remove(hash - 1);
            }
            top.ExchangeGroups(0, 1, 5);
            top.RemoveGroup(1);
        }
        for (int i = 0; i < 10; i++)
        {
            Turn();
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Name(int key) => "key:" + key.ToString(CultureInfo.InvariantCulture);
}
