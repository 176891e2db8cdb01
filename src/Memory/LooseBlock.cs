using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// A large argument of a request on its way in: received where it can stay, in pages of its own, instead of among the other bytes of its
/// connection. Whoever stores it takes the block over as it is; otherwise its owner frees it.
/// <code>
///   the input   | *3 $3 SET $1 k $200000000 | \r\n *1 $4 PING ...      the bytes without the argument
///                                           ^ Position
///   the block   | 64 KiB | ......... filled ......... | room |         grows with what really comes: an announcement costs nothing
/// </code>
/// </summary>
public sealed class LooseBlock
{
    /// <summary>Shorter arguments are received like everything else: copying them takes less than mapping pages.</summary>
    public const int LengthMin = (int)Extents.RunSizeMax + 1;

    /// <summary>So much of an argument must be there before it gets a block: mappings are few.</summary>
    public const int FilledMin = 64 * 1024;

    private const int ReceiveSizeMax = 1 << 20;
    private const int CapacityMin = 256 * 1024;

    private Heap? _heap;
    private int _capacity;

    /// <param name="heap">Pays for it, and must be the caller's whenever this is called.</param>
    /// <param name="length">Bytes of the whole argument.</param>
    public LooseBlock(Heap heap, int length)
    {
        Debug.Assert(length >= LengthMin, "A short argument needs no block.");
        _heap = heap;
        _capacity = CapacityMin;
        Length = length;
        Address = heap.Map(_capacity);
    }

    private LooseBlock(LooseBlock source, Heap heap)
    {
        Address = source.GiveTo(heap);
        _heap = heap;
        _capacity = source._capacity;
        Length = source.Length;
        Filled = source.Filled;
    }

    /// <summary>Where the block is; it moves when it grows, until it is whole.</summary>
    public ulong Address { get; private set; }

    /// <summary>Bytes of the whole argument.</summary>
    public int Length { get; }

    /// <summary>Bytes that have come.</summary>
    public int Filled { get; private set; }

    /// <summary>Where it belongs: as many bytes of the input stand before it.</summary>
    public int Position { get; set; }

    public bool IsWhole => Filled == Length;

    /// <summary>Somebody else has the block now.</summary>
    public bool IsGone => _heap is null;

    /// <summary>Bytes of memory that it takes.</summary>
    public long MemoryBytes => _heap is null ? 0 : _capacity;

    /// <summary>Makes room behind the bytes that have come; returns how many may come now, at least 1.</summary>
    public int Reserve()
    {
        Debug.Assert(!IsGone && !IsWhole, "Nothing is missing.");
        if (Filled == _capacity)
        {
            _capacity = (int)Math.Min(2L * _capacity, Length);
            Address = _heap!.Resize(Address, _capacity);
        }
        return Math.Min(Math.Min(_capacity, Length) - Filled, ReceiveSizeMax);
    }

    /// <summary>Where <see cref="Reserve"/> made room.</summary>
    public ulong RoomAddress => Address + (ulong)Filled;

    public void Extend(int count)
    {
        Debug.Assert(count >= 0 && Filled + count <= Length, "More has come than there was room for.");
        Filled += count;
    }

    /// <summary>Copies bytes that have come in another way.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(Reserve(), bytes.Length);
            bytes[..count].CopyTo(Native.Bytes(RoomAddress, count));
            Extend(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>The block becomes one of this heap, of the same owner, for whoever frees it there. Returns its address.</summary>
    public ulong GiveTo(Heap heap)
    {
        Invariant.Require(IsWhole && !IsGone, "a block is given away that is not whole, or is gone");
        if (_heap != heap)
        {
            _heap!.HandOver(Address, heap);
        }
        _heap = null;
        return Address;
    }

    /// <summary>The same bytes with another owner, who pays with this heap.</summary>
    public LooseBlock MoveTo(Heap heap) => new(this, heap);

    /// <summary>Frees the block, if nobody has taken it.</summary>
    public void Free()
    {
        _heap?.Free(Address);
        _heap = null;
    }
}
