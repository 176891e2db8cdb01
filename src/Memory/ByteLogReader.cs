using System.Diagnostics;
using Bixbite.Platform;

namespace Bixbite.Memory;

/// <summary>
/// A position in a <see cref="ByteLog"/>, and what follows it. Belongs to one thread; the log's owner looks at its position, and frees no
/// block before it.
/// </summary>
public sealed class ByteLogReader : IByteSource
{
    private readonly ByteLog _log;
    private ulong _block;
    private long _position;

    internal ByteLogReader(ByteLog log, ulong block, long position)
    {
        _log = log;
        _block = block;
        _position = position;
    }

    /// <summary>The position of the next byte. Any thread.</summary>
    public long Position => Volatile.Read(ref _position);

    public long ReadableCount => Math.Max(_log.PublishedEnd - Position, 0);

    public long PendingCount => ReadableCount;

    public int Peek(Span<IoVector> pieces, long sizeMax, out int size)
    {
        long end = Math.Min(_log.PublishedEnd, _position + Math.Min(sizeMax, int.MaxValue));
        ulong block = _block;
        long position = _position;
        int count = 0;
        while (position < end && count < pieces.Length)
        {
            ref ByteLogBlock header = ref Native.At<ByteLogBlock>(block);
            long offset = position - header.Start;
            if (offset == header.Capacity)
            {
                block = header.Next;
                continue;
            }
            int pieceSize = (int)Math.Min(end - position, header.Capacity - offset);
            pieces[count++] = new IoVector(block + ByteLogBlock.HeaderSize + (ulong)offset, pieceSize);
            position += pieceSize;
        }
        size = (int)(position - _position);
        return count;
    }

    /// <summary>
    /// The block goes first: once the position is beyond its end, it may be freed. At its very end it is still needed, to find the next.
    /// </summary>
    public void Take(int count)
    {
        long position = _position + count;
        Debug.Assert(position <= _log.PublishedEnd, "More is taken than was shown.");
        while (position - Native.At<ByteLogBlock>(_block).Start > Native.At<ByteLogBlock>(_block).Capacity)
        {
            _block = Native.At<ByteLogBlock>(_block).Next;
        }
        Volatile.Write(ref _position, position);
    }
}
