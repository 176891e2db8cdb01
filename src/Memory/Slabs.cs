using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bixbite.Memory;

/// <summary>
/// Slabs: chunks of blocks of one size class. Each class has one current slab, from whose free list the heap pops; the others
/// that have free blocks wait in four bins by how full they are, and the fullest serves next, so that sparse slabs empty.
/// <code>
///   class c --> current slab            popped by Heap.Allocate until its free list is empty
///           --> bin 3  [75 %, 100 %)    doubly linked through the headers
///           --> bin 2  [50 %, 75 %)
///           --> bin 1  [25 %, 50 %)
///           --> bin 0  (0 %, 25 %)
///               full slabs hang nowhere: their blocks lead back to them
///               leaving slabs neither: they serve nobody, so that they empty (see <see cref="SlabChoice"/>)
/// </code>
/// Blocks are carved page by page: a class that is used once costs one page. An empty slab is kept for any class while there
/// are few, and given back to the system otherwise.
/// </summary>
internal sealed unsafe class Slabs : IDisposable
{
    private const int BinCount = 4;
    private const byte BinOfCurrent = BinCount;
    private const byte BinOfFull = BinCount + 1;
    internal const byte BinOfLeaving = BinCount + 2;
    private const int EmptyKeptMax = 4;

    private readonly Regions _regions = new();
    private readonly ClassState* _classes;
    private readonly ulong* _current;
    private ulong _firstEmpty;
    private ulong _firstLeaving;
    private int _emptyCount;
    private long _emptyBytes;
    private long _touchedBytes;
    private bool _wasEmptyTaken;

    internal Slabs()
    {
        _classes = (ClassState*)NativeMemory.AllocZeroed(SizeClass.Count, (nuint)sizeof(ClassState));
        _current = (ulong*)NativeMemory.AllocZeroed((SizeClass.Count * sizeof(ulong)) + ChunkHeader.SizeOf);
        NoSlab = (ulong)(_current + SizeClass.Count);
        for (int i = 0; i < SizeClass.Count; i++)
        {
            _current[i] = NoSlab;
        }
    }

    /// <summary>Per class the header of its current slab, never 0: a class without one has <see cref="NoSlab"/>.</summary>
    internal ulong* Current => _current;

    internal long MappedBytes => _touchedBytes + _regions.HeaderBytes;

    /// <summary>Bytes of touched pages in slabs that have blocks.</summary>
    internal long ServingBytes => _touchedBytes - _emptyBytes;

    /// <summary>Bytes of touched pages in empty slabs that are kept for later.</summary>
    internal long KeptBytes => _emptyBytes;

    /// <summary>
    /// Empty slabs are kept for the next allocation; not while others are evacuated: a fresh one is to have no touched pages.
    /// </summary>
    internal bool KeepsEmpty { get; set; } = true;

    /// <summary>A header whose free list is always empty.</summary>
    private ulong NoSlab { get; }

    /// <summary>Makes the class's current slab one that has free blocks. Called when the current one has none.</summary>
    internal void Refill(int sizeClass)
    {
        ref ChunkHeader current = ref Native.At<ChunkHeader>(_current[sizeClass]);
        Debug.Assert(current.FreeHead == 0, "The current slab still has blocks.");
        if (current.Carved < current.Capacity)
        {
            Carve(ref current, _current[sizeClass]);
            return;
        }
        if (_current[sizeClass] != NoSlab)
        {
            current.Bin = BinOfFull;
            current.BinLow = current.Capacity;
        }
        ulong next = TakeFromBins(sizeClass);
        _current[sizeClass] = next != 0 ? next : NewSlab(sizeClass);
    }

    /// <summary>Moves a slab whose occupancy has fallen below its bin's range.</summary>
    internal void Rebin(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        Invariant.Require(slab.Live < slab.Capacity, "a block is freed twice");
        if (slab.Bin is < BinCount or BinOfLeaving)
        {
            Unlink(header);
        }
        if (slab.Live == 0)
        {
            Retire(header);
        }
        else
        {
            Link(header, (byte)(slab.Live * BinCount / slab.Capacity));
        }
    }

