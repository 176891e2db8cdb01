using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>What heads every block of an output queue; the bytes follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OutputBlock
{
    internal const int HeaderSize = 24;

    internal ulong Next;
    internal int Capacity;
    internal int Start;
    internal int End;
    private readonly int _unused;
}

/// <summary>Bytes that a socket did not take, in a chain of blocks. At rest there are none, and no block.</summary>
/// <remarks>
/// <code>
///   head -> | next 8 | capacity 4 | start 4 | end 4 | unused 4 | sent .. | start: waiting | end: room |  -> ... -> tail
/// </code>
/// The loop's heap owns the blocks; this struct lives in its connection and is never copied out of it. Blocks double in size with
/// the queue, so that a short message to ten thousand subscribers costs ten thousand short blocks, and long output costs few calls.
/// A block is freed as soon as its last byte is sent.
/// </remarks>
internal struct OutputQueue
{
    private const int BlockSizeMin = 256;
    private const int BlockSizeMax = 256 * 1024;

    private ulong _head;
    private ulong _tail;

    /// <summary>How many bytes wait.</summary>
    internal long Length { get; private set; }

    /// <summary>Bytes of the blocks.</summary>
    internal long MemoryBytes { get; private set; }

    /// <summary>
    /// The part of <see cref="MemoryBytes"/> that excused deliveries have taken (<see cref="ExecutionLock.IsExcusing"/>), at most.
    /// </summary>
    internal long ExcusedBytes { get; set; }

    /// <summary>Since when more waits than the soft limit permits, on the loop's clock in microseconds; 0 when it does not.</summary>
    internal long OverSinceUs { get; set; }

    internal readonly bool IsEmpty => _head == 0;

    /// <summary>How many bytes have ever gone.</summary>
    internal long ConsumedEnd { get; private set; }

    /// <summary>How many bytes have ever come.</summary>
    internal readonly long AppendedEnd => ConsumedEnd + Length;

    internal void Append(Heap heap, ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_tail == 0 || Native.At<OutputBlock>(_tail).End == Native.At<OutputBlock>(_tail).Capacity) AddBlock(heap, bytes.Length);
            ref OutputBlock block = ref Native.At<OutputBlock>(_tail);
            int count = Math.Min(bytes.Length, block.Capacity - block.End);
            bytes[..count].CopyTo(Native.Bytes(_tail + OutputBlock.HeaderSize + (ulong)block.End, count));
            block.End += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>The oldest bytes, in as many pieces as there are blocks, but no more than fit; returns how many pieces.</summary>
    internal readonly int Gather(Span<IoVector> pieces, long sizeMax, out int size)
    {
        int count = 0;
        size = 0;
        for (ulong at = _head; at != 0 && count < pieces.Length && size < sizeMax; at = Native.At<OutputBlock>(at).Next)
        {
            ref OutputBlock block = ref Native.At<OutputBlock>(at);
            int pieceSize = (int)Math.Min(block.End - block.Start, sizeMax - size);
            Debug.Assert(pieceSize > 0);
            pieces[count++] = new IoVector(at + OutputBlock.HeaderSize + (ulong)block.Start, pieceSize);
            size += pieceSize;
        }
        return count;
    }

    /// <summary>The socket has taken <paramref name="count"/> bytes of what <see cref="Gather"/> showed.</summary>
    internal void Consume(Heap heap, int count)
    {
        Debug.Assert(count <= Length);
        Length -= count;
        ConsumedEnd += count;
        while (count > 0)
        {
            ref OutputBlock block = ref Native.At<OutputBlock>(_head);
            int taken = Math.Min(count, block.End - block.Start);
            block.Start += taken;
            count -= taken;
            if (block.Start == block.End) DropHead(heap);
        }
    }

    internal void Drop(Heap heap)
    {
        while (_head != 0) DropHead(heap);
        Length = 0;
    }

    private void AddBlock(Heap heap, int wanted)
    {
        long doubled = _tail == 0 ? 0 : 2L * (Native.At<OutputBlock>(_tail).Capacity + OutputBlock.HeaderSize);
        long size = Math.Clamp(Math.Max(wanted + OutputBlock.HeaderSize, doubled), BlockSizeMin, BlockSizeMax);
        ulong added = heap.Allocate(size);
        MemoryBytes += heap.SizeOf(added);
        Native.At<OutputBlock>(added) = new OutputBlock { Capacity = (int)size - OutputBlock.HeaderSize };
        if (_tail == 0) _head = added;
        else Native.At<OutputBlock>(_tail).Next = added;
        _tail = added;
    }

    private void DropHead(Heap heap)
    {
        ulong next = Native.At<OutputBlock>(_head).Next;
        MemoryBytes -= heap.SizeOf(_head);
        heap.Free(_head);
        _head = next;
        if (next == 0) _tail = 0;
    }
}
