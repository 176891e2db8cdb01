using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>Bytes that a channel keeps from one call to the next, in a block of its own; none, and no block, at rest.</summary>
/// <remarks>The block belongs to the heap; this struct stays in its channel and is never copied out of it.</remarks>
internal struct KeptBytes
{
    private ulong _block;
    private int _start;
    private int _end;
    private int _capacity;

    internal readonly int Length => _end - _start;

    internal readonly bool IsEmpty => _start == _end;

    internal readonly ReadOnlySpan<byte> Bytes => Native.Bytes(_block + (ulong)_start, Length);

    internal readonly IoVector Piece => new(_block + (ulong)_start, Length);

    internal void Append(Heap heap, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        if (_end + bytes.Length > _capacity)
        {
            Grow(heap, Length + bytes.Length);
        }
        bytes.CopyTo(Native.Bytes(_block + (ulong)_end, bytes.Length));
        _end += bytes.Length;
    }

    internal void Consume(Heap heap, int count)
    {
        _start += count;
        if (_start == _end)
        {
            Drop(heap);
        }
    }

    internal void Drop(Heap heap)
    {
        if (_block != 0)
        {
            heap.Free(_block);
        }
        this = default;
    }

    private void Grow(Heap heap, int capacity)
    {
        ulong block = heap.Allocate(capacity);
        int length = Length;
        if (length > 0)
        {
            Bytes.CopyTo(Native.Bytes(block, length));
        }
        Drop(heap);
        (_block, _end, _capacity) = (block, length, capacity);
    }
}