    /// <summary>
    /// Whether moving the slab's blocks elsewhere would empty it soon: it is emptier than its class, which has room for them.
    /// </summary>
    internal bool IsSparse(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        if (slab.Bin == BinOfLeaving)
        {
            return true;
        }
        if (slab.Bin >= BinCount - 1)
        {
            return false;
        }
        ref ClassState state = ref _classes[slab.Class];
        if (state.SlabCount < 3)
        {
            return false;
        }
        for (int bin = BinCount - 1; bin > slab.Bin; bin--)
        {
            if (state.First(bin) != 0)
            {
                return true;
            }
        }
        return state.First(slab.Bin) != header || slab.Next != 0;
    }

    /// <summary>
    /// Puts slabs of a class that may have free blocks on the list, so many at most: the current one, then the emptier ones.
    /// </summary>
    internal void ListWithRoom(int sizeClass, List<ulong> slabs, int countMax)
    {
        if (_current[sizeClass] != NoSlab)
        {
            slabs.Add(_current[sizeClass]);
        }
        for (int bin = 0; bin < BinCount; bin++)
        {
            ulong header = _classes[sizeClass].First(bin);
            for (; header != 0 && slabs.Count < countMax; header = Native.At<ChunkHeader>(header).Next)
            {
                slabs.Add(header);
            }
        }
    }

    /// <summary>
    /// From now on nothing is allocated in the slab, which has free blocks, and when its last block is freed it goes back.
    /// </summary>
    internal void MakeLeave(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        Debug.Assert(slab.Bin <= BinOfCurrent, "A slab leaves that serves.");
        if (slab.Bin < BinCount)
        {
            Unlink(header);
        }
        else
        {
            _current[slab.Class] = NoSlab;
        }
        if (slab.Live == 0)
        {
            Retire(header);
            return;
        }
        slab.Bin = BinOfLeaving;
        slab.BinLow = 1;
        Push(header, ref _firstLeaving);
    }

    /// <summary>Some of the slabs are leaving that had blocks.</summary>
    internal bool AnyLeaves => _firstLeaving != 0;

    /// <summary>The slabs that were leaving and have not gone serve again.</summary>
    internal void LetStay()
    {
        while (_firstLeaving != 0)
        {
            ulong header = _firstLeaving;
            ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
            Unlink(header);
            Link(header, (byte)(slab.Live * BinCount / slab.Capacity));
        }
    }

    /// <summary>Gives back one of the empty slabs that are kept, unless somebody has taken one since the last call.</summary>
    internal void TrimSome()
    {
        if (_firstEmpty != 0 && !_wasEmptyTaken)
        {
            GiveBack(PopEmpty());
        }
        _wasEmptyTaken = false;
    }

    /// <summary>Gives back every slab that is empty, those kept for later too.</summary>
    internal void Trim()
    {
        for (int i = 0; i < SizeClass.Count; i++)
        {
            ulong header = _current[i];
            if (header == NoSlab || Native.At<ChunkHeader>(header).Live != 0)
            {
                continue;
            }
            _current[i] = NoSlab;
            Retire(header);
        }
        while (_firstEmpty != 0)
        {
            GiveBack(PopEmpty());
        }
    }

    public void Dispose()
    {
        _regions.Dispose();
        NativeMemory.Free(_classes);
        NativeMemory.Free(_current);
        _touchedBytes = 0;
    }

    private static void Touch(ref ChunkHeader slab, ref long touchedBytes)
    {
        long pages = Pages.RoundUp((long)slab.Carved * slab.BlockSize) / Pages.Size;
        if (pages <= slab.TouchedPages)
        {
            return;
        }
        touchedBytes += (pages - slab.TouchedPages) * Pages.Size;
        slab.TouchedPages = (uint)pages;
    }

