using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

/// <summary>
/// Keys come in the worst order there is, chosen by who knows the seeds, or are chosen so that their hashes agree. What is counted is
/// memory and the depth of the search, which bound the time.
/// </summary>
public sealed class HostileOrderTests : IDisposable
{
    private const ulong Seed = 3;
    private const int Count = 200_000;

    private readonly Heap _records = new(isFenced: false);
    private readonly Heap _heap = new(isFenced: false);

    public void Dispose()
    {
        _records.Dispose();
        _heap.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_order_of_an_index_is_no_order_for_another(bool isReserved)
    {
        HashIndex<TestKeys> source = Fill(1, Numbers(Count));
        long worst = 0;
        var target = new HashIndex<TestKeys>(_heap, IndexRoot.Allocate(_heap, 2), Seed);
        if (isReserved)
        {
            target.Reserve(Count);
        }
        InsertAll(target, Walked(source), index => worst = Math.Max(worst, index.MemoryBytes - (index.Count * 12)));
        target.Verify();
        Assert.InRange(target.MemoryBytes, 0, source.MemoryBytes * 13 / 10);
        if (!isReserved)
        {
            Assert.InRange(worst, 0, 16_000);
        }
        Assert.Equal(0, NodeCountOf(target));
    }

    [Theory]
    [InlineData(Order.Rising)]
    [InlineData(Order.Falling)]
    [InlineData(Order.FromTheMiddle)]
    public void The_order_of_the_very_index_costs_a_constant_factor(Order order)
    {
        HashIndex<TestKeys> source = Fill(1, Numbers(Count));
        int[] numbers = Ordered(Walked(source), order);
        var target = new HashIndex<TestKeys>(_heap, IndexRoot.Allocate(_heap, 1), Seed);
        int deepest = 0;
        InsertAll(target, numbers, index =>
        {
            deepest = Math.Max(deepest, DeepestOf(index));
            Assert.InRange(index.MemoryBytes, 0, 4_096 + (index.Count * 16));
        });
        target.Verify();
        Assert.InRange(deepest, 1, 24);
        Assert.InRange(target.MemoryBytes, 0, source.MemoryBytes * 12 / 10);
        Assert.Equal(0, NodeCountOf(target));
        Assert.Equal(numbers.Order(), Walked(target).Order());
    }

    [Fact]
    public void What_is_taken_out_but_for_a_key_comes_back_in_the_same_order()
    {
        HashIndex<TestKeys> index = Fill(1, Numbers(Count));
        int[] numbers = Walked(index);
        for (int round = 0; round < 2; round++)
        {
            RemoveAll(index, numbers[1..]);
            index.Verify();
            Assert.InRange(index.MemoryBytes, 0, 1_000);
            InsertAll(index, numbers[1..], Check);
            index.Verify();
            RemoveAll(index, numbers[..^1]);
            InsertAll(index, numbers[..^1], Check);
            index.Verify();
        }

        static void Check(HashIndex<TestKeys> index) => Assert.InRange(index.MemoryBytes, 0, 4_096 + (index.Count * 18));
    }

    [Fact]
    public void An_index_that_was_empty_has_another_order()
    {
        HashIndex<TestKeys> index = Fill(1, Numbers(1_000));
        int[] numbers = Walked(index);
        RemoveAll(index, numbers);
        InsertAll(index, numbers, _ => { });
        Assert.NotEqual(numbers, Walked(index));
    }

    /// <summary>Hashes that agree in their first bits, in all but the last, and altogether.</summary>
    [Theory]
    [InlineData(20, 20_000)]
    [InlineData(30, 20_000)]
    [InlineData(44, 20_000)]
    [InlineData(50, 4_000)]
    [InlineData(64, 4_000)]
    public void Hashes_that_agree_are_borne(int sameBits, int count)
    {
        AgreeingKeys.SameBits = sameBits;
        var index = new HashIndex<AgreeingKeys>(_heap, IndexRoot.Allocate(_heap, 1), Seed);
        for (int i = 0; i < count; i++)
        {
            ulong record = TestRecords.Create(_records, BitConverter.GetBytes(i), i % 2 == 0 ? EntryDeadline.None : i);
            IndexPosition position = index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            index.SetDeadline(position, TestRecords.DeadlineOf(record));
        }
        index.Verify();
        Assert.InRange(index.MemoryBytes, 0, 16_384 + (count * 24));
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
        {
            byte[] key = BitConverter.GetBytes(random.Next(count));
            Assert.True(index.Find(index.HashOf(key), key).IsFound);
            Assert.NotEqual(0UL, index.RandomEntry(random));
        }
        Assert.Equal(count, ScannedCount(index));
        ulong[] due = new ulong[count];
        int dueCount = index.CollectDueExactly(count, due, int.MaxValue, out _);
        Assert.Equal(count / 2, dueCount);
        for (int i = 0; i < count; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            index.Remove(index.Find(index.HashOf(key), key));
        }
        index.Verify();
        Assert.InRange(index.MemoryBytes, 0, 1_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Clusters_come_and_go_among_scattered_keys(int seed)
    {
        var random = new Random(seed);
        AgreeingKeys.SameBits = 0;
        var index = new HashIndex<AgreeingKeys>(_heap, IndexRoot.Allocate(_heap, 1), Seed);
        var here = new List<int>();
        int next = 0;
        for (int round = 0; round < 40; round++)
        {
            AgreeingKeys.Clusters = true;
            for (int i = random.Next(4_000); i > 0; i--)
            {
                ulong record = TestRecords.Create(_records, BitConverter.GetBytes(next), i % 3 == 0 ? i : EntryDeadline.None);
                index.SetDeadline(index.Insert(index.HashOf(TestRecords.KeyOf(record)), record), TestRecords.DeadlineOf(record));
                here.Add(next++);
            }
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(here));
            int gone = random.Next(here.Count);
            foreach (int number in here[..gone])
            {
                byte[] key = BitConverter.GetBytes(number);
                IndexPosition position = index.Find(index.HashOf(key), key);
                Assert.True(position.IsFound);
                index.Remove(position);
            }
            here.RemoveRange(0, gone);
            index.Verify();
            Assert.Equal(here.Count, ScannedCount(index));
        }
        AgreeingKeys.Clusters = false;
        Assert.Equal(_heap.UsedBytes, index.MemoryBytes + IndexRoot.SizeOf);
        index.Release();
        Assert.Equal(IndexRoot.SizeOf, _heap.UsedBytes);
    }

    private static int[] Numbers(int count) => [.. Enumerable.Range(0, count)];

    private static int ScannedCount<TKeys>(HashIndex<TKeys> index)
        where TKeys : struct, IEntryKeys
    {
        var seen = new HashSet<ulong>();
        ulong cursor = 0;
        do
        {
            cursor = index.Scan(cursor, 10, entry => Assert.True(seen.Add(entry)));
        }
        while (cursor != 0);
        return seen.Count;
    }

    private static int[] Ordered(int[] rising, Order order) => order switch
    {
        Order.Rising => rising,
        Order.Falling => [.. rising.Reverse()],
        _ => [.. rising[(rising.Length / 2)..], .. rising[..(rising.Length / 2)]],
    };

    private static int[] Walked(HashIndex<TestKeys> index)
    {
        var numbers = new List<int>();
        var walk = default(IndexWalk);
        ulong[] entries = new ulong[64];
        for (int count = index.Walk(ref walk, entries); count > 0; count = index.Walk(ref walk, entries))
        {
            numbers.AddRange(entries[..count].Select(TestRecords.NumberOf));
        }
        return [.. numbers];
    }

    private static int NodeCountOf(HashIndex<TestKeys> index)
    {
        int count = 0;
        for (long i = 0; i < index.Directory.WordCount; i++)
        {
            count += index.Directory.WordAt(i).IsNode ? 1 : 0;
        }
        return count;
    }

    private static int DeepestOf(HashIndex<TestKeys> index)
    {
        int deepest = 0;
        for (int i = 0; i < index.SegmentCount; i++)
        {
            deepest = Math.Max(deepest, index.Directory.Segments[i].Depth);
        }
        return deepest;
    }

    private static void RemoveAll(HashIndex<TestKeys> index, int[] numbers)
    {
        foreach (int number in numbers)
        {
            byte[] key = BitConverter.GetBytes(number);
            index.Remove(index.Find(index.HashOf(key), key));
        }
    }

    private HashIndex<TestKeys> Fill(ulong indexSeed, int[] numbers)
    {
        var index = new HashIndex<TestKeys>(_heap, IndexRoot.Allocate(_heap, indexSeed), Seed);
        InsertAll(index, numbers, _ => { });
        return index;
    }

    private void InsertAll(HashIndex<TestKeys> index, int[] numbers, Action<HashIndex<TestKeys>> check)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            ulong record = TestRecords.Create(_records, numbers[i]);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            if (i % 1_000 == 0)
            {
                check(index);
            }
        }
    }

    public enum Order
    {
        Rising,
        Falling,
        FromTheMiddle,
    }

    /// <summary>Hashes whose first bits are zero; or every second key's hash is in one of a few small ranges.</summary>
    private readonly struct AgreeingKeys : IEntryKeys
    {
        [ThreadStatic]
        internal static int SameBits;

        [ThreadStatic]
        internal static bool Clusters;

        public static ReadOnlySpan<byte> KeyOf(ulong entry) => TestRecords.KeyOf(entry);

        public static long DeadlineMsOf(ulong entry) => TestRecords.DeadlineOf(entry);

        public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key)
        {
            ulong hash = KeyHash.Of(seed, key);
            if (!Clusters)
            {
                return SameBits == 64 ? 0 : hash >> SameBits;
            }
            return (key[0] & 3) switch
            {
                0 => hash,
                1 => 0x7654_3210_9ABC_DEF0 ^ (hash >> 40),
                2 => ((hash & 7) << 61) | (hash >> 33),
                _ => ulong.MaxValue - (hash >> 20),
            };
        }

        public static ulong Spread(ulong hash, ulong indexSeed) => hash;
    }
}
