using System.Globalization;
using System.Text;
using Bixbite.Memory;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Structures.Hashing;

/// <summary>An index whose hashes begin with the slots of the keys, against a set of keys per slot.</summary>
public sealed class SlotScanTests
{
    private const ulong Seed = 77;

    [Fact]
    public void TheHashOfAKeyBeginsWithItsSlot()
    {
        ulong seed = KeyHash.Seed(Seed, hasSlots: true);
        ulong indexSeed = KeyHash.NextIndexSeed(seed);
        foreach (string key in (string[])["", "a", "{user}1", "{user}2", "x{}y", "foo{bar}{zap}"])
        {
            byte[] bytes = Encoding.ASCII.GetBytes(key);
            ulong hash = KeyHash.OfKey(seed, bytes);
            Assert.Equal(HashSlot.Of(bytes), KeyHash.SlotOf(hash));
            Assert.Equal(HashSlot.Of(bytes), KeyHash.SlotOf(KeyHash.Spread(hash, indexSeed)));
            Assert.Equal(KeyHash.Of(Seed, bytes), KeyHash.OfKey(KeyHash.Seed(seed, hasSlots: false), bytes));
        }
        Assert.NotEqual(KeyHash.OfKey(seed, "{user}1"u8), KeyHash.OfKey(seed, "{user}2"u8));
    }

