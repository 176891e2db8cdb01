using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>
/// Bytes a connection has received and not yet used, in a block of its own. At rest there are none, and no block.
/// </summary>
/// <remarks>
/// <code>
///   block   | used up | unconsumed bytes | room |
///           0         start              start + length    capacity
/// </code>
/// The loop's heap owns the block; this struct lives in its connection and is never copied out of it. A request that has been announced
/// as large gets room as its bytes arrive, and between rounds the block is at most four times what has come: an announcement alone
/// costs nothing. A single large argument goes into a <see cref="LooseBlock"/> of its own; the bytes are then those without it.
/// </remarks>
internal struct InputBuffer
{
    /// <summary>Up to this size a request is gathered in the loop's arena; above it, in a block of its own.</summary>
    internal const int SmallSizeMax = 32 * 1024;

    private const int ReceiveSizeMax = 1024 * 1024;
    private const int RoomSizeMin = 64 * 1024;

    private ulong _block;
    private int _start;
    private int _capacity;
    private long _blockBytes;
    private long _looseMemory;
    private List<LooseBlock>? _loose;

    internal int Length { get; private set; }

    /// <summary>Bytes of the blocks; 0 while there is none.</summary>
    internal readonly long MemoryBytes => _blockBytes + _looseMemory;

    /// <summary>Large arguments that belong among the bytes, in the order of their positions.</summary>
    internal readonly ReadOnlySpan<LooseBlock> LooseBlocks => CollectionsMarshal.AsSpan(_loose);

    /// <summary>Bytes that have come of large arguments.</summary>
    internal long LooseLength { get; private set; }

    /// <summary>The large argument to which the next bytes belong, if there is one.</summary>
    internal readonly LooseBlock? Filling => _loose is [.., { IsWhole: false } last] ? last : null;

    /// <summary>The size announced for the pending request, or 0.</summary>
    internal int Expected { get; set; }

    /// <summary>The size announced for the pending bulk, or 0.</summary>
    internal int BulkLength { get; set; }

    /// <summary>Where that bulk begins.</summary>
    internal int BulkStart { get; set; }

    internal readonly ulong Address => _block + (ulong)_start;

    /// <summary>True if the next bytes belong behind those of this buffer rather than into the arena.</summary>
    internal readonly bool IsLarge => Length > SmallSizeMax || (Length > 0 && Expected > SmallSizeMax);

    /// <summary>Keeps a copy of bytes; the buffer must be empty.</summary>
    internal void Keep(Heap heap, ulong source, int length)
    {
        Debug.Assert(_block == 0 && length > 0);
        _capacity = length;
        _block = heap.Allocate(_capacity);
        _blockBytes = heap.SizeOf(_block);
        _start = 0;
        Length = length;
        Native.Bytes(source, length).CopyTo(Native.Bytes(_block, length));
    }

    /// <summary>Makes room behind the bytes; returns how many of them may be received now, at least 1.</summary>
    internal int Reserve(Heap heap)
    {
        Debug.Assert(_block != 0 && Length > 0);
        int wanted = Wanted(Length);
        if (_start + wanted > _capacity)
        {
            if (_start > 0)
            {
                MoveToFront();
            }
            if (wanted > _capacity)
            {
                _block = heap.Resize(_block, wanted);
                _blockBytes = heap.SizeOf(_block);
                _capacity = wanted;
            }
        }
        int room = Math.Min(_capacity - _start - Length, ReceiveSizeMax);
        if (Expected > Length)
        {
            room = Math.Min(room, Expected - Length);
        }
        Debug.Assert(room > 0);
        return room;
    }

    /// <summary>Where <see cref="Reserve"/> made room.</summary>
    internal readonly ulong RoomAddress => Address + (ulong)Length;

    internal void Extend(int count)
    {
        Debug.Assert(_start + Length + count <= _capacity);
        Length += count;
    }

    internal void Consume(Heap heap, int count)
    {
        Debug.Assert(count <= Length);
        _start += count;
        Length -= count;
        if (Length == 0)
        {
            DropBytes(heap);
        }
    }

    /// <summary>
    /// From now on what comes from this position on, as many bytes as told, belongs to a block of its own, and so does what has come of it.
    /// </summary>
    internal void Split(Heap heap, int position, int length)
    {
        Debug.Assert(Filling is null && position > 0 && position < Length && length > Length - position);
        LooseBlock block = new(heap, length) { Position = position };
        block.Append(Native.Bytes(Address + (ulong)position, Length - position));
        (_loose ??= []).Add(block);
        Length = position;
        Tighten(heap);
        CountLoose();
    }

    /// <summary>More of the large argument has come.</summary>
    internal void Fill(LooseBlock block, int count)
    {
        block.Extend(count);
        CountLoose();
    }

    /// <summary>Before so many bytes are consumed: large arguments among them are done with.</summary>
    internal void ConsumeLoose(int count)
    {
        if (_loose is null)
        {
            return;
        }
        int done = 0;
        foreach (LooseBlock block in _loose)
        {
            block.Position -= count;
            if (block.Position >= 0)
            {
                continue;
            }
            block.Free();
            done++;
        }
        _loose.RemoveRange(0, done);
        if (_loose.Count == 0)
        {
            _loose = null;
        }
        CountLoose();
    }

    /// <summary>Gives back room out of proportion to the bytes.</summary>
    internal void Tighten(Heap heap)
    {
        if (Length == 0 || Length >= _capacity / 4)
        {
            return;
        }
        ulong block = _block;
        int length = Length;
        ulong source = Address;
        _block = 0;
        Keep(heap, source, length);
        heap.Free(block);
    }

    /// <summary>Gives back everything.</summary>
    internal void Drop(Heap heap)
    {
        DropBytes(heap);
        ConsumeLoose(int.MaxValue);
    }

    /// <summary>Gives back the bytes, of which those go that are elsewhere by now; large arguments stay.</summary>
    internal void DropBytes(Heap heap)
    {
        if (_block != 0)
        {
            heap.Free(_block);
        }
        _block = 0;
        _start = 0;
        _capacity = 0;
        Length = 0;
        _blockBytes = 0;
    }

    private void CountLoose()
    {
        long memory = 0;
        LooseLength = 0;
        foreach (LooseBlock block in LooseBlocks)
        {
            memory += block.MemoryBytes;
            LooseLength += block.Filled;
        }
        _looseMemory = memory;
    }

    private readonly int Wanted(int length)
    {
        long grown = Math.Max(2L * length, RoomSizeMin);
        if (Expected > length)
        {
            grown = Math.Min(grown, Expected);
        }
        return (int)Math.Min(grown, Array.MaxLength);
    }

    private void MoveToFront()
    {
        Native.Bytes(Address, Length).CopyTo(Native.Bytes(_block, Length));
        _start = 0;
    }
}
