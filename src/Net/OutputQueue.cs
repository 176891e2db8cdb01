using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>The header of every block of an output queue; the content follows as its kind says.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OutputBlock
{
    internal const int HeaderSize = 24;

    internal ulong Next;
    internal int Capacity;
    internal int Start;
    internal int End;
    internal OutputBlockKind Kind;
}

internal enum OutputBlockKind
{
    /// <summary>The bytes follow.</summary>
    Bytes,

    /// <summary>Two addresses follow: of a pinned block, and of the bytes within it.</summary>
    Pinned,
}

/// <summary>Bytes that a socket did not take, in a chain of blocks. At rest there are none, and no block.</summary>
/// <remarks>
/// <code>
///   head -> | next 8 | capacity 4 | start 4 | end 4 | Bytes 4  | sent .. | start: waiting | end: room |  -> ...
///        -> | next 8 | 0          | start 4 | end 4 | Pinned 4 | block 8 | bytes 8 |                     -> ... -> tail
/// </code>
/// The loop's heap owns the blocks; this struct lives in its connection and is never copied out of it. Blocks double in size with
/// the queue, so that a short message to ten thousand subscribers costs ten thousand short blocks, and long output costs few calls.
/// A block is freed, and what it pins given back, as soon as its last byte is sent.
/// </remarks>
internal struct OutputQueue
{
    private const int BlockSizeMin = 256;
    private const int BlockSizeMax = 256 * 1024;

    private const int PlaceSize = 64;
    private const int PinSize = 2 * sizeof(ulong);

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
            if (_tail == 0 || Native.At<OutputBlock>(_tail).End >= Native.At<OutputBlock>(_tail).Capacity)
            {
                AddBlock(heap, bytes.Length);
            }
            ref OutputBlock block = ref Native.At<OutputBlock>(_tail);
            int count = Math.Min(bytes.Length, block.Capacity - block.End);
            ulong target = _tail + OutputBlock.HeaderSize + (ulong)block.End;
            if (bytes.Length > FreshPages.PieceSize)
            {
                FreshPages.Give(target, count, bytes.Length);
            }
            bytes[..count].CopyTo(Native.Bytes(target, count));
            block.End += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Appends bytes where they lie, within a block that was pinned for this queue.</summary>
    internal void AppendPinned(Heap heap, ulong block, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(!bytes.IsEmpty);
        Length += bytes.Length;
        Add(heap, OutputBlock.HeaderSize + PinSize, new OutputBlock { End = bytes.Length, Kind = OutputBlockKind.Pinned });
        Native.At<ulong>(_tail + OutputBlock.HeaderSize) = block;
        Native.At<ulong>(_tail + OutputBlock.HeaderSize + sizeof(ulong)) = Native.AddressOf(bytes);
    }

    /// <summary>Keeps a place for up to <see cref="PlaceSize"/> bytes, to be filled before anything is sent.</summary>
    internal ulong AppendPlace(Heap heap)
    {
        Add(heap, OutputBlock.HeaderSize + PlaceSize, default);
        return _tail;
    }

