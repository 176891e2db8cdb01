using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// Empties sparse slabs: the heap chooses them, and whoever owns blocks asks for each of his, and stores where it is now.
/// <code>
///   Begin                 until it says that all size classes have been looked at: slabs that are worth it begin to leave
///   slot = Move(slot)     for every block, in any number of slices
///   End                   what has not gone serves again
/// </code>
/// A block has one owner slot, so nobody is left with the old address. Structures that walk their blocks stop when <see cref="IsEnough"/>.
/// Everything belongs to the heap's owner. docs/MEMORY.md tells the whole.
/// </summary>
public sealed class Evacuation(Heap heap, PinnedBlocks? pinned = null)
{
    /// <summary>The cost of moving a block beyond that of looking at it, in looks, beside its bytes.</summary>
    private const int MoveWork = 4;

    /// <summary>Bytes that are copied in the time of a look.</summary>
    private const int BytesPerWork = 512;

    /// <summary>The cost of giving a slab back, in looks.</summary>
    private const int GiveBackWork = 300;

    private readonly SlabChoice _choice = new(heap.Slabs);
    private long _workLeft;
    private int _nextClass;

    /// <summary>Slabs are being emptied.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Blocks that have been moved.</summary>
    public long MovedCount { get; private set; }

    /// <summary>Blocks that were asked for and stayed.</summary>
    public long StayedCount { get; private set; }

    /// <summary>The share of work that <see cref="Allow"/> gave is used up.</summary>
    public bool IsEnough
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _workLeft <= 0;
    }

    /// <summary>Chooses slabs of the next size class; true as long as others are left to be looked at.</summary>
    public bool Begin()
    {
        if (!IsUnderWay)
        {
            IsUnderWay = heap.IsEvacuating = true;
            heap.Slabs.KeepsEmpty = false;
            _nextClass = 0;
        }
        heap.Slabs.TrimSome();
        if (_nextClass < SizeClass.Count)
        {
            _choice.Choose(_nextClass++);
        }
        return _nextClass < SizeClass.Count;
    }

    /// <summary>There is something to move. Fenced blocks always are.</summary>
    public bool HasWork => IsUnderWay && (heap.Slabs.AnyLeaves || Fence.IsOn);

    /// <summary>Gives so much work, about as many looks at blocks, until it is enough.</summary>
    public void Allow(int work) => _workLeft = work;

    /// <summary>
    /// Whether <see cref="Move(ulong)"/> would move the block; for who must find its slots before. Counts as a look where not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Wants(ulong address)
    {
        if (heap.IsLeaving(address) && pinned?.IsPinned(address) != true)
        {
            return true;
        }
        _workLeft--;
        StayedCount++;
        return false;
    }

    /// <summary>Where the block is now, which the caller stores if it is elsewhere; the old address is then free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Move(ulong address) => Wants(address) ? MoveAway(address) : address;

    /// <summary>The same for a block that is counted in a sum of bytes.</summary>
    public ulong Move(ulong address, ref long countedBytes)
    {
        long before = heap.SizeOf(address);
        ulong moved = Move(address);
        countedBytes += heap.SizeOf(moved) - before;
        return moved;
    }

    /// <summary>Counts so many looks at what is not asked for, but had to be looked at for a block that moves.</summary>
    public void Spend(long work) => _workLeft -= work;

    /// <summary>Forgets how many blocks were moved.</summary>
    public void ResetStatistics()
    {
        MovedCount = 0;
        StayedCount = 0;
    }

    /// <summary>Ends it, done or not.</summary>
    public void End()
    {
        if (!IsUnderWay)
        {
            return;
        }
        heap.Slabs.LetStay();
        heap.Slabs.KeepsEmpty = true;
        IsUnderWay = heap.IsEvacuating = false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong MoveAway(ulong address)
    {
        long size = heap.SizeOf(address);
        ulong moved = heap.Allocate(size);
        Native.Copy(address, moved, size);
        long mapped = heap.MappedBytes;
        heap.Free(address);
        if (heap.MappedBytes < mapped)
        {
            _workLeft -= GiveBackWork;
        }
        _workLeft -= 1 + MoveWork + (size / BytesPerWork);
        MovedCount++;
        return moved;
    }
}
