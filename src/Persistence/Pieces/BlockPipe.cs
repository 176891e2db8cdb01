using System.Buffers;
using System.Collections.Concurrent;
using Bixbite.Platform;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Pieces;

/// <summary>
/// Bytes on their way from the thread that holds the execution lock to the thread that writes a file. They travel in blocks of the
/// snapshot's memory. The producer never waits: it stops making more when the pipe is nearly full, and who changes data waits when the
/// memory is.
/// <code>
///   producer: | block being filled | --> full blocks --> consumer: writes, gives the block back
/// </code>
/// Neither side takes a lock that the other one might hold when the system takes its processor away.
/// </summary>
internal sealed class BlockPipe(SnapshotMemory memory) : BlockChain(memory.Aside), IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const long NearlyFullSize = 8 << 20;

    /// <summary>Blocks with no more bytes are copied, so that none is let go half filled for their sake.</summary>
    private const int CopiedSizeMax = 16 * 1024;

    private const int SpareCount = 16;

    private readonly ConcurrentQueue<SnapshotBlock> _full = new();
    private readonly ConcurrentQueue<SnapshotBlock> _free = new();
    private readonly Doorbell _filled = new();
    private readonly Doorbell _written = new();
    private volatile bool _isComplete;

    /// <summary>Of the full blocks, as large as they are and not as full.</summary>
    private long _queuedSize;

    private long _writtenSize;

    /// <summary>The memory that pays for it.</summary>
    public SnapshotMemory Memory => memory;

    /// <summary>A producer that can choose should do something else for now.</summary>
    public bool IsNearlyFull => Volatile.Read(ref _queuedSize) >= NearlyFullSize;

    /// <summary>Bytes that the consumer is done with.</summary>
    public long WrittenSize => Volatile.Read(ref _writtenSize);

    /// <summary>Puts blocks after what was written so far.</summary>
    public void Append(AsideBlocks aside)
    {
        foreach (SnapshotBlock block in aside.Take())
        {
            if (block.Length <= CopiedSizeMax)
            {
                Copy(block);
                Free(block);
                continue;
            }
            Flush();
            Leave(block);
        }
    }

    /// <summary>Waits until the pipe is no longer nearly full: for a producer that has nothing else to do.</summary>
    public void WaitForRoom()
    {
        while (IsNearlyFull)
        {
            _written.Wait();
        }
    }

    /// <summary>Gives blocks back that wait to be filled again, but for a few: after a time in which many were under way.</summary>
    public void Trim()
    {
        while (_free.Count > SpareCount && _free.TryDequeue(out SnapshotBlock? block))
        {
            Free(block);
        }
    }

    /// <summary>Ends the production.</summary>
    public void Complete()
    {
        Flush();
        _isComplete = true;
        _filled.Ring();
    }

    /// <summary>The consumer's side: every full block in turn, until the production has ended.</summary>
    public IEnumerable<SnapshotBlock> Blocks()
    {
        while (true)
        {
            bool isLast = _isComplete;
            if (!_full.TryDequeue(out SnapshotBlock? block))
            {
                if (isLast)
                {
                    yield break;
                }
                _filled.Wait();
                continue;
            }
            yield return block;
            Interlocked.Add(ref _queuedSize, -block.Capacity);
            Interlocked.Add(ref _writtenSize, block.Length);
            block.Clear();
            _free.Enqueue(block);
            _written.Ring();
        }
    }

    /// <summary>By the producer, when the consumer has ended.</summary>
    public void Dispose()
    {
        Flush();
        while (_free.TryDequeue(out SnapshotBlock? block) || _full.TryDequeue(out block))
        {
            Free(block);
        }
        _filled.Dispose();
        _written.Dispose();
    }

    protected override SnapshotBlock Next(int sizeMin)
    {
        while (_free.TryDequeue(out SnapshotBlock? block))
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
        Interlocked.Add(ref _queuedSize, block.Capacity);
        _full.Enqueue(block);
        _filled.Ring();
    }

    private void Copy(SnapshotBlock block)
    {
        int at = 0;
        foreach (TextMark text in block.Texts)
        {
            this.Write(block.GetSpan()[at..text.Offset]);
            BeginText(text.Length);
            at = text.Offset;
        }
        this.Write(block.GetSpan()[at..block.Length]);
    }
}