    internal void Fill(ulong place, ReadOnlySpan<byte> bytes)
    {
        ref OutputBlock block = ref Native.At<OutputBlock>(place);
        Debug.Assert(block.End == 0 && bytes.Length is > 0 and <= PlaceSize);
        bytes.CopyTo(Native.Bytes(place + OutputBlock.HeaderSize, bytes.Length));
        block.End = bytes.Length;
        Length += bytes.Length;
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
            ulong bytes = at + OutputBlock.HeaderSize;
            if (block.Kind == OutputBlockKind.Pinned)
            {
                bytes = Native.At<ulong>(bytes + sizeof(ulong));
            }
            pieces[count++] = new IoVector(bytes + (ulong)block.Start, pieceSize);
            size += pieceSize;
        }
        return count;
    }

    /// <summary>The socket has taken <paramref name="count"/> bytes of what <see cref="Gather"/> showed.</summary>
    internal void Consume(Heap heap, PinnedBlocks? pinned, int count)
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
            if (block.Start == block.End)
            {
                DropHead(heap, pinned);
            }
        }
    }

    /// <summary>
    /// Puts the text in the place of each of the ranges, which come in order and none of which is empty, is partly sent, or has only a part
    /// of what is pinned.
    /// </summary>
    internal void Replace(Heap heap, PinnedBlocks? pinned, List<OutputRange> ranges, ReadOnlySpan<byte> text)
    {
        ulong at = _head;
        long position = ConsumedEnd;
        int next = 0;
        _head = _tail = 0;
        Length = MemoryBytes = 0;
        while (at != 0)
        {
            OutputBlock block = Native.At<OutputBlock>(at);
            bool isPinKept = false;
            for (long end = position + block.End - block.Start; position < end;)
            {
                OutputRange range = next < ranges.Count ? ranges[next] : new OutputRange(long.MaxValue, long.MaxValue);
                long stop = Math.Min(end, position < range.Start ? range.Start : range.End);
                if (position < range.Start)
                {
                    Debug.Assert(!isPinKept, "one reply has all of what is pinned");
                    isPinKept = block.Kind == OutputBlockKind.Pinned;
                    Move(heap, at, block.End - (int)(end - position), (int)(stop - position));
                }
                else if (position == range.Start)
                {
                    Append(heap, text);
                }
                next += stop == range.End ? 1 : 0;
                position = stop;
            }
            if (block.Kind == OutputBlockKind.Pinned && !isPinKept)
            {
                pinned!.UnpinLater(Native.At<ulong>(at + OutputBlock.HeaderSize));
            }
            heap.Free(at);
            at = block.Next;
        }
    }

    internal void Drop(Heap heap, PinnedBlocks? pinned)
    {
        while (_head != 0)
        {
            DropHead(heap, pinned);
        }
        Length = 0;
    }

    /// <summary>Appends bytes of a block that is no longer in the queue; what it pins belongs to the queue again.</summary>
    private void Move(Heap heap, ulong at, int start, int size)
    {
        ulong bytes = at + OutputBlock.HeaderSize;
        if (Native.At<OutputBlock>(at).Kind == OutputBlockKind.Bytes)
        {
            Append(heap, Native.Bytes(bytes + (ulong)start, size));
        }
        else
        {
            ulong text = Native.At<ulong>(bytes + sizeof(ulong)) + (ulong)start;
            AppendPinned(heap, Native.At<ulong>(bytes), Native.Bytes(text, size));
        }
    }

    private void AddBlock(Heap heap, int wanted)
    {
        long doubled = _tail == 0 ? 0 : 2L * (Native.At<OutputBlock>(_tail).Capacity + OutputBlock.HeaderSize);
        long size = Math.Clamp(Math.Max(wanted + OutputBlock.HeaderSize, doubled), BlockSizeMin, BlockSizeMax);
        Add(heap, size, new OutputBlock { Capacity = (int)size - OutputBlock.HeaderSize });
    }

    private void Add(Heap heap, long size, in OutputBlock header)
    {
        ulong added = heap.Allocate(size);
        MemoryBytes += heap.SizeOf(added);
        Native.At<OutputBlock>(added) = header;
        if (_tail == 0)
        {
            _head = added;
        }
        else
        {
            Native.At<OutputBlock>(_tail).Next = added;
        }
        _tail = added;
    }

    private void DropHead(Heap heap, PinnedBlocks? pinned)
    {
        MemoryBytes -= heap.SizeOf(_head);
        ref OutputBlock head = ref Native.At<OutputBlock>(_head);
        ulong next = head.Next;
        if (head.Kind == OutputBlockKind.Pinned)
        {
            pinned!.UnpinLater(Native.At<ulong>(_head + OutputBlock.HeaderSize));
        }
        heap.Free(_head);
        _head = next;
        if (next == 0)
        {
            _tail = 0;
        }
    }
}
