using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Persistence.Transfer;

/// <summary>
/// Bytes on their way from one thread to another, as many at a time as its block holds. Neither side waits or takes a lock; each is told
/// when the other one has done something.
/// <code>
///   block    | read before | written, to be read | room |        positions only rise; a position's place is its remainder
///                          ^ _readEnd            ^ _writtenEnd
/// </code>
/// </summary>
public sealed class BytePipe : IByteSink, IByteSource, IDisposable
{
    private readonly Heap _heap;
    private readonly ulong _block;
    private readonly int _capacity;
    private long _writtenEnd;
    private long _readEnd;
    private string? _problem;
    private volatile bool _isClosed;
    private volatile bool _isRefused;

    /// <param name="heap">Pays for the block; it is made and disposed of by the heap's owner.</param>
    /// <param name="capacity">As many bytes are under way at most.</param>
    /// <param name="name">Who reads, for the log.</param>
    public BytePipe(Heap heap, int capacity, string name)
    {
        _heap = heap;
        _block = heap.Allocate(capacity);
        _capacity = capacity;
        Name = name;
    }

    public string Name { get; }

    public Action? RoomMade { private get; set; }

    /// <summary>Called by the writer's thread when there is something to read, or when it has ended.</summary>
    public Action? Filled { private get; set; }

    /// <summary>The writer has ended; there may be bytes still.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Once it is closed: null, or why the bytes are not whole.</summary>
    public string? Problem => _isClosed ? _problem : null;

    /// <summary>Bytes that can be read now.</summary>
    public long ReadableCount => Volatile.Read(ref _writtenEnd) - Volatile.Read(ref _readEnd);

    public long PendingCount => ReadableCount;

    /// <summary>Bytes for which there is room now.</summary>
    public int Room => _capacity - (int)ReadableCount;

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(!_isClosed, "Nothing is written after the end.");
        if (_isRefused)
        {
            return -Errno.EPIPE;
        }
        int count = Math.Min(bytes.Length, Room);
        if (count == 0)
        {
            return 0;
        }
        int place = (int)(_writtenEnd % _capacity);
        int first = Math.Min(count, _capacity - place);
        bytes[..first].CopyTo(Native.Bytes(_block + (uint)place, first));
        bytes[first..count].CopyTo(Native.Bytes(_block, count - first));
        Volatile.Write(ref _writtenEnd, _writtenEnd + count);
        Filled?.Invoke();
        return count;
    }

    public void Close(string? problem)
    {
        _problem = problem;
        _isClosed = true;
        Filled?.Invoke();
    }

    /// <summary>Reads some bytes; 0 if there are none now.</summary>
    public int Read(Span<byte> target)
    {
        int count = (int)Math.Min(target.Length, ReadableCount);
        if (count == 0)
        {
            return 0;
        }
        int place = (int)(_readEnd % _capacity);
        int first = Math.Min(count, _capacity - place);
        Native.Bytes(_block + (uint)place, first).CopyTo(target);
        Native.Bytes(_block, count - first).CopyTo(target[first..]);
        Take(count);
        return count;
    }

    public int Peek(Span<IoVector> pieces, long sizeMax, out int size)
    {
        size = (int)Math.Min(sizeMax, ReadableCount);
        int place = (int)(_readEnd % _capacity);
        int first = Math.Min(size, _capacity - place);
        int count = 0;
        if (first > 0)
        {
            pieces[count++] = new IoVector(_block + (uint)place, first);
        }
        if (size > first && pieces.Length > 1)
        {
            pieces[count++] = new IoVector(_block, size - first);
            return count;
        }
        size = first;
        return count;
    }

    public void Take(int count)
    {
        Volatile.Write(ref _readEnd, _readEnd + count);
        RoomMade?.Invoke();
    }

    /// <summary>Nobody reads any more.</summary>
    public void Refuse()
    {
        _isRefused = true;
        RoomMade?.Invoke();
    }

    /// <summary>Gives the block back, when neither side uses it any more.</summary>
    public void Dispose() => _heap.Free(_block);
}
