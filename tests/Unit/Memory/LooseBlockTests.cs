using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class LooseBlockTests
{
    private const int Length = 9_000_001;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ItGrowsWithWhatComesAndIsHandedOverAsItIs(bool isFenced)
    {
        using var sender = new Heap(isFenced);
        using var receiver = new Heap(isFenced);
        long senderMapped = sender.MappedBytes;
        byte[] bytes = Bytes(Length);
        var block = new LooseBlock(sender, Length);
        Assert.InRange(sender.UsedBytes, 1, 1 << 20);
        for (int at = 0; at < Length; at += 123_456)
        {
            block.Append(bytes.AsSpan(at, Math.Min(123_456, Length - at)));
            Assert.InRange(block.MemoryBytes, block.Filled, (2 * block.Filled) + (1 << 18));
            Assert.Equal((block.MemoryBytes + 4095) & ~4095, sender.UsedBytes);
        }
        Assert.True(block.IsWhole);
        long used = sender.UsedBytes;
        ulong address = block.GiveTo(receiver);
        block.Free();
        Assert.Equal((0, used), (sender.UsedBytes, receiver.UsedBytes));
        Assert.Equal(senderMapped, sender.MappedBytes);
        Assert.True(Native.Bytes(address, Length).SequenceEqual(bytes));
        receiver.Free(receiver.Resize(address, Length + 50_000_000));
        Assert.Equal(0, receiver.UsedBytes);
    }

    [Fact]
    public void WhoeverKeepsItFreesIt()
    {
        using var first = new Heap(isFenced: false);
        using var second = new Heap(isFenced: false);
        var block = new LooseBlock(first, Length);
        block.Append(Bytes(Length));
        LooseBlock moved = block.MoveTo(second);
        Assert.True(block.IsGone && !moved.IsGone);
        Assert.Equal((0L, true), (block.MemoryBytes, moved.IsWhole));
        block.Free();
        moved.Free();
        Assert.Equal((0, 0), (first.UsedBytes, second.UsedBytes));
        new LooseBlock(first, Length).Free();
        Assert.Equal(0, first.UsedBytes);
    }

    [Fact]
    public void WhatIsFreedGoesBackInPieces()
    {
        using var heap = new Heap(isFenced: false);
        using var other = new Heap(isFenced: false);
        var freed = new FreedPages(heap, other);
        other.Free(other.Allocate(5_000_000));
        long empty = heap.MappedBytes;
        ulong[] blocks = [.. new long[] { 50_000_000, 3_000_000, 2_000_000, 4_000_000, 3_500_000, 6_000_000 }.Select(heap.Allocate)];
        long full = heap.MappedBytes;
        foreach (ulong block in blocks)
        {
            heap.Free(block);
        }
        Assert.Equal(0, heap.UsedBytes);
        Assert.Equal(full, heap.MappedBytes);
        Assert.Equal(full - heap.KeptBytes, heap.MappedBytes - heap.KeptBytes);
        int calls = 0;
        for (bool isLeft = true; isLeft; calls++)
        {
            Assert.True(freed.Any);
            long before = heap.MappedBytes;
            isLeft = freed.GiveBackSome();
            Assert.InRange(before - heap.MappedBytes, 1, 13L << 20);
        }
        Assert.False(freed.Any);
        Assert.InRange(other.MappedBytes, 0, 1 << 20);
        Assert.InRange(calls, 8, 20);
        heap.Trim();
        Assert.InRange(heap.MappedBytes - empty, 0, 1 << 20);
    }

    /// <summary>What waits to be given back never adds to the most that was in use.</summary>
    [Fact]
    public void WhoeverAllocatesGivesBackBefore()
    {
        using var heap = new Heap(isFenced: false) { IsDeferring = true };
        for (int i = 0; i < 100; i++)
        {
            heap.Free(heap.Allocate(20_000_000 + (i * 4096)));
        }
        Assert.InRange(heap.MappedBytes, 0, 50_000_000);
        for (int i = 0; i < 100; i++)
        {
            heap.Free(heap.Allocate(3_900_000 - (i * 4096)));
        }
        Assert.InRange(heap.MappedBytes, 0, 50_000_000);
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
