using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// The heap of all data: blocks in slabs up to 32 KiB, whole pages beyond, exact accounting. Addresses are multiples of 8, and of
/// 64 where the block's size is. A heap has one owner at a time and takes no lock. What was allocated is freed by the one who
/// holds its address; <see cref="Dispose"/> unmaps whatever is left.
/// <code>
///   Allocate: size -> class -> current slab -> pop its free list           else Slabs.Refill, Extents or FencedBlocks
///   Free:     address -> region -> header of its chunk -> push             else Slabs.Rebin when the slab got emptier than its bin
/// </code>
/// See <see cref="ChunkHeader"/> for the layout, and docs/formats/heap.md.
/// </summary>
public sealed unsafe class Heap : IDisposable
{
    private const long GivenBackAtOnce = 4L << 20;

    private readonly Slabs _slabs = new();
    private readonly Extents _extents = new();
    private readonly FencedBlocks? _fenced;
    private readonly ulong* _current;
    private long _usedBytes;
    private bool _isDisposed;

    public Heap()
        : this(Fence.IsOn)
    {
    }

    internal Heap(bool isFenced)
    {
        _current = _slabs.Current;
        _fenced = isFenced ? new FencedBlocks() : null;
    }

    /// <summary>The usable bytes of all live blocks, exactly.</summary>
    public long UsedBytes => _usedBytes;

    /// <summary>Bytes of the pages that the heap has touched and not given back: its part of the resident memory.</summary>
    public long MappedBytes => _slabs.MappedBytes + _extents.MappedBytes + (_fenced?.MappedBytes ?? 0);

    /// <summary>Bytes of slabs' pages that hold no block while others of the slab do: what moving blocks can give back.</summary>
    public long SparseBytes => _slabs.ServingBytes - (_usedBytes - _extents.UsedBytes - (_fenced?.UsedBytes ?? 0));

    /// <summary>Bytes of empty slabs and extents that are kept for the next allocation, or have not been given back yet.</summary>
    public long KeptBytes => _slabs.KeptBytes + _extents.KeptBytes;

    /// <summary>
    /// Pages of large blocks are not given back when they are freed, but by <see cref="GiveBackSome"/>: see <see cref="FreedPages"/>.
    /// The blocks are no longer in use all the same.
    /// </summary>
    internal bool IsDeferring
    {
        get => _extents.IsDeferring;
        set => _extents.IsDeferring = value && _fenced is null;
    }

    /// <summary>Pages of freed blocks wait to be given back.</summary>
    internal bool HasFreedPages => _extents.FreedBytes > 0;

    internal Slabs Slabs => _slabs;

    /// <summary>Fenced blocks count as leaving while slabs are evacuated, so that tests see every block move.</summary>
    internal bool IsEvacuating { get; set; }

    /// <summary>A block of at least <paramref name="size"/> bytes of any content; never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Allocate(long size)
    {
        if ((ulong)size <= SizeClass.SizeMax)
        {
            ChunkHeader* slab = (ChunkHeader*)_current[SizeClass.Of(size)];
            ulong block = slab->FreeHead;
            if (block != 0)
            {
                slab->FreeHead = *(ulong*)block;
                slab->Live++;
                _usedBytes += slab->BlockSize;
                return block;
            }
        }
        return AllocateSlowly(size);
    }

    /// <summary>
    /// A block as <see cref="Allocate"/> gives, in pages that belong to no other, so that it can be handed to another heap. It costs
    /// mappings, of which a process has some 65,000.
    /// </summary>
    public ulong Map(long size)
    {
        ulong address = _extents.Map(size);
        _usedBytes += SizeOf(address);
        return address;
    }

    /// <summary>Gives a block from <see cref="Map"/>, as it is, to another heap of the same owner.</summary>
    public void HandOver(ulong address, Heap receiver)
    {
        long size = SizeOf(address);
        _extents.HandOver(ChunkHeader.Of(address), receiver._extents);
        _usedBytes -= size;
        receiver._usedBytes += size;
    }

    public void Free(ulong address)
    {
        Debug.Assert(address != 0, "There is no block 0.");
        ChunkHeader* slab = (ChunkHeader*)ChunkHeader.Of(address);
        if (slab->BlockSize == 0)
        {
            FreeOther(address, slab);
            return;
        }
        Debug.Assert((address & (ulong)(ChunkHeader.ChunkSize - 1)) % slab->BlockSize == 0, "The address is not a block's start.");
        *(ulong*)address = slab->FreeHead;
        slab->FreeHead = address;
        _usedBytes -= slab->BlockSize;
        if (--slab->Live < slab->BinLow)
        {
            _slabs.Rebin((ulong)slab);
        }
    }

