using System.Collections.Concurrent;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Bytes on their way from the thread that has the turn to the thread that writes a file. They travel in blocks; when the writer falls
/// behind by <see cref="SizeMax"/> bytes, the producer waits for it, so the memory in between is bounded.
/// <code>
///   producer: | block being filled | --> full blocks, 32 MiB at most --> consumer: writes, gives the block back
/// </code>
/// </summary>
internal sealed class BlockPipe : BlockChain, IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const long SizeMax = 32 << 20;

    private readonly BlockingCollection<SnapshotBlock> _full = [];
    private readonly ConcurrentBag<SnapshotBlock> _free = [];
    private readonly SemaphoreSlim _hasRoom = new(0);
    private long _queuedSize;

    /// <summary>A producer that can choose should do something else for now.</summary>
    public bool IsNearlyFull => Volatile.Read(ref _queuedSize) >= SizeMax / 2;

    /// <summary>Puts blocks behind what was written so far.</summary>
    public void Append(AsideBlocks aside)
    {
        Flush();
        foreach (SnapshotBlock block in aside.Take())
        {
            Leave(block);
        }
    }

    /// <summary>Ends the production.</summary>
    public void Complete()
    {
        Flush();
        _full.CompleteAdding();
    }

    /// <summary>The consumer's side: every full block in turn, until the production has ended.</summary>
    public IEnumerable<SnapshotBlock> Blocks()
    {
        foreach (SnapshotBlock block in _full.GetConsumingEnumerable())
        {
            yield return block;
            Interlocked.Add(ref _queuedSize, -block.Length);
            _hasRoom.Release();
            if (block.Bytes.Length == BlockSize)
            {
                block.Clear();
                _free.Add(block);
            }
        }
    }

    public void Dispose()
    {
        _full.Dispose();
        _hasRoom.Dispose();
    }

    protected override SnapshotBlock Next(int sizeMin) =>
        sizeMin <= BlockSize && _free.TryTake(out SnapshotBlock? block) ? block : new SnapshotBlock(Math.Max(sizeMin, BlockSize));

    protected override void Leave(SnapshotBlock block)
    {
        while (Volatile.Read(ref _queuedSize) >= SizeMax)
        {
            _hasRoom.Wait();
        }
        Interlocked.Add(ref _queuedSize, block.Length);
        _full.Add(block);
    }
}
