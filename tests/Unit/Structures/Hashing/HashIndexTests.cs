using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

public sealed class HashIndexTests
{
    [Fact]
    public void LayoutsHaveTheirSizes()
    {
        Assert.Equal(64, Unsafe.SizeOf<SegmentHeader>());
        Assert.Equal(8, Unsafe.SizeOf<DirectoryEntry>());
        Assert.Equal(IndexRoot.SizeOf, Unsafe.SizeOf<IndexRoot>());
        for (int bucketCount = 0; bucketCount < SegmentSize.BucketCountNormalMax;)
        {
            bucketCount = SegmentSize.Next(bucketCount);
            long size = Segment.SizeFor(bucketCount);
            Assert.Equal(size, SizeClass.SizeOf(SizeClass.Of(size)));
        }
    }

    [Fact]
    public void TagsMatchExactly()
    {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[8];
            for (int k = 0; k < 8; k++)
            {
                bytes[k] = (byte)(random.Next(2) == 0 ? random.Next(4) : random.Next(256));
            }
            ulong meta = BitConverter.ToUInt64(bytes);
            byte tag = (byte)random.Next(1, 4);
            for (int k = 0; k < 8; k++)
            {
                ulong top = 0x80UL << (k * 8);
                Assert.Equal(k < 7 && bytes[k] == tag, (Bucket.Matches(meta, tag) & top) != 0);
                Assert.Equal(k < 7 && bytes[k] == 0, (Bucket.Empty(meta) & top) != 0);
                Assert.Equal(k < 7 && bytes[k] != 0, (Bucket.Occupied(meta) & top) != 0);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BehavesAsADictionary(int seed) => RunAgainstDictionary<TestKeys>(seed, 40_000, 30_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BehavesAsADictionaryWhenEverythingCollides(int seed) => RunAgainstDictionary<CollidingKeys>(seed, 12_000, 4_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BehavesAsADictionaryWhenHashesAreShort(int seed) => RunAgainstDictionary<CrowdedKeys>(seed, 12_000, 10_000);

    [Fact]
    public void AnEmptyIndexIsTiny()
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        Assert.Equal(heap.UsedBytes, index.MemoryBytes + IndexRoot.SizeOf);
        Assert.True(index.MemoryBytes <= 136, $"{index.MemoryBytes}");
        index.Release();
        Assert.Equal(IndexRoot.SizeOf, heap.UsedBytes);
    }

    [Fact]
    public void MemoryFollowsTheNumberOfKeysUpAndDown()
    {
        using var heap = new Heap(isFenced: false);
        using var records = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        var all = new List<ulong>();
        for (int i = 0; i < 300_000; i++)
        {
            ulong record = TestRecords.Create(records, i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            all.Add(record);
            if (all.Count > 2_000 && all.Count % 5_000 == 0)
            {
                Assert.True(index.MemoryBytes < all.Count * 11.8, $"{(double)index.MemoryBytes / all.Count} bytes per key at {all.Count}");
            }
        }
        Assert.Equal(heap.UsedBytes, index.MemoryBytes + IndexRoot.SizeOf);
        index.Verify();
        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
        while (all.Count > 0)
        {
            ulong record = all[^1];
            ReadOnlySpan<byte> key = TestRecords.KeyOf(record);
            index.Remove(index.Find(index.HashOf(key), key));
            all.RemoveAt(all.Count - 1);
            if (all.Count % 10_000 == 0)
            {
                Assert.True(index.MemoryBytes < 400 + (all.Count * 45), $"{index.MemoryBytes} bytes for {all.Count}");
            }
        }
        Assert.True(index.MemoryBytes < 400, $"{index.MemoryBytes}");
        index.Verify();
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(1, 1)]
    [InlineData(300, 300)]
    [InlineData(400, 400)]
    [InlineData(100_000, 100_000)]
    [InlineData(100_000, 10_000)]
    [InlineData(10_000, 100_000)]
    public void RoomCanBeMadeBefore(int expectedCount, int count)
    {
        using var heap = new Heap(isFenced: false);
        using var records = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        index.Reserve(expectedCount);
        index.Verify();
        long segmentCount = index.SegmentCount;
        for (int i = 0; i < count; i++)
        {
            ulong record = TestRecords.Create(records, BitConverter.GetBytes(i), i % 3 == 0 ? i : EntryDeadline.None);
            IndexPosition position = index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            index.SetDeadline(position, TestRecords.DeadlineOf(record));
        }
        index.Reserve(1_000_000);
        index.Verify();
        Assert.Equal(count, index.Count);
        Assert.Equal(heap.UsedBytes, index.MemoryBytes + IndexRoot.SizeOf);
        if (expectedCount == count && count > 1_000)
        {
            Assert.InRange(index.SegmentCount, segmentCount, segmentCount * 1.01);
            Assert.True(index.MemoryBytes < count * 16.5, $"{(double)index.MemoryBytes / count} bytes per key");
        }
        for (int i = 0; i < count; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            index.Remove(index.Find(index.HashOf(key), key));
        }
        index.Verify();
        index.Release();
        Assert.Equal(IndexRoot.SizeOf, heap.UsedBytes);
    }

    [Fact]
    public void ReleasesEverythingInSlices()
    {
        using var heap = new Heap();
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < 20_000; i++)
        {
            ulong record = TestRecords.Create(heap, BitConverter.GetBytes(i), i % 3 == 0 ? i : EntryDeadline.None);
            IndexPosition position = index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            index.SetDeadline(position, TestRecords.DeadlineOf(record));
        }
        int slices = 0;
        int released = 0;
        bool isLeft = true;
        while (isLeft)
        {
            int before = released;
            isLeft = index.ReleaseSome(1_000, record =>
            {
                heap.Free(record);
                released++;
            });
            Assert.InRange(released - before, 0, 1_500);
            Assert.Equal(20_000 - released, index.Count);
            slices++;
        }
        Assert.InRange(slices, 13, 30);
        Assert.Equal(20_000, released);
        Assert.Equal(0, index.VolatileCount);
        Assert.Equal(0, index.MemoryBytes);
        Assert.Equal(IndexRoot.SizeOf, heap.UsedBytes);
    }

    /// <summary>By the chi-square test: the statistic has the mean n - 1 and about the deviation sqrt(2 n).</summary>
    [Theory]
    [InlineData(3, 3)]
    [InlineData(2_000, 2_000)]
    [InlineData(20_000, 3_000)]
    public void RandomEntriesAreEven(int insertedCount, int count)
    {
        const int Expected = 100;
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < insertedCount; i++)
        {
            ulong record = TestRecords.Create(heap, i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
        }
        for (int i = count; i < insertedCount; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            index.Remove(index.Find(index.HashOf(key), key));
        }
        var random = new Random(1);
        int[] drawn = new int[count];
        for (int i = 0; i < count * Expected; i++)
        {
            drawn[TestRecords.NumberOf(index.RandomEntry(random))]++;
        }
        double statistic = drawn.Sum(times => (times - Expected) * (double)(times - Expected) / Expected);
        double deviation = Math.Sqrt(2 * count);
        Assert.InRange(statistic, count - 1 - (4 * deviation), count - 1 + (4 * deviation));
    }

    [Fact]
    public void ARandomPlaceCanBeRemoved()
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < 5_000; i++)
        {
            ulong record = TestRecords.Create(heap, i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
        }
        var random = new Random(1);
        var removed = new HashSet<int>();
        while (index.Count > 0)
        {
            IndexPosition position = index.RandomPosition(random);
            Assert.True(removed.Add(TestRecords.NumberOf(index.EntryAt(position))));
            index.Remove(position);
            if (removed.Count % 500 == 0)
            {
                index.Verify();
            }
        }
        Assert.Equal(5_000, removed.Count);
        Assert.Equal(0UL, index.RandomEntry(random));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    public void AWalkMeetsEveryEntryOnce(int count)
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < count; i++)
        {
            ulong record = TestRecords.Create(heap, i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
        }
        var met = new List<int>();
        var walk = default(IndexWalk);
        ulong[] entries = new ulong[IndexWalk.StepSizeMin + 3];
        for (int step = index.Walk(ref walk, entries); step > 0; step = index.Walk(ref walk, entries))
        {
            met.AddRange(entries[..step].Select(TestRecords.NumberOf));
        }
        Assert.Equal(0, index.Walk(ref walk, entries));
        Assert.Equal(Enumerable.Range(0, count), met.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(3_000)]
    public void SamplesAreDifferentEntries(int volatileCount)
    {
        using var heap = new Heap(isFenced: false);
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < 20_000; i++)
        {
            ulong record = TestRecords.Create(heap, BitConverter.GetBytes(i), i < volatileCount ? 1_000_000 + i : EntryDeadline.None);
            IndexPosition position = index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
            index.SetDeadline(position, TestRecords.DeadlineOf(record));
        }
        index.Verify();
        var random = new Random(1);
        ulong[] entries = new ulong[40];
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Equal(40, index.Sample(random, entries));
            Assert.Equal(40, entries.Distinct().Count());
            int count = index.SampleVolatile(random, entries);
            Assert.Equal(Math.Min(40, volatileCount), count);
            Assert.Equal(count, entries.Take(count).Distinct().Count());
            Assert.All(entries.Take(count), entry => Assert.NotEqual(EntryDeadline.None, TestRecords.DeadlineOf(entry)));
        }
    }

    [Fact]
    public void RelocatingMovesEveryRecord()
    {
        using var heap = new Heap();
        var index = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), 5);
        for (int i = 0; i < 3_000; i++)
        {
            ulong record = TestRecords.Create(heap, i);
            index.Insert(index.HashOf(TestRecords.KeyOf(record)), record);
        }
        var evacuation = new Evacuation(heap);
        evacuation.Begin();
        ulong cursor = 0;
        var mover = new RecordMover(evacuation, []);
        int slices = 0;
        do
        {
            evacuation.Allow(100);
            cursor = index.Relocate(cursor, evacuation, ref mover);
            slices++;
        }
        while (cursor != 0);
        Assert.InRange(slices, 30, 1_000);
        Assert.Equal(3_000, mover.Moved.Count);
        index.Verify();
    }

    private static void RunAgainstDictionary<TKeys>(int seed, int steps, int keySpace)
        where TKeys : struct, IEntryKeys
    {
        using var trial = new Trial<TKeys>(seed);
        for (int step = 0; step < steps; step++)
        {
            trial.Step(keySpace, isGrowing: (step / (steps / 4)) % 2 == 0);
            if (step % 50 == 0)
            {
                trial.Relocate();
            }
            if (step % 1_000 == 0)
            {
                trial.Verify();
            }
        }
        trial.RemoveAll();
    }

    /// <summary>An index, and a dictionary to which the same is done.</summary>
    private sealed class Trial<TKeys> : IDisposable
        where TKeys : struct, IEntryKeys
    {
        private readonly Random _random;
        private readonly Heap _heap = new();
        private readonly HashIndex<TKeys> _index;
        private readonly Dictionary<int, ulong> _model = [];
        private readonly Evacuation _evacuation;
        private ulong _relocated;

        public Trial(int seed)
        {
            _random = new Random(seed);
            _index = new HashIndex<TKeys>(_heap, IndexRoot.Allocate(_heap, 1), (ulong)seed);
            _evacuation = new Evacuation(_heap);
        }

        public void Step(int keySpace, bool isGrowing)
        {
            int number = _random.Next(keySpace);
            byte[] key = BitConverter.GetBytes(number);
            ulong hash = _index.HashOf(key);
            _index.PrefetchBucket(hash);
            _index.PrefetchEntry(hash);
            IndexPosition position = _index.Find(hash, key);
            Assert.Equal(_model.TryGetValue(number, out ulong expected), position.IsFound);
            if (!position.IsFound)
            {
                if (_random.Next(100) < (isGrowing ? 95 : 20))
                {
                    Insert(number, key, hash);
                }
                return;
            }
            Assert.Equal(expected, _index.EntryAt(position));
            int choice = _random.Next(100);
            if (choice < (isGrowing ? 10 : 80))
            {
                Remove(number, position);
            }
            else if (choice < 90)
            {
                Replace(number, key, position);
            }
            else
            {
                SetDeadline(position, _random.Next(4) == 0 ? EntryDeadline.None : _random.Next(1 << 27));
            }
            Assert.Equal(_model.Count, _index.Count);
        }

        public void Relocate()
        {
            _evacuation.Begin();
            _evacuation.Allow(_random.Next(500));
            if (_random.Next(3) == 0)
            {
                _relocated = _index.RelocateAlone(_relocated, _evacuation);
            }
            else
            {
                var mover = new RecordMover(_evacuation, _model);
                _relocated = _index.Relocate(_relocated, _evacuation, ref mover);
            }
            if (_random.Next(4) == 0)
            {
                _evacuation.End();
            }
            if (_random.Next(20) == 0)
            {
                _relocated = (ulong)_random.NextInt64(1L << 48);
            }
        }

        public void Verify() => _index.Verify();

        public void RemoveAll()
        {
            Verify();
            Assert.Equal(_model.Values.Count(entry => TestRecords.DeadlineOf(entry) != EntryDeadline.None), _index.VolatileCount);
            foreach (int number in _model.Keys.ToArray())
            {
                byte[] key = BitConverter.GetBytes(number);
                Remove(number, _index.Find(_index.HashOf(key), key));
            }
            Verify();
            Assert.Equal(_heap.UsedBytes, _index.MemoryBytes + IndexRoot.SizeOf);
        }

        public void Dispose() => _heap.Dispose();

        private void Insert(int number, byte[] key, ulong hash)
        {
            long deadlineMs = _random.Next(3) == 0 ? _random.Next(1 << 27) : EntryDeadline.None;
            ulong record = TestRecords.Create(_heap, key, deadlineMs);
            IndexPosition position = _index.Insert(hash, record);
            Assert.Equal(record, _index.EntryAt(position));
            _index.SetDeadline(position, deadlineMs);
            _model.Add(number, record);
        }

        private void Remove(int number, IndexPosition position)
        {
            _index.Remove(position);
            if (_model.Remove(number, out ulong record))
            {
                _heap.Free(record);
            }
        }

        private void Replace(int number, byte[] key, IndexPosition position)
        {
            ulong record = TestRecords.Create(_heap, key, TestRecords.DeadlineOf(_model[number]));
            position.Link.Address = record;
            _heap.Free(_model[number]);
            _model[number] = record;
        }

        private void SetDeadline(IndexPosition position, long deadlineMs)
        {
            TestRecords.SetDeadline(_index.EntryAt(position), deadlineMs);
            _index.SetDeadline(position, deadlineMs);
        }
    }

    /// <summary>Moves records, and tells a model where they are.</summary>
    private readonly struct RecordMover(Evacuation evacuation, Dictionary<int, ulong> moved) : IEntryMover
    {
        public Dictionary<int, ulong> Moved => moved;

        public ulong Move(ulong entry)
        {
            ulong address = evacuation.Move(entry);
            moved[TestRecords.NumberOf(address)] = address;
            return address;
        }
    }
}
