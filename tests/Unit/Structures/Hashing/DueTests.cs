using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

public sealed class DueTests
{
    private const long StartMs = 1_790_000_000_000;
    private const int LagMaxMs = 32 + 1;

    /// <param name="seed">Of everything random here.</param>
    /// <param name="stepMs">About how far the clock goes between two collections; long ones jump over whole periods.</param>
    /// <param name="spanMs">Deadlines lie up to so far ahead.</param>
    [Theory]
    [InlineData(1, 20, 5_000)]
    [InlineData(2, 20, 10_000_000)]
    [InlineData(3, 100_000, 10_000_000)]
    [InlineData(4, 3_000_000, 100_000_000)]
    [InlineData(5, 1, 200)]
    public void CollectsAllThatIsDueAndNothingElse(int seed, int stepMs, int spanMs)
    {
        var random = new Random(seed);
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), (ulong)seed);
        var deadlines = new Dictionary<int, long>();
        ulong[] entries = new ulong[32];
        long nowMs = StartMs;
        int next = 0;
        int collected = 0;
        for (int step = 0; step < 3_000; step++)
        {
            nowMs += random.Next(2 * stepMs);
            for (int i = random.Next(step < 500 ? 40 : 10); i > 0; i--)
            {
                Change();
            }
            if (step % 5 == 0)
            {
                continue;
            }
            bool more = true;
            for (int calls = 0; more; calls++)
            {
                Assert.True(calls < 10_000, "collecting never ends");
                int count = index.CollectDue(nowMs, entries, out more);
                for (int i = 0; i < count; i++)
                {
                    int number = TestRecords.NumberOf(entries[i]);
                    Assert.True(deadlines[number] < nowMs);
                    Remove(index, heap, number);
                    deadlines.Remove(number);
                    collected++;
                }
            }
            Assert.All(deadlines.Values, deadlineMs => Assert.True(deadlineMs > nowMs - LagMaxMs));
            if (step % 100 == 0)
            {
                index.Verify();
            }
        }
        Assert.True(collected > 100, $"only {collected} were collected");
        Assert.Equal(deadlines.Count, index.VolatileCount);

        void Change()
        {
            long deadlineMs = nowMs + random.Next(spanMs) - (random.Next(20) == 0 ? spanMs : 0);
            if (deadlines.Count > 0 && random.Next(5) == 0)
            {
                int number = deadlines.Keys.First();
                byte[] key = BitConverter.GetBytes(number);
                IndexPosition position = index.Find(index.HashOf(key), key);
                TestRecords.SetDeadline(index.EntryAt(position), deadlineMs);
                index.SetDeadline(position, deadlineMs);
                deadlines[number] = deadlineMs;
                return;
            }
            ulong record = TestRecords.Create(heap, BitConverter.GetBytes(next), deadlineMs);
            index.SetDeadline(index.Insert(index.HashOf(TestRecords.KeyOf(record)), record), deadlineMs);
            deadlines.Add(next++, deadlineMs);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 100)]
    [InlineData(3, 3_000_000)]
    public void CollectsToTheMillisecondAndKnowsTheNext(int seed, int stepMs)
    {
        var random = new Random(seed);
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), (ulong)seed);
        var deadlines = new Dictionary<int, long>();
        ulong[] entries = new ulong[8];
        long nowMs = StartMs;
        for (int step = 0; step < 3_000; step++)
        {
            ulong record = TestRecords.Create(heap, BitConverter.GetBytes(step), nowMs + random.Next(20 * stepMs));
            index.SetDeadline(index.Insert(index.HashOf(TestRecords.KeyOf(record)), record), TestRecords.DeadlineOf(record));
            deadlines.Add(step, TestRecords.DeadlineOf(record));
            nowMs += random.Next(2 * stepMs);
            for (int count = entries.Length; count == entries.Length;)
            {
                count = index.CollectDueExactly(nowMs, entries, int.MaxValue, out _);
                foreach (ulong entry in entries.AsSpan(0, count))
                {
                    Assert.True(deadlines.Remove(TestRecords.NumberOf(entry)));
                    index.Remove(index.Find(index.HashOf(TestRecords.KeyOf(entry)), TestRecords.KeyOf(entry)));
                    heap.Free(entry);
                }
            }
            Assert.All(deadlines.Values, deadlineMs => Assert.True(deadlineMs >= nowMs));
            if (deadlines.Count > 0)
            {
                Assert.True(index.NextDueMs(readsMax: 1) <= deadlines.Values.Min());
            }
        }
        index.Verify();
    }

    [Fact]
    public void ADeadlineCostsLittle()
    {
        using var heap = new Heap(isFenced: false);
        using var records = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        for (int i = 0; i < 200_000; i++)
        {
            ulong record = TestRecords.Create(records, BitConverter.GetBytes(i), StartMs + i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
        }
        long without = index.MemoryBytes;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            index.SetDeadline(index.Find(index.HashOf(key), key), StartMs + i);
        }
        double perKey = (double)(index.MemoryBytes - without) / 200_000;
        Assert.True(perKey < 2.7, $"{perKey}");
        index.Verify();
    }

    [Fact]
    public void WhatTheCallerLeavesComesAgainAndAClockThatGoesBackDoesNoHarm()
    {
        using var heap = new Heap();
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        ulong record = TestRecords.Create(heap, BitConverter.GetBytes(1), StartMs);
        index.SetDeadline(index.Insert(index.HashOf(TestRecords.KeyOf(record)), record), StartMs);
        ulong[] entries = new ulong[4];
        foreach (long nowMs in new[] { StartMs + 32, StartMs - 5_000_000, StartMs + 64, StartMs + 9_000_000 })
        {
            int expected = nowMs > StartMs ? 1 : 0;
            Assert.Equal(expected, index.CollectDue(nowMs, entries, out bool more));
            Assert.False(more);
        }
    }

    private static void Remove(HashIndex<TestKeys> index, Heap heap, int number)
    {
        byte[] key = BitConverter.GetBytes(number);
        IndexPosition position = index.Find(index.HashOf(key), key);
        ulong record = index.EntryAt(position);
        index.Remove(position);
        heap.Free(record);
    }
}
