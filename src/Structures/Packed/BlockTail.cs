using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Packed;

/// <summary>
/// The bytes of a block from an offset on, which may grow and shrink: what a packed structure lives in. The block may have a header of
/// its owner's before them (a record with its key), or none.
/// <code>
///   link ---> | owner's header: offset bytes | the tail ................ | spare |
/// </code>
/// The tail does not know its length; what is stored in it tells. Growing may move the block: the link then has the new address, and
/// spans taken before are void.
/// </summary>
public readonly ref struct BlockTail
{
    private const int SpareShareMax = 4;

    private readonly ref Link _link;
    private readonly int _offset;

    public BlockTail(Heap heap, ref Link link, int offset)
    {
        Debug.Assert(offset >= 0, "The tail lies in its block.");
        Heap = heap;
        _link = ref link;
        _offset = offset;
    }

    public Heap Heap { get; }

    public ulong Address
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _link.Address + (uint)_offset;
    }

    /// <summary>The first <paramref name="length"/> bytes, which must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Bytes(int length) => Native.Bytes(Address, length);

    /// <summary>Makes room for so many bytes and returns them; those that were there stay, the others are undefined.</summary>
    public Span<byte> Grow(int length)
    {
        ulong block = _link.Address;
        if (_offset + (long)length > Heap.SizeOf(block))
        {
            _link.Address = Heap.Resize(block, _offset + (long)length);
        }
        return Bytes(length);
    }

    /// <summary>Gives back what lies beyond <paramref name="length"/> bytes, where a smaller block would do.</summary>
    public void Shrink(int length) => _link.Address = Heap.Resize(_link.Address, _offset + (long)length);

    /// <summary>
    /// As <see cref="Shrink"/>, but only where a quarter of the block or more would be spare: what shrinks and grows by turns stays
    /// where it is.
    /// </summary>
    public void ShrinkIfSparse(int length)
    {
        long size = Heap.SizeOf(_link.Address);
        if (_offset + (long)length <= size - (size / SpareShareMax))
        {
            Shrink(length);
        }
    }
}
