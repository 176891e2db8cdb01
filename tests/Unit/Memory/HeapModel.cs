using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

/// <summary>What a heap should hold: every block with a pattern that only its owner wrote.</summary>
internal sealed class HeapModel(Heap heap)
{
    private const int MarkedMax = 256;

    private readonly List<(ulong Address, long Size, byte Pattern)> _blocks = [];

    public int Count => _blocks.Count;

    public long UsedBytes { get; private set; }

    public void Allocate(long size, Random random)
    {
        ulong address = heap.Allocate(size);
        Assert.NotEqual(0UL, address);
        Assert.Equal(0UL, address % 8);
        Assert.True(heap.SizeOf(address) >= size);
        UsedBytes += heap.SizeOf(address);
        Add(address, size, (byte)random.Next(256));
    }

    public void Resize(int index, long size, Random random)
    {
        (ulong address, long oldSize, byte pattern) = Take(index);
        UsedBytes -= heap.SizeOf(address);
        ulong moved = heap.Resize(address, size);
        UsedBytes += heap.SizeOf(moved);
        Assert.True(heap.SizeOf(moved) >= size);
        long shared = Math.Min(Math.Min(oldSize, size), MarkedMax);
        Assert.False(Native.Bytes(moved, (int)shared).ContainsAnyExcept(pattern), "a resize keeps the bytes");
        Add(moved, size, (byte)random.Next(256));
    }

    public void Free(int index)
    {
        (ulong address, _, _) = Take(index);
        UsedBytes -= heap.SizeOf(address);
        heap.Free(address);
    }

    public void VerifyDisjoint()
    {
        ulong end = 0;
        foreach ((ulong address, _, _) in _blocks.OrderBy(block => block.Address))
        {
            Assert.True(address >= end, "two blocks overlap");
            end = address + (ulong)heap.SizeOf(address);
        }
    }

    private void Add(ulong address, long size, byte pattern)
    {
        Native.Bytes(address, (int)Math.Min(size, MarkedMax)).Fill(pattern);
        long tail = Math.Min(size, MarkedMax);
        Native.Bytes(address + (ulong)(size - tail), (int)tail).Fill(pattern);
        _blocks.Add((address, size, pattern));
    }

    private (ulong Address, long Size, byte Pattern) Take(int index)
    {
        (ulong Address, long Size, byte Pattern) block = _blocks[index];
        _blocks[index] = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
        int marked = (int)Math.Min(block.Size, MarkedMax);
        Assert.False(Native.Bytes(block.Address, marked).ContainsAnyExcept(block.Pattern), "someone else wrote into a block");
        Assert.False(
            Native.Bytes(block.Address + (ulong)(block.Size - marked), marked).ContainsAnyExcept(block.Pattern),
            "someone else wrote into a block's end");
        return block;
    }
}
