using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

public sealed class IndexScanTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    [InlineData(3, 100)]
    [InlineData(4, 1000)]
    public void VisitsWhatStaysExactlyOnceWhateverComesAndGoes(int seed, int hint) => Run<TestKeys>(seed, hint, 4_000, 20_000);

    /// <summary>Enough keys that places lose all the bits they may, and are taken from the keys again.</summary>
    [Fact]
    public void VisitsExactlyOnceThroughManyGenerations() => Run<TestKeys>(5, 8, 2_000, 160_000);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    public void VisitsExactlyOnceWhenEverythingCollides(int seed, int hint) => Run<CollidingKeys>(seed, hint, 500, 2_000);

    [Fact]
    public void AnEmptyIndexIsDoneAtOnce()
    {
        using var heap = new Heap();
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        Assert.Equal(0UL, index.Scan(0, 10, _ => Assert.Fail("nothing is there")));
        Assert.Equal(0UL, index.Scan(ulong.MaxValue, 10, _ => Assert.Fail("nothing is there")));
    }

    [Fact]
    public void StepsComeCloseToTheHint()
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        for (int i = 0; i < 50_000; i++)
        {
            Insert(index, heap, i);
        }
        ulong cursor = 0;
        int steps = 0;
        do
        {
            int found = 0;
            cursor = index.Scan(cursor, 10, _ => found++);
            Assert.InRange(found, cursor == 0 ? 0 : 10, 40);
            Assert.True(cursor < 1UL << 48);
            steps++;
        }
        while (cursor != 0);
        Assert.InRange(steps, 2_000, 5_000);
    }

    [Fact]
    public void SegmentsAreVisitedWhole()
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        for (int i = 0; i < 50_000; i++)
        {
            Insert(index, heap, i);
        }
        var visitor = new Counter(new int[50_000]);
        ulong cursor = 0;
        do
        {
            cursor = index.VisitSegmentOnce(cursor, new VisitEpoch(0, 1), ref visitor);
        }
        while (cursor != 0);
        Assert.All(visitor.Visits, count => Assert.Equal(1, count));
    }

    private static void Run<TKeys>(int seed, int hint, int stayingCount, int movingCount)
        where TKeys : struct, IEntryKeys
    {
        var random = new Random(seed);
        for (int round = 0; round < (hint == 1 ? 2 : 6); round++)
        {
            using var heap = new Heap(isFenced: false);
            var index = new HashIndex<TKeys>(heap, IndexRoot.Allocate(heap, 1), (ulong)random.NextInt64());
            for (int i = 0; i < stayingCount; i++)
            {
                Insert(index, heap, i);
            }
            var moving = new List<int>();
            int next = stayingCount;
            int start = random.Next(3) * movingCount / 2;
            while (moving.Count < start)
            {
                Add();
            }
            int[] visits = new int[stayingCount];
            ulong cursor = 0;
            bool isGrowing = random.Next(2) == 0;
            do
            {
                cursor = index.Scan(cursor, hint, entry =>
                {
                    int number = TestRecords.NumberOf(entry);
                    if (number < stayingCount)
                    {
                        visits[number]++;
                    }
                });
                int changes = random.Next(movingCount * hint / stayingCount);
                for (int i = 0; i < changes; i++)
                {
                    if (isGrowing && moving.Count < movingCount)
                    {
                        Add();
                    }
                    else if (moving.Count > 0)
                    {
                        Drop();
                    }
                }
                if (random.Next(200) == 0)
                {
                    isGrowing = !isGrowing;
                }
            }
            while (cursor != 0);
            Assert.All(visits, count => Assert.Equal(1, count));
            index.Verify();

            void Add()
            {
                moving.Add(next);
                Insert(index, heap, next++);
            }

            void Drop()
            {
                int chosen = random.Next(moving.Count);
                Remove(index, heap, moving[chosen]);
                moving[chosen] = moving[^1];
                moving.RemoveAt(moving.Count - 1);
            }
        }
    }

    private static void Insert<TKeys>(HashIndex<TKeys> index, Heap heap, int number)
        where TKeys : struct, IEntryKeys
    {
        ulong record = TestRecords.Create(heap, number);
        index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
    }

    private readonly struct Counter(int[] visits) : IEntryVisitor
    {
        public int[] Visits => visits;

        public void Visit(ulong entry) => visits[TestRecords.NumberOf(entry)]++;
    }

    private static void Remove<TKeys>(HashIndex<TKeys> index, Heap heap, int number)
        where TKeys : struct, IEntryKeys
    {
        byte[] key = BitConverter.GetBytes(number);
        IndexPosition position = index.Find(index.HashOf(key), key);
        ulong record = index.EntryAt(position);
        index.Remove(position);
        heap.Free(record);
    }
}
