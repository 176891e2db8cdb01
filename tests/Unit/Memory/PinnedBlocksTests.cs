using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class PinnedBlocksTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly PinnedBlocks _pinned;

    public PinnedBlocksTests() => _pinned = new PinnedBlocks(_heap);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void FreesABlockThatNobodyReadsAtOnce()
    {
        _pinned.Free(_heap.Allocate(100_000));
        Assert.Equal(0, _heap.UsedBytes);
        Assert.Equal(0, _pinned.OrphanBytes);
    }

    [Fact]
    public void KeepsAFreedBlockUntilTheLastReaderIsDone()
    {
        ulong block = _heap.Allocate(100_000);
        Native.Bytes(block, 100_000).Fill(7);
        _pinned.Pin(block);
        _pinned.Pin(block);
        _pinned.Free(block);
        Assert.Equal(_heap.SizeOf(block), _pinned.OrphanBytes);
        _pinned.Unpin(block);
        Assert.True(_pinned.IsPinned(block));
        Assert.Equal(-1, Native.Bytes(block, 100_000).IndexOfAnyExcept((byte)7));
        _pinned.Unpin(block);
        Assert.False(_pinned.IsPinned(block));
        Assert.Equal(0, _heap.UsedBytes);
        Assert.Equal(0, _pinned.OrphanBytes);
    }

    [Fact]
    public void LeavesABlockToItsOwnerThatIsStillInUse()
    {
        ulong block = _heap.Allocate(100_000);
        _pinned.Pin(block);
        _pinned.Unpin(block);
        Assert.False(_pinned.IsPinned(block));
        Assert.Equal(_heap.SizeOf(block), _heap.UsedBytes);
        _pinned.Free(block);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Fact]
    public void ReadersOnOtherThreadsAreDoneWithTheNextCollection()
    {
        const int BlockCount = 200;
        const int ReaderCount = 8;
        ulong[] blocks = new ulong[BlockCount];
        for (int i = 0; i < BlockCount; i++)
        {
            blocks[i] = _heap.Allocate(70_000);
            for (int reader = 0; reader < ReaderCount; reader++)
            {
                _pinned.Pin(blocks[i]);
            }
            if (i % 2 == 0)
            {
                _pinned.Free(blocks[i]);
            }
        }
        var readers = new Thread[ReaderCount];
        for (int reader = 0; reader < ReaderCount; reader++)
        {
            readers[reader] = new Thread(() => Array.ForEach(blocks, _pinned.UnpinLater));
            readers[reader].Start();
        }
        while (readers.Any(reader => reader.IsAlive))
        {
            _pinned.Collect();
        }
        _pinned.Collect();
        Assert.Equal(0, _pinned.Count);
        Assert.Equal(0, _pinned.OrphanBytes);
        for (int i = 1; i < BlockCount; i += 2)
        {
            _pinned.Free(blocks[i]);
        }
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Fact]
    public void RandomPinsAndFreesEndWithNothing()
    {
        const int Seed = 20_26;
        var random = new Random(Seed);
        var owned = new List<ulong>();
        var pins = new List<ulong>();
        for (int i = 0; i < 20_000; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    owned.Add(_heap.Allocate(random.Next(1, 200_000)));
                    break;
                case 1 or 2 when owned.Count > 0:
                    ulong pinned = owned[random.Next(owned.Count)];
                    _pinned.Pin(pinned);
                    pins.Add(pinned);
                    break;
                case 3 when owned.Count > 0:
                    _pinned.Free(Take(owned, random));
                    break;
                case 4 when pins.Count > 0:
                    _pinned.Unpin(Take(pins, random));
                    break;
                case 5 when pins.Count > 0:
                    _pinned.UnpinLater(Take(pins, random));
                    if (random.Next(4) == 0)
                    {
                        _pinned.Collect();
                    }
                    break;
            }
        }
        while (owned.Count > 0)
        {
            _pinned.Free(Take(owned, random));
        }
        while (pins.Count > 0)
        {
            _pinned.UnpinLater(Take(pins, random));
        }
        _pinned.Collect();
        Assert.Equal(0, _pinned.Count);
        Assert.Equal(0, _pinned.OrphanBytes);
        Assert.Equal(0, _heap.UsedBytes);
    }

    private static ulong Take(List<ulong> blocks, Random random)
    {
        int index = random.Next(blocks.Count);
        ulong block = blocks[index];
        blocks[index] = blocks[^1];
        blocks.RemoveAt(blocks.Count - 1);
        return block;
    }
}
