using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Xunit;

namespace Bixbite.Unit.Structures.Ordered;

public sealed class OrderedTreeTests
{
    [Fact]
    public void LayoutsHaveTheirSizes()
    {
        Assert.Equal(TreeRoot.SizeOf, Unsafe.SizeOf<TreeRoot>());
        Assert.Equal(NodeHeader.SizeOf, Unsafe.SizeOf<NodeHeader>());
        Assert.Equal(TreeRoot.SizeOf, CountedTree<TestElements>.RootSize);
        foreach (int level in (int[])[0, 1])
        {
            for (int capacity = NodeSize.SmallestCapacity; ; capacity = NodeSize.Next(level, capacity))
            {
                long size = NodeSize.BytesFor(level, capacity);
                Assert.Equal(0, capacity % 8);
                Assert.InRange(SizeClass.SizeOf(SizeClass.Of(size)) - size, 0, 32);
                if (capacity == NodeSize.CapacityMax(level))
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public void WordsAreCounted()
    {
        using var heap = new Heap();
        for (int count = 0; count <= 24; count++)
        {
            ulong words = heap.Allocate((count + 7) / 8 * 32);
            Native.Clear(words, (count + 7) / 8 * 32);
            for (int i = 0; i < count; i++)
            {
                Native.At<uint>(words + (ulong)(4 * i)) = uint.MaxValue - 24 + (uint)i;
            }
            for (int below = 0; below <= count; below++)
            {
                Assert.Equal(below, WordSums.CountBelow(words, count, uint.MaxValue - 24 + (uint)below));
            }
            Assert.Equal(0, WordSums.CountBelow(words, count, 5));
            heap.Free(words);
        }
    }

    /// <summary>Prefixes: all different, of few values so that most are equal, or all the same.</summary>
    [Theory]
    [InlineData(50, 2_000)]
    [InlineData(50, 30_000)]
    [InlineData(4, 30_000)]
    [InlineData(0, 20_000)]
    public void BehavesAsASortedSet(int prefixBits, int steps)
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        var trial = new OrderedTrial(heap, random, prefixBits);
        for (int step = 0; step < steps; step++)
        {
            bool isGrowing = step / (steps / 4) % 2 == 0;
            trial.Step(isGrowing);
            if (step % 500 == 0)
            {
                trial.Verify();
            }
        }
        trial.Verify();
        trial.Empty(random.Next(2) == 0);
        Assert.Equal(CountedTree<TestElements>.RootSize, heap.UsedBytes);
    }

    [Fact]
    public void AppendedEntriesFillTheirLeaves()
    {
        using var heap = new Heap(isFenced: false);
        (CountedTree<TestElements> tree, _) = Create(heap);
        const int Count = 100_000;
        for (int i = 0; i < Count; i++)
        {
            tree.Append(TestElements.Create(heap, new TestKey((ulong)i, 0)));
        }
        tree.Verify();
        Assert.InRange((double)tree.MemoryBytes / Count, 12, 12.8);
        for (int i = 0; i < Count; i += 77)
        {
            TreeCursor cursor = tree.At(i, out long within);
            Assert.Equal(0, within);
            Assert.Equal((ulong)i, TestElements.KeyOf(tree.EntryAt(cursor)).Prefix);
            Assert.Equal(i, tree.IndexOf(cursor));
        }
    }

    [Fact]
    public void DescendingInsertionFillsLeavesToo()
    {
        using var heap = new Heap(isFenced: false);
        (CountedTree<TestElements> tree, _) = Create(heap);
        const int Count = 50_000;
        for (int i = Count; i > 0; i--)
        {
            Insert(tree, heap, new TestKey((ulong)i, 0));
        }
        tree.Verify();
        Assert.InRange((double)tree.MemoryBytes / Count, 12, 12.8);
    }

    [Fact]
    public void RandomInsertionLeavesLeavesFourFifthsFull()
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap(isFenced: false);
        (CountedTree<TestElements> tree, _) = Create(heap);
        const int Count = 200_000;
        for (int i = 0; i < Count; i++)
        {
            Insert(tree, heap, new TestKey((ulong)random.NextInt64(1L << TreePrefix.Bits), i));
        }
        tree.Verify();
        Assert.InRange((double)tree.MemoryBytes / Count, 12, 16);
    }

    [Fact]
    public void QueuesDrainWithoutLeavingMemoryBehind()
    {
        using var heap = new Heap();
        (CountedTree<TestElements> tree, ulong root) = Create(heap);
        for (int i = 0; i < 5_000; i++)
        {
            tree.Append(TestElements.Create(heap, new TestKey((ulong)i, 0)));
        }
        for (int i = 5_000; i < 30_000; i++)
        {
            heap.Free(tree.EntryAt(tree.First()));
            tree.RemoveAt(tree.First());
            tree.Append(TestElements.Create(heap, new TestKey((ulong)i, 0)));
        }
        tree.Verify();
        Assert.InRange((double)tree.MemoryBytes / tree.Count, 12, 14);
        while (tree.Count > 0)
        {
            TreeCursor last = tree.Last();
            heap.Free(tree.EntryAt(last));
            Assert.True(tree.RemoveAt(last).IsNone);
            if (tree.Count % 500 == 0)
            {
                tree.Verify();
            }
            Assert.True(tree.MemoryBytes <= 5_000 + (tree.Count * 14), $"{tree.MemoryBytes} bytes for {tree.Count}");
        }
        heap.Free(root);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void SmallTreesAreSmall()
    {
        using var heap = new Heap(isFenced: false);
        (CountedTree<TestElements> tree, _) = Create(heap);
        Assert.Equal(0, tree.MemoryBytes);
        var sizes = new List<long>();
        for (int i = 1; i <= 130; i++)
        {
            Insert(tree, heap, new TestKey((ulong)i, 0));
            if (i is 1 or 8 or 24 or 56 or 104 or 130)
            {
                sizes.Add(tree.MemoryBytes);
            }
        }
        Assert.Equal([128, 128, 320, 704, 1280, 1280 + 1280 + 192], sizes);
        while (tree.Count > 6)
        {
            tree.RemoveAt(tree.At(tree.Count / 2, out _));
        }
        Assert.Equal(128, tree.MemoryBytes);
        tree.Verify();
    }

    [Fact]
    public void AnEmptyTreeAnswersEverything()
    {
        using var heap = new Heap();
        (CountedTree<TestElements> tree, ulong root) = Create(heap);
        TreeCursor cursor = tree.First();
        Assert.True(cursor.IsNone);
        Assert.False(tree.Previous(ref cursor));
        Assert.True(tree.Last().IsNone);
        Assert.True(tree.LowerBound(new TestKey(1, 1)).IsNone);
        Assert.True(tree.At(0, out _).IsNone);
        Assert.Equal(0, tree.IndexOf(TreeCursor.None));
        Assert.False(tree.TryRemove(new TestKey(1, 1), out _));
        Assert.False(tree.Forward(tree.First(), 10).MoveNext());
        Assert.False(tree.Backward(tree.Last(), 10).MoveNext());
        tree.RemoveRange(0, 10, heap.Free);
        Assert.False(tree.ReleaseSome(10, heap.Free));
        tree.Verify();
        heap.Free(root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(100_000)]
    public void ReleasesEverythingInSlices(int countMax)
    {
        using var heap = new Heap();
        (CountedTree<TestElements> tree, ulong root) = Create(heap);
        const int Count = 20_000;
        for (int i = 0; i < Count; i++)
        {
            Insert(tree, heap, new TestKey((ulong)((i * 7919) % Count), i));
        }
        int released = 0;
        bool isLeft = true;
        while (isLeft)
        {
            int before = released;
            isLeft = tree.ReleaseSome(countMax, element =>
            {
                heap.Free(element);
                released++;
            });
            Assert.Equal(Math.Min(countMax, Count - before), released - before);
            Assert.Equal(Count - released, tree.Count);
        }
        tree.Verify();
        Assert.Equal(0, tree.MemoryBytes);
        Insert(tree, heap, new TestKey(5, 5));
        tree.Verify();
        tree.ReleaseSome(1, heap.Free);
        heap.Free(root);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void RangesAreRemovedWhole()
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        (CountedTree<TestElements> tree, ulong root) = Create(heap);
        var model = new List<ulong>();
        for (int round = 0; round < 60; round++)
        {
            while (model.Count < 4_000)
            {
                model.Add(TestElements.Create(heap, new TestKey((ulong)(round * 10_000) + (ulong)model.Count, 0)));
                tree.Append(model[^1]);
            }
            int index = random.Next(3) switch { 0 => 0, 1 => model.Count - 1 - random.Next(300), _ => random.Next(model.Count) };
            int count = random.Next(random.Next(2) == 0 ? 40 : 4_500);
            var removed = new List<ulong>();
            tree.RemoveRange(index, count, removed.Add);
            count = Math.Min(count, model.Count - index);
            Assert.Equal(model.GetRange(index, count), removed);
            model.RemoveRange(index, count);
            removed.ForEach(heap.Free);
            tree.Verify();
            Assert.Equal(model.Count, tree.Count);
            Assert.True(tree.MemoryBytes <= 3_000 + (tree.Count * 32), $"{tree.MemoryBytes} bytes for {tree.Count}");
        }
        tree.RemoveRange(0, long.MaxValue, heap.Free);
        tree.Verify();
        heap.Free(root);
        Assert.Equal(0, heap.UsedBytes);
    }

    /// <summary>Three levels, with insertions that crowd in places and removals that leave inner nodes empty.</summary>
    [Fact]
    public void DeepTreesStayWhole()
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap(isFenced: false);
        (CountedTree<TestElements> tree, ulong root) = Create(heap);
        var model = new List<ulong>();
        for (int i = 0; i < 200_000; i++)
        {
            model.Add(TestElements.Create(heap, new TestKey((ulong)i << 24, 0)));
            tree.Append(model[^1]);
        }
        for (int round = 0; round < 40; round++)
        {
            int index = random.Next(model.Count);
            InsertBefore(index, random.Next(6_000));
            index = random.Next(4) == 0 ? 0 : random.Next(model.Count);
            int count = Math.Min(random.Next(random.Next(2) == 0 ? 300 : 15_000), model.Count - index);
            tree.RemoveRange(index, count, heap.Free);
            model.RemoveRange(index, count);
            tree.Verify();
            for (int i = 0; i < 50 && model.Count > 0; i++)
            {
                index = random.Next(model.Count);
                TreeCursor cursor = tree.LowerBound(TestElements.KeyOf(model[index]));
                Assert.Equal(model[index], tree.EntryAt(cursor));
                Assert.Equal(index, tree.IndexOf(cursor));
                Assert.Equal(cursor, tree.At(index, out _));
            }
        }
        Assert.Equal(model.Count, tree.Count);
        tree.RemoveRange(1, model.Count - 2, heap.Free);
        tree.Verify();
        Assert.Equal(128, tree.MemoryBytes);
        tree.ReleaseSome(2, heap.Free);
        heap.Free(root);
        Assert.Equal(0, heap.UsedBytes);

        void InsertBefore(int index, int count)
        {
            ulong behind = TestElements.KeyOf(model[index]).Prefix;
            ulong before = index == 0 ? 0 : TestElements.KeyOf(model[index - 1]).Prefix;
            var keys = new SortedSet<ulong>();
            for (int i = 0; i < count; i++)
            {
                ulong prefix = before + (ulong)random.NextInt64((long)(behind - before) + 1);
                if (prefix != before && prefix != behind && keys.Add(prefix))
                {
                    Insert(tree, heap, new TestKey(prefix, 0));
                }
            }
            TreeCursor cursor = tree.At(index, out _);
            model.InsertRange(index, keys.Select(key =>
            {
                ulong element = tree.EntryAt(cursor);
                Assert.Equal(key, TestElements.KeyOf(element).Prefix);
                tree.Next(ref cursor);
                return element;
            }));
        }
    }

    private static (CountedTree<TestElements> Tree, ulong Root) Create(Heap heap)
    {
        ulong root = heap.Allocate(CountedTree<TestElements>.RootSize);
        CountedTree<TestElements>.Initialize(heap, root);
        return (new CountedTree<TestElements>(heap, root), root);
    }

    private static void Insert(CountedTree<TestElements> tree, Heap heap, TestKey key) =>
        tree.Insert(key, TestElements.Create(heap, key));
}
