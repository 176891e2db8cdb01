using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bixbite.Memory;

/// <summary>The header of every block of a log; the bytes follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ByteLogBlock
{
    internal const int HeaderSize = 24;

    internal ulong Next;

    /// <summary>The position of the first byte.</summary>
    internal long Start;

    internal long Capacity;
}

/// <summary>
/// Bytes by their positions, added at the end and forgotten at the start, of which there is one copy however many readers there are.
/// <code>
///   block: | next 8 | start 8 | capacity 8 | bytes ... |      all but the last are full
///
///   | block ..... | block ..... | block ..... | block ...       |
///   ^ Start              ^ a reader      ^ another  ^ Published ^ End
/// </code>
/// Everything belongs to the heap's owner, but for the readers, of which each belongs to one thread: published bytes never change, and the
/// block that a reader stands in, or at whose end, is not freed. A block that a reader is done with is known by the reader's position,
/// which only rises.
/// </summary>
public sealed class ByteLog : IDisposable
{
    private readonly Heap _heap;
    private readonly int _blockSize;
    private readonly List<ByteLogReader> _readers = [];
    private ulong _head;
    private ulong _tail;
    private long _end;
    private long _publishedEnd;
    private long _usedBytes;

    /// <param name="heap">Pays for the blocks.</param>
    /// <param name="blockSize">Bytes of each, its header included.</param>
    /// <param name="start">The position of the first byte.</param>
    public ByteLog(Heap heap, int blockSize, long start)
    {
        Debug.Assert(blockSize > ByteLogBlock.HeaderSize, "A block has room for bytes.");
        _heap = heap;
        _blockSize = blockSize;
        _end = start;
        _publishedEnd = start;
        AddBlock();
        _head = _tail;
    }

    /// <summary>The position of the first byte that is there.</summary>
    public long Start => Native.At<ByteLogBlock>(_head).Start;

    /// <summary>The position behind the last byte.</summary>
    public long End => _end;

    /// <summary>Readers see the bytes before this position. Any thread.</summary>
    public long PublishedEnd => Volatile.Read(ref _publishedEnd);

    /// <summary>The position behind the first block, which is the next to be freed.</summary>
    public long HeadEnd => EndOf(_head);

    /// <summary>Bytes of memory that the blocks take. Any thread.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>Somebody reads.</summary>
    public bool HasReaders => _readers.Count > 0;

    /// <summary>Adds bytes, which readers do not see yet.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ref ByteLogBlock block = ref Native.At<ByteLogBlock>(_tail);
            int used = (int)(_end - block.Start);
            int count = (int)Math.Min(bytes.Length, block.Capacity - used);
            if (count == 0)
            {
                AddBlock();
                continue;
            }
            bytes[..count].CopyTo(Native.Bytes(_tail + ByteLogBlock.HeaderSize + (uint)used, count));
            _end += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Readers see everything that was added.</summary>
    public void Publish() => Volatile.Write(ref _publishedEnd, _end);

    /// <summary>A reader of what follows a position, which must be there or be the end; until <see cref="Forget"/>.</summary>
    public ByteLogReader ReadFrom(long position)
    {
        Invariant.Require(position >= Start && position <= _end, "a log is read from where it has no bytes");
        ulong block = _head;
        while (block != _tail && position > EndOf(block))
        {
            block = Native.At<ByteLogBlock>(block).Next;
        }
        var reader = new ByteLogReader(this, block, position);
        _readers.Add(reader);
        return reader;
    }

    /// <summary>The reader reads no more.</summary>
    public void Forget(ByteLogReader reader) => _readers.Remove(reader);

    /// <summary>
    /// Frees the blocks in front that no reader needs, that are not among the last <paramref name="keptSize"/> bytes, and that end before
    /// <paramref name="heldStart"/>.
    /// </summary>
    public void Trim(long keptSize, long heldStart = long.MaxValue)
    {
        while (_head != _tail && _end - EndOf(_head) >= keptSize && EndOf(_head) <= heldStart && IsReadBeyond(EndOf(_head)))
        {
            ulong next = Native.At<ByteLogBlock>(_head).Next;
            Free(_head);
            _head = next;
        }
    }

    /// <summary>Frees everything; there are no readers any more.</summary>
    public void Dispose()
    {
        Debug.Assert(_readers.Count == 0, "Somebody still reads.");
        while (_head != 0)
        {
            ulong next = Native.At<ByteLogBlock>(_head).Next;
            Free(_head);
            _head = next;
        }
        _tail = 0;
    }

    private static long EndOf(ulong block) => Native.At<ByteLogBlock>(block).Start + Native.At<ByteLogBlock>(block).Capacity;

    /// <summary>All readers have left the block that ends here: one that stands at its end goes on from it.</summary>
    private bool IsReadBeyond(long blockEnd)
    {
        foreach (ByteLogReader reader in _readers)
        {
            if (reader.Position <= blockEnd)
            {
                return false;
            }
        }
        return true;
    }

    private void AddBlock()
    {
        ulong added = _heap.Allocate(_blockSize);
        Volatile.Write(ref _usedBytes, _usedBytes + _heap.SizeOf(added));
        Native.At<ByteLogBlock>(added) = new ByteLogBlock { Start = _end, Capacity = _blockSize - ByteLogBlock.HeaderSize };
        if (_tail != 0)
        {
            Native.At<ByteLogBlock>(_tail).Next = added;
        }
        _tail = added;
    }

    private void Free(ulong block)
    {
        Volatile.Write(ref _usedBytes, _usedBytes - _heap.SizeOf(block));
        _heap.Free(block);
    }
}
