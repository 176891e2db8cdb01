using System.Diagnostics;
using Bixbite.Platform;

namespace Bixbite.Memory;

/// <summary>
/// A position in a <see cref="ByteLog"/>, and what follows it. Belongs to one thread; the log's owner looks at its position, and frees no
/// block before it. The owner may also take the blocks away from it for good, but not while its thread looks at them:
/// <code>
///   Idle ── Peek shows something ──> Reading ── Take, Leave ──> Idle ── TryDetach, by the owner ──> Detached: shows nothing any more
/// </code>
/// </summary>
public sealed class ByteLogReader : IByteSource
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Detached = 2;

    private readonly ByteLog _log;
    private ulong _block;
    private long _position;
    private int _state;

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

    /// <summary>
    /// Has it show nothing any more, and need no block; false while its thread looks at some, for no longer than that. By the log's owner.
    /// </summary>
    public bool TryDetach() => Interlocked.CompareExchange(ref _state, Detached, Idle) != Reading;

    public int Peek(Span<IoVector> pieces, long sizeMax, out int size)
    {
        size = 0;
        if (!TryBegin())
        {
            return 0;
        }
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
        if (size == 0)
        {
            Leave();
        }
        return count;
    }

    /// <summary>As <see cref="Peek"/>, as many as lie in one piece.</summary>
    public ReadOnlySpan<byte> PeekPiece(int sizeMax)
    {
        IoVector piece = default;
        return Peek(new Span<IoVector>(ref piece), sizeMax, out int size) == 0 ? default : Native.Bytes(piece.Address, size);
    }

    /// <summary>Nothing of what was shown is taken now.</summary>
    public void Leave() => Volatile.Write(ref _state, Idle);

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
        Leave();
    }

    private bool TryBegin() => Interlocked.CompareExchange(ref _state, Reading, Idle) != Detached;
}