    [Theory]
    [InlineData(1, 60_000)]
    [InlineData(3, 20_000)]
    [InlineData(100, 60_000)]
    [InlineData(16_384, 60_000)]
    public void ASlotHasItsKeysWhateverComesAndGoes(int tagCount, int stepCount)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var heap = new Heap(isFenced: false);
        var model = new Dictionary<int, HashSet<string>>();
        var index = NewIndex(heap);
        bool isGrowing = true;
        for (int step = 0; step < stepCount; step++)
        {
            isGrowing = step % (stepCount / 4) < stepCount / 6;
            string key = KeyOf(random.Next(tagCount), random.Next(isGrowing ? 3_000 : 500));
            byte[] bytes = Encoding.ASCII.GetBytes(key);
            ulong hash = index.HashOf(bytes);
            IndexPosition at = index.Find(hash, bytes);
            HashSet<string> keys = SetOf(model, HashSlot.Of(bytes));
            Assert.Equal(keys.Contains(key), at.IsFound);
            if (!at.IsFound && random.Next(4) < (isGrowing ? 3 : 1))
            {
                index.Insert(hash, TestRecords.Create(heap, bytes));
                keys.Add(key);
            }
            else if (at.IsFound && random.Next(4) < (isGrowing ? 1 : 3))
            {
                ulong entry = index.EntryAt(at);
                index.Remove(at);
                heap.Free(entry);
                keys.Remove(key);
            }
            if (step % 10_000 == 9_999)
            {
                index.Verify();
            }
        }
        foreach ((int slot, HashSet<string> keys) in model)
        {
            Assert.Equal(keys, KeysOf(index, slot, random.Next(1, 50)));
        }
        Assert.Empty(KeysOf(index, Enumerable.Range(0, HashSlot.Count).First(slot => !model.ContainsKey(slot)), 10));
    }

    /// <summary>Keys come and go while a slot is walked; those that stay are visited once each.</summary>
    [Fact]
    public void AWalkOfASlotVisitsWhatStaysOnce()
    {
        using var heap = new Heap(isFenced: false);
        var index = NewIndex(heap);
        HashSet<string> staying = [];
        for (int i = 0; i < 2_000; i++)
        {
            Add(index, heap, "{a}" + i);
            staying.Add("{a}" + i);
        }
        int slot = HashSlot.Of("a"u8);
        var found = new List<string>();
        ulong cursor = 0;
        int next = 0;
        do
        {
            cursor = Step(index, slot, cursor, 7, found);
            for (int i = 0; i < 5; i++)
            {
                Add(index, heap, "{a}moving" + next);
                Add(index, heap, "moving elsewhere" + next++);
            }
        }
        while (cursor != 0);
        string[] stayed = [.. found.Where(key => !key.Contains("moving", StringComparison.Ordinal))];
        Assert.Equal(staying.Count, stayed.Length);
        Assert.Equal(staying, stayed.ToHashSet());
    }

    /// <summary>Whoever chooses the tags chooses the slots: keys of few slots must take neither much memory nor long ways.</summary>
    [Theory]
    [InlineData(1, 200_000)]
    [InlineData(1, 300)]
    [InlineData(50, 200_000)]
    [InlineData(1_000, 60_000)]
    public void ChosenTagsCostLittle(int tagCount, int keyCount)
    {
        using var heap = new Heap(isFenced: false);
        var index = NewIndex(heap);
        for (int i = 0; i < keyCount; i++)
        {
            Add(index, heap, KeyOf(i % tagCount, i));
        }
        index.Verify();
        var spread = new HashIndex<TestKeys>(heap, IndexRoot.Allocate(heap, 1), Seed);
        for (int i = 0; i < keyCount; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes(KeyOf(i % tagCount, i));
            spread.Insert(spread.HashOf(key), TestRecords.Create(heap, key));
        }
        double added = (double)(index.MemoryBytes - spread.MemoryBytes) / keyCount;
        Assert.InRange(added, double.NegativeInfinity, keyCount < 1_000 ? 16 : 10);
        Assert.InRange(MeanWay(index), 0, 8);
    }

    /// <summary>Clients may send cursors that were never told.</summary>
    [Fact]
    public void WhateverTheCursorASlotHasOnlyItsOwnKeys()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var heap = new Heap();
        HashIndex<SlottedKeys> index = NewIndex(heap);
        for (int i = 0; i < 5_000; i++)
        {
            Add(index, heap, KeyOf(i % 50, i));
        }
        for (int i = 0; i < 2_000; i++)
        {
            int slot = HashSlot.Of(Encoding.ASCII.GetBytes(KeyOf(random.Next(50), 0)));
            ulong cursor = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            var found = new List<string>();
            Step(index, slot, cursor, random.Next(1, 500), found);
            Assert.All(found, key => Assert.Equal(slot, HashSlot.Of(Encoding.ASCII.GetBytes(key))));
        }
    }

    [Fact]
    public void EachIndexHasAnOrderOfItsOwn()
    {
        using var heap = new Heap();
        ulong seed = KeyHash.Seed(Seed, hasSlots: true);
        ulong indexSeed = KeyHash.NextIndexSeed(seed);
        ulong root = IndexRoot.Allocate(heap, indexSeed);
        ulong order = new HashIndex<SlottedKeys>(heap, root, seed).Order;
        Assert.Equal(order, new HashIndex<SlottedKeys>(heap, root, seed).Order);
        Assert.NotEqual(order, new HashIndex<SlottedKeys>(heap, root, KeyHash.NextIndexSeed(seed)).Order);
        ulong other = IndexRoot.Allocate(heap, KeyHash.NextIndexSeed(indexSeed));
        Assert.NotEqual(order, new HashIndex<SlottedKeys>(heap, other, seed).Order);
    }

    private static HashSet<string> SetOf(Dictionary<int, HashSet<string>> model, int slot) =>
        model.TryGetValue(slot, out HashSet<string>? keys) ? keys : model[slot] = [];

    private static HashIndex<SlottedKeys> NewIndex(Heap heap) =>
        new(heap, IndexRoot.Allocate(heap, KeyHash.Seed(1, hasSlots: true)), KeyHash.Seed(Seed, hasSlots: true));

    private static void Add(HashIndex<SlottedKeys> index, Heap heap, string key)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        index.Insert(index.HashOf(bytes), TestRecords.Create(heap, bytes));
    }

    private static string KeyOf(int tag, int number) => string.Create(CultureInfo.InvariantCulture, $"{{{tag}}}{number}");

    private static HashSet<string> KeysOf(HashIndex<SlottedKeys> index, int slot, int hint)
    {
        var found = new List<string>();
        ulong cursor = 0;
        do
        {
            cursor = Step(index, slot, cursor, hint, found);
        }
        while (cursor != 0);
        Assert.Equal(found.Count, found.Distinct().Count());
        return [.. found];
    }

    private static ulong Step(HashIndex<SlottedKeys> index, int slot, ulong cursor, int hint, List<string> found)
    {
        var collector = new Collector(found);
        return index.ScanSlot(slot, cursor, hint, ref collector);
    }

    /// <summary>How many buckets an entry stands behind its home, in the mean; some twenty if all had one home.</summary>
    private static double MeanWay(HashIndex<SlottedKeys> index)
    {
        long sum = 0;
        ulong hash = 0;
        do
        {
            Segment segment = index.Directory.EntryOf(hash).Segment;
            for (int i = 0; i < segment.BucketCount; i++)
            {
                ulong bucket = segment.BucketAt(i);
                for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
                {
                    uint place = Bucket.PlaceIn(Native.At<ulong>(Bucket.FirstSlot(bucket, occupied)));
                    int home = (int)Segment.HomeOf(place, segment.BucketCount);
                    sum += (i - home + segment.BucketCount) % segment.BucketCount;
                }
            }
            hash = SegmentDirectory.EndOf(segment);
        }
        while (hash != 0);
        return (double)sum / index.Count;
    }

    private readonly struct Collector(List<string> found) : IEntryVisitor
    {
        public void Visit(ulong entry) => found.Add(Encoding.ASCII.GetString(TestRecords.KeyOf(entry)));
    }

    private readonly struct SlottedKeys : IEntryKeys
    {
        public static ReadOnlySpan<byte> KeyOf(ulong entry) => TestRecords.KeyOf(entry);

        public static long DeadlineMsOf(ulong entry) => TestRecords.DeadlineOf(entry);

        public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.OfKey(seed, key);
    }
}
