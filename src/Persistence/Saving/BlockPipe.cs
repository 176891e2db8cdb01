using System.Collections.Concurrent;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Bytes on their way from the thread that has the turn to the thread that writes a file. They travel in blocks of the snapshot's memory.
/// The producer never waits: it stops making more when the pipe is nearly full, and who changes data waits when the memory is.
/// <code>
///   producer: | block being filled | --> full blocks --> consumer: writes, gives the block back
/// </code>
/// </summary>
internal sealed class BlockPipe(SnapshotMemory memory) : BlockChain(memory.Aside), IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const long NearlyFullSize = 16 << 20;
    private const int SpareCount = 16;

    private readonly BlockingCollection<SnapshotBlock> _full = [];
    private readonly ConcurrentBag<SnapshotBlock> _free = [];
    private readonly SemaphoreSlim _hasWritten = new(0);
    private long _queuedSize;
    private long _writtenSize;

    /// <summary>What it belongs to.</summary>
    public SnapshotMemory Memory => memory;

    /// <summary>A producer that can choose should do something else for now.</summary>
    public bool IsNearlyFull => Volatile.Read(ref _queuedSize) >= NearlyFullSize;

    /// <summary>Bytes that the consumer is done with.</summary>
    public long WrittenSize => Volatile.Read(ref _writtenSize);

    /// <summary>Puts blocks after what was written so far.</summary>
    public void Append(AsideBlocks aside)
    {
        Flush();
        foreach (SnapshotBlock block in aside.Take())
        {
            Leave(block);
        }
    }

    /// <summary>Waits until the pipe is no longer nearly full: for a producer that has nothing else to do.</summary>
    public void WaitForRoom()
    {
        while (IsNearlyFull)
        {
            _hasWritten.Wait();
        }
    }

    /// <summary>Gives blocks back that wait to be filled again, but for a few: after a time in which many were under way.</summary>
    public void Trim()
    {
        while (_free.Count > SpareCount && _free.TryTake(out SnapshotBlock? block))
        {
            Free(block);
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
            Interlocked.Add(ref _writtenSize, block.Length);
            block.Clear();
            _free.Add(block);
            _hasWritten.Release();
        }
    }

    /// <summary>By the producer, when the consumer has ended.</summary>
    public void Dispose()
    {
        Flush();
        while (_free.TryTake(out SnapshotBlock? block) || _full.TryTake(out block))
        {
            Free(block);
        }
        _full.Dispose();
        _hasWritten.Dispose();
    }

    protected override SnapshotBlock Next(int sizeMin)
    {
        while (_free.TryTake(out SnapshotBlock? block))
        {
            if (block.Capacity >= Math.Max(sizeMin, BlockSize))
            {
                return block;
            }
            Free(block);
        }
        return Make(Math.Max(sizeMin, BlockSize));
    }

    protected override void Leave(SnapshotBlock block)
    {
        Interlocked.Add(ref _queuedSize, block.Length);
        _full.Add(block);
    }
}