    /// <summary>Puts the next untouched page's worth of blocks on the empty free list, in address order.</summary>
    private void Carve(ref ChunkHeader slab, ulong header)
    {
        ulong chunk = ChunkHeader.ChunkOf(header);
        uint start = slab.Carved * slab.BlockSize;
        uint end = (uint)((start + Pages.Size) & ~(Pages.Size - 1));
        uint count = Math.Clamp((end - start) / slab.BlockSize, 1, slab.Capacity - slab.Carved);
        slab.Carved += count;
        Touch(ref slab, ref _touchedBytes);

        ulong block = chunk + start;
        slab.FreeHead = block;
        for (; count > 1; count--)
        {
            ulong next = block + slab.BlockSize;
            *(ulong*)block = next;
            block = next;
        }
        *(ulong*)block = 0;
    }

    private ulong TakeFromBins(int sizeClass)
    {
        ref ClassState state = ref _classes[sizeClass];
        for (int bin = BinCount - 1; bin >= 0; bin--)
        {
            ulong header = state.First(bin);
            if (header == 0)
            {
                continue;
            }
            Unlink(header);
            ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
            slab.Bin = BinOfCurrent;
            slab.BinLow = 0;
            return header;
        }
        return 0;
    }

    private ulong NewSlab(int sizeClass)
    {
        ulong header = _firstEmpty != 0 ? PopEmpty() : _regions.Acquire(1);
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        int blockSize = SizeClass.SizeOf(sizeClass);
        slab = new ChunkHeader
        {
            BlockSize = (uint)blockSize,
            Capacity = (uint)(ChunkHeader.ChunkSize / blockSize),
            Class = (byte)sizeClass,
            Bin = BinOfCurrent,
            Kind = ChunkKind.Slab,
            ChunkCount = 1,
            TouchedPages = slab.TouchedPages,
        };
        _classes[sizeClass].SlabCount++;
        Carve(ref slab, header);
        return header;
    }

    /// <summary>Takes an unlinked empty slab out of its class.</summary>
    private void Retire(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        _classes[slab.Class].SlabCount--;
        slab.BlockSize = 0;
        slab.Kind = ChunkKind.Free;
        if (_emptyCount == EmptyKeptMax || !KeepsEmpty)
        {
            GiveBack(header);
            return;
        }
        slab.Next = _firstEmpty;
        _firstEmpty = header;
        _emptyCount++;
        _emptyBytes += slab.TouchedPages * Pages.Size;
    }

    private ulong PopEmpty()
    {
        ulong header = _firstEmpty;
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        _firstEmpty = slab.Next;
        _emptyCount--;
        _emptyBytes -= slab.TouchedPages * Pages.Size;
        _wasEmptyTaken = true;
        return header;
    }

    private void GiveBack(ulong header)
    {
        long touched = Native.At<ChunkHeader>(header).TouchedPages * Pages.Size;
        Pages.Discard(ChunkHeader.ChunkOf(header), touched);
        _touchedBytes -= touched;
        _regions.Release(header);
    }

    private void Link(ulong header, byte bin)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        slab.Bin = bin;
        slab.BinLow = Math.Max(((bin * slab.Capacity) + BinCount - 1) / BinCount, 1);
        Push(header, ref _classes[slab.Class].First(bin));
    }

    private static void Push(ulong header, ref ulong first)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        slab.Previous = 0;
        slab.Next = first;
        if (first != 0)
        {
            Native.At<ChunkHeader>(first).Previous = header;
        }
        first = header;
    }

    private void Unlink(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        if (slab.Previous != 0)
        {
            Native.At<ChunkHeader>(slab.Previous).Next = slab.Next;
        }
        else if (slab.Bin == BinOfLeaving)
        {
            _firstLeaving = slab.Next;
        }
        else
        {
            _classes[slab.Class].First(slab.Bin) = slab.Next;
        }
        if (slab.Next != 0)
        {
            Native.At<ChunkHeader>(slab.Next).Previous = slab.Previous;
        }
    }

    private struct ClassState
    {
        internal long SlabCount;
        private fixed ulong _first[BinCount];

        internal ref ulong First(int bin) => ref _first[bin];
    }
}
