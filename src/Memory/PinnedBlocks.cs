using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// Blocks of a heap that somebody still reads (a send, a snapshot) while their owner may free or change them. A pinned block stays where
/// it is and as it is: freeing it waits for the last unpin, and who wants to change it copies it first.
/// <code>
///   owner, with the heap          reader
///   Pin(block)              -->   reads the block, on any thread
///   IsPinned? copy first          ...
///   Free(block): kept             UnpinLater(block)         another thread: the block's address is put on a list
///   Collect(): freed       &lt;--
/// </code>
/// Everything belongs to the heap's owner but <see cref="UnpinLater"/>. A block may be pinned any number of times.
/// </summary>
public sealed class PinnedBlocks(Heap heap)
{
    /// <summary>So many snapshots at a time.</summary>
    public const int LaneCount = 4;

    private readonly long[] _orphanBytesOfLanes = new long[LaneCount];
    private readonly Dictionary<ulong, Pins> _pinned = [];
    private readonly List<ulong> _taken = [];
    private readonly List<ulong> _unpinned = [];
    private readonly Lock _lock = new();
    private volatile bool _hasUnpinned;

    /// <summary>Bytes of blocks that their owner has freed and somebody still reads.</summary>
    public long OrphanBytes { get; private set; }

    /// <summary>Those among them that a snapshot still reads, or several.</summary>
    public long SavedOrphanBytes { get; private set; }

    /// <summary>How many blocks are pinned, as far as known: see <see cref="Collect"/>.</summary>
    public int Count => _pinned.Count;

    /// <summary>Whether the block must not be changed, moved or resized.</summary>
    public bool IsPinned(ulong address) => _pinned.Count != 0 && _pinned.ContainsKey(address);

    public void Pin(ulong address)
    {
        Debug.Assert(address != 0, "There is no block 0.");
        Pins pins = _pinned.GetValueOrDefault(address);
        Invariant.Require(!pins.IsFreed, "a block is pinned that its owner has freed");
        _pinned[address] = pins with { Count = pins.Count + 1 };
    }

    /// <summary>Bytes of blocks that their owner has freed and this lane's snapshot still reads, if others do as well.</summary>
    public long SavedOrphanBytesOf(int lane) => _orphanBytesOfLanes[lane];

    /// <summary>Pins a block for the snapshot of a lane, which reads it once: what that keeps alive is counted apart.</summary>
    public void PinSaved(ulong address, int lane)
    {
        Pin(address);
        Pins pins = _pinned[address];
        Debug.Assert(!pins.IsSavedBy(lane), "A snapshot pins a block once.");
        _pinned[address] = pins with { SavingLanes = (byte)(pins.SavingLanes | (1 << lane)) };
    }

    /// <summary>The snapshot of a lane is done with a block that it has pinned.</summary>
    public void UnpinSaved(ulong address, int lane)
    {
        Invariant.Require(
            _pinned.TryGetValue(address, out Pins pins) && pins.IsSavedBy(lane), "a block is unpinned that no snapshot has pinned");
        Pins left = pins with { SavingLanes = (byte)(pins.SavingLanes & ~(1 << lane)) };
        if (pins.IsFreed)
        {
            long size = heap.SizeOf(address);
            _orphanBytesOfLanes[lane] -= size;
            SavedOrphanBytes -= left.SavingLanes == 0 ? size : 0;
        }
        _pinned[address] = left;
        Unpin(address);
    }

    /// <summary>One reader is done. By the heap's owner.</summary>
    public void Unpin(ulong address)
    {
        Invariant.Require(_pinned.TryGetValue(address, out Pins pins), "a block is unpinned that is not pinned");
        if (pins.Count > 1)
        {
            _pinned[address] = pins with { Count = pins.Count - 1 };
            return;
        }
        _pinned.Remove(address);
        if (!pins.IsFreed)
        {
            return;
        }
        OrphanBytes -= heap.SizeOf(address);
        heap.Free(address);
    }

    /// <summary>One reader is done, on any thread; takes effect with the owner's next <see cref="Collect"/>.</summary>
    public void UnpinLater(ulong address)
    {
        lock (_lock)
        {
            _unpinned.Add(address);
            _hasUnpinned = true;
        }
    }

    /// <summary>Frees the block, now or with its last unpin. By the block's owner, who forgets it.</summary>
    public void Free(ulong address)
    {
        if (_pinned.Count == 0 || !_pinned.TryGetValue(address, out Pins pins))
        {
            heap.Free(address);
            return;
        }
        Invariant.Require(!pins.IsFreed, "a pinned block is freed twice");
        _pinned[address] = pins with { IsFreed = true };
        long size = heap.SizeOf(address);
        OrphanBytes += size;
        SavedOrphanBytes += pins.SavingLanes != 0 ? size : 0;
        for (int lane = 0; lane < LaneCount; lane++)
        {
            _orphanBytesOfLanes[lane] += pins.IsSavedBy(lane) ? size : 0;
        }
    }

    /// <summary>Takes back what readers on other threads are done with. Costs one look at a flag when there is nothing.</summary>
    public void Collect()
    {
        if (!_hasUnpinned)
        {
            return;
        }
        lock (_lock)
        {
            _taken.AddRange(_unpinned);
            _unpinned.Clear();
            _hasUnpinned = false;
        }
        foreach (ulong address in _taken)
        {
            Unpin(address);
        }
        _taken.Clear();
    }

    /// <summary>Of one block: by how many, whether its owner has freed it, and a bit for each lane whose snapshot is among them.</summary>
    private readonly record struct Pins(int Count, bool IsFreed, byte SavingLanes)
    {
        public bool IsSavedBy(int lane) => ((SavingLanes >> lane) & 1) != 0;
    }
}
