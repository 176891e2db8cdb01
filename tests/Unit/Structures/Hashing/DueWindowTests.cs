using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

/// <summary>Counting and leaving out what lies within a window of time, beside a naive model.</summary>
public sealed class DueWindowTests
{
    private const long StartMs = 1_700_000_000_000;

    /// <summary>Within a tick, within some, within a period, and over several of them.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(500)]
    [InlineData(1_500_000)]
    [InlineData(9_000_000)]
    public void CountsAndVisitsAsTheModel(int spreadMs)
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        var deadlines = new List<long>();
        for (int i = 0; i < 3_000; i++)
        {
            long deadlineMs = i % 5 == 0 ? EntryDeadline.None : StartMs + random.Next(spreadMs);
            ulong record = TestRecords.Create(heap, BitConverter.GetBytes(i), deadlineMs);
            IndexPosition at = index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            index.SetDeadline(at, deadlineMs);
            deadlines.Add(deadlineMs);
        }
        var some = deadlines.Where(deadlineMs => deadlineMs != EntryDeadline.None).ToList();
        var all = new DeadlineRange(some.Min() - random.Next(40), some.Max() + random.Next(40));
        long fromMs = StartMs - 100;
        for (int step = 0; step < 60; step++)
        {
            long toMs = fromMs + random.Next(spreadMs / 10);
            long count = index.CountWithin(step % 7 == 0 ? long.MinValue : fromMs, toMs, all, out long laterMs);
            Assert.Equal(some.Count(deadlineMs => (step % 7 == 0 || deadlineMs >= fromMs) && deadlineMs < toMs), count);
            Assert.DoesNotContain(some, deadlineMs => deadlineMs >= toMs && deadlineMs < laterMs);
            var visitor = new Numbers([]);
            index.VisitFrom(toMs, all, ref visitor);
            Assert.Equal(visitor.Found.Count, visitor.Found.Distinct().Count());
            Assert.All(
                Enumerable.Range(0, deadlines.Count).Where(i => deadlines[i] == EntryDeadline.None || deadlines[i] >= toMs),
                i => Assert.Contains(i, visitor.Found));
            fromMs = toMs;
        }
    }

    [Fact]
    public void NoDeadlinesCountNothing()
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        Assert.Equal(0, index.CountWithin(long.MinValue, StartMs, new DeadlineRange(0, 0), out long laterMs));
        Assert.Equal(long.MaxValue, laterMs);
    }

    private readonly struct Numbers(HashSet<int> found) : IEntryVisitor
    {
        public HashSet<int> Found => found;

        public void Visit(ulong entry) => Assert.True(found.Add(TestRecords.NumberOf(entry)));
    }
}
