using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class EvacuationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WhatIsLeftOfManySizesTakesFewPages(int seed)
    {
        var random = new Random(seed);
        using var heap = new Heap(isFenced: false);
        var blocks = new Blocks(heap);
        for (int i = 0; i < 60_000; i++)
        {
            blocks.Add(1 + (int)Math.Pow(2, random.NextDouble() * 14), i);
        }
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            if (random.Next(10) != 0)
            {
                blocks.Free(i);
            }
        }
        long used = heap.UsedBytes;
        Assert.True(heap.MappedBytes > used * 3, $"{heap.MappedBytes} for {used}");
        Assert.InRange(heap.SparseBytes, used * 2, heap.MappedBytes);

        blocks.Evacuate(int.MaxValue);
        Assert.Equal(used, heap.UsedBytes);
        Assert.True(heap.MappedBytes < (used * 1.2) + (1 << 20), $"{heap.MappedBytes} for {used}");
        Assert.True(heap.SparseBytes < (used * 0.2) + (1 << 20), $"{heap.SparseBytes} for {used}");
        blocks.Verify();
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            blocks.Free(i);
        }
        Assert.Equal(0, heap.UsedBytes);
        heap.Trim();
        Assert.True(heap.MappedBytes <= 64 << 10, $"{heap.MappedBytes}");
        Assert.Equal(0, heap.SparseBytes);
    }

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 12)]
    [InlineData(false, 13)]
    public void AllocatingAndFreeingGoOnBetweenSlices(bool isFenced, int seed)
    {
        var random = new Random(seed);
        using var heap = new Heap(isFenced);
        var blocks = new Blocks(heap);
        int count = isFenced ? 3_000 : 40_000;
        for (int i = 0; i < count; i++)
        {
            blocks.Add(8 + random.Next(600), i);
        }
        for (int round = 0; round < 20; round++)
        {
            var evacuation = new Evacuation(heap);
            while (evacuation.Begin())
            {
                blocks.Shake(random, 3);
            }
            for (int at = 0; at < blocks.Slots.Length; at += 500)
            {
                blocks.Move(evacuation, at, at + 500);
                blocks.Shake(random, count / 100);
                if (random.Next(60) == 0)
                {
                    heap.Trim();
                }
                if (random.Next(60) == 0)
                {
                    heap.TrimSome();
                }
                if (random.Next(300) == 0)
                {
                    break;
                }
            }
            evacuation.End();
            blocks.Verify();
        }
    }

    [Fact]
    public void BlocksThatStayKeepTheirSlabWhichServesAgain()
    {
        using var heap = new Heap(isFenced: false);
        var blocks = new Blocks(heap);
        for (int i = 0; i < 100_000; i++)
        {
            blocks.Add(64, i);
        }
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            if (i % 10 != 0)
            {
                blocks.Free(i);
            }
        }
        long mapped = heap.MappedBytes;
        var evacuation = new Evacuation(heap);
        while (evacuation.Begin()) { }
        Assert.True(evacuation.HasWork);
        evacuation.End();
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            if (blocks.Slots[i] == 0)
            {
                blocks.Put(i, 64);
            }
        }
        Assert.InRange(heap.MappedBytes, mapped - (1 << 20), mapped + (1 << 20));
        blocks.Verify();
    }

    [Fact]
    public void ASecondEvacuationFindsNothingToDo()
    {
        using var heap = new Heap(isFenced: false);
        var blocks = new Blocks(heap);
        for (int i = 0; i < 100_000; i++)
        {
            blocks.Add(24 + (i % 40 * 8), i);
        }
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            if (i % 7 != 0)
            {
                blocks.Free(i);
            }
        }
        Assert.InRange(blocks.Evacuate(int.MaxValue), 1, long.MaxValue);
        Assert.Equal(0, blocks.Evacuate(int.MaxValue));
    }

    [Fact]
    public void WhatIsKeptGoesBackStepByStepWhileNobodyNeedsIt()
    {
        using var heap = new Heap(isFenced: false);
        var blocks = new Blocks(heap);
        for (int i = 0; i < 100; i++)
        {
            blocks.Add(100_000, i);
        }
        for (int i = 100; i < 50_000; i++)
        {
            blocks.Add(64, i);
        }
        for (int i = 0; i < blocks.Slots.Length; i++)
        {
            blocks.Free(i);
        }
        Assert.InRange(heap.KeptBytes, 4 << 20, 16 << 20);
        for (int i = 0; i < 200; i++)
        {
            heap.TrimSome();
        }
        Assert.Equal(0, heap.KeptBytes);
    }

    /// <summary>Blocks with content that tells whose they are, each in one slot.</summary>
    private sealed class Blocks(Heap heap)
    {
        private readonly List<ulong> _slots = [];
        private readonly List<int> _sizes = [];

        public Span<ulong> Slots => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_slots);

        public void Add(int size, int index)
        {
            _slots.Add(0);
            _sizes.Add(0);
            Put(index, size);
        }

        public void Put(int index, int size)
        {
            ulong block = heap.Allocate(size);
            Native.Bytes(block, size).Fill((byte)index);
            _slots[index] = block;
            _sizes[index] = size;
        }

        public void Free(int index)
        {
            if (_slots[index] != 0)
            {
                heap.Free(_slots[index]);
            }
            _slots[index] = 0;
        }

        public void Shake(Random random, int count)
        {
            for (int i = 0; i < count; i++)
            {
                int index = random.Next(_slots.Count);
                if (_slots[index] != 0)
                {
                    Free(index);
                }
                else if (random.Next(3) == 0)
                {
                    Put(index, 8 + random.Next(600));
                }
            }
        }

        public void Move(Evacuation evacuation, int from, int to)
        {
            for (int i = from; i < Math.Min(to, _slots.Count); i++)
            {
                if (_slots[i] != 0)
                {
                    _slots[i] = evacuation.Move(_slots[i]);
                }
            }
        }

        public long Evacuate(int count)
        {
            var evacuation = new Evacuation(heap);
            while (evacuation.Begin()) { }
            Move(evacuation, 0, count);
            evacuation.End();
            return evacuation.MovedCount;
        }

        public void Verify()
        {
            for (int i = 0; i < _slots.Count; i++)
            {
                if (_slots[i] != 0)
                {
                    Assert.False(Native.Bytes(_slots[i], _sizes[i]).ContainsAnyExcept((byte)i), $"block {i}");
                }
            }
        }
    }
}