    /// <summary>The block's usable size: at least what was asked for.</summary>
    public long SizeOf(ulong address)
    {
        ChunkHeader* chunk = (ChunkHeader*)ChunkHeader.Of(address);
        if (chunk->BlockSize != 0)
        {
            return chunk->BlockSize;
        }
        return chunk->Kind == ChunkKind.Fenced ? FencedBlocks.SizeOf(address) : chunk->Size;
    }

    /// <summary>
    /// The block, now of at least <paramref name="size"/> bytes, with the bytes that both sizes share. It may have moved: the old
    /// address is then free.
    /// </summary>
    public ulong Resize(ulong address, long size)
    {
        ChunkHeader* chunk = (ChunkHeader*)ChunkHeader.Of(address);
        long oldSize = SizeOf(address);
        if (chunk->BlockSize != 0)
        {
            if ((ulong)size <= SizeClass.SizeMax && SizeClass.Of(size) == chunk->Class)
            {
                return address;
            }
        }
        else if (chunk->Kind != ChunkKind.Fenced && size > SizeClass.SizeMax)
        {
            ulong resized = _extents.TryResize((ulong)chunk, size);
            if (resized != 0)
            {
                _usedBytes += SizeOf(resized) - oldSize;
                return resized;
            }
        }
        ulong moved = Allocate(size);
        Native.Copy(address, moved, Math.Min(oldSize, size));
        Free(address);
        return moved;
    }

    /// <summary>
    /// Makes the bytes from <paramref name="start"/> to <paramref name="end"/> of a block zero. Nobody has written to those from
    /// <paramref name="usedEnd"/> on since the block was made or has grown: the pages of a mapping are zero there, and stay untouched.
    /// </summary>
    public void FillZeros(ulong address, long start, long end, long usedEnd)
    {
        if (((ChunkHeader*)ChunkHeader.Of(address))->Kind == ChunkKind.Mapping)
        {
            end = Math.Min(end, usedEnd);
        }
        if (end > start)
        {
            Native.Clear(address + (ulong)start, end - start);
        }
    }

    /// <summary>Whether moving this block elsewhere would soon empty a slab. Blocks of whole pages never are.</summary>
    public bool IsSparse(ulong address)
    {
        ChunkHeader* chunk = (ChunkHeader*)ChunkHeader.Of(address);
        return chunk->BlockSize != 0 && _slabs.IsSparse((ulong)chunk);
    }

    /// <summary>Whether the block lies in a slab that is to be emptied: see <see cref="Evacuation"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsLeaving(ulong address)
    {
        ChunkHeader* chunk = (ChunkHeader*)ChunkHeader.Of(address);
        return chunk->BlockSize != 0 ? chunk->Bin == Slabs.BinOfLeaving : chunk->Kind == ChunkKind.Fenced && IsEvacuating;
    }

    /// <summary>Gives back a few megabytes of freed blocks, which takes a fraction of a millisecond.</summary>
    internal void GiveBackSome() => _extents.GiveBackSome(GivenBackAtOnce);

    /// <summary>
    /// Gives a little of what is kept for speed back to the system, if nobody has needed any of it since the last call: a step of bounded
    /// time, to be called now and then.
    /// </summary>
    public void TrimSome()
    {
        _slabs.TrimSome();
        _extents.TrimSome();
    }

    /// <summary>Gives everything that is empty back to the system, also what is otherwise kept for speed.</summary>
    public void Trim()
    {
        _slabs.Trim();
        _extents.Trim();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _slabs.Dispose();
        _extents.Dispose();
        _fenced?.Dispose();
        _usedBytes = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong AllocateSlowly(long size)
    {
        Invariant.Require(size >= 0, "a block of negative size is asked for");
        Invariant.Require(!_isDisposed, "a disposed heap is asked for a block");
        ulong address = _fenced is null ? 0 : _fenced.TryAllocate(size);
        if (address == 0 && size <= SizeClass.SizeMax)
        {
            _slabs.Refill(SizeClass.Of(size));
            return Allocate(size);
        }
        if (address == 0)
        {
            address = _extents.Allocate(size);
        }
        _usedBytes += SizeOf(address);
        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeOther(ulong address, ChunkHeader* chunk)
    {
        _usedBytes -= SizeOf(address);
        if (chunk->Kind == ChunkKind.Fenced)
        {
            _fenced!.Free(address);
        }
        else
        {
            _extents.Free((ulong)chunk);
        }
    }
}
