using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Everything that a replica's connection sends: what comes through its pipe, to the pipe's end, and then the stream from its cursor on.
/// <code>
///   pipe     | LF LF +FULLRESYNC ... snapshot .... closed |
///   cursor                                                | stream, at once or after the first acknowledgement ...
/// </code>
/// The loop of the connection reads; all else is done with the execution lock. The pipe has one writer at a time: whoever has the lock, and
/// from the beginning of the snapshot on its job.
/// </summary>
internal sealed class ReplicaFeed : IByteSource
{
    private readonly ILink _link;
    private volatile BytePipe? _pipe;
    private volatile StreamCursor? _cursor;
    private volatile bool _mayStream;

    private ReplicaFeed(ILink link) => _link = link;

    /// <summary>The position in the stream; null before the snapshot begins.</summary>
    public StreamCursor? Cursor => _cursor;

    /// <summary>All of the pipe was sent, to its end.</summary>
    public bool IsTransferred => _pipe is null;

    /// <summary>The stream is what is sent.</summary>
    public bool IsStreaming => _pipe is null && _mayStream;

    /// <summary>Why the snapshot or the stream is not whole; null if it is, or may become so.</summary>
    public string? Problem => _pipe?.Problem ?? _cursor?.Problem;

    public long ReadableCount => Current()?.ReadableCount ?? 0;

    /// <remarks>A pipe is as large as it is, whatever waits in it.</remarks>
    public long PendingCount => _cursor?.PendingCount ?? 0;

    /// <summary>One that gets a snapshot first.</summary>
    public static ReplicaFeed Through(BytePipe pipe, ILink link)
    {
        var feed = new ReplicaFeed(link) { _pipe = pipe };
        pipe.Filled = link.NoteSource;
        return feed;
    }

    /// <summary>One that goes on in the stream.</summary>
    public static ReplicaFeed From(StreamCursor cursor, ILink link)
    {
        cursor.Filled = link.NoteSource;
        return new ReplicaFeed(link) { _cursor = cursor, _mayStream = true };
    }

    /// <summary>A snapshot begins: the stream follows it from here, at once or when the replica has acknowledged the snapshot.</summary>
    public void BeginSnapshot(StreamCursor cursor, bool streamsAtOnce)
    {
        cursor.Filled = _link.NoteSource;
        _cursor = cursor;
        _mayStream = streamsAtOnce;
    }

    /// <summary>The replica has acknowledged something: it has the snapshot.</summary>
    public void NoteAcknowledged()
    {
        if (!_mayStream && _cursor is not null)
        {
            _mayStream = true;
            _link.NoteSource();
        }
    }

    /// <summary>The connection is gone: nobody takes the rest.</summary>
    public void Close() => _pipe?.Refuse();

    public int Peek(Span<IoVector> pieces, long sizeMax, out int size)
    {
        if (Current() is { } source)
        {
            return source.Peek(pieces, sizeMax, out size);
        }
        size = 0;
        return 0;
    }

    public void Take(int count)
    {
        if (_pipe is { } pipe)
        {
            pipe.Take(count);
        }
        else
        {
            _cursor!.Take(count);
        }
    }

    /// <summary>The source of what is sent now. By the connection's loop, which alone finds out that the pipe is at its end.</summary>
    private IByteSource? Current()
    {
        if (_pipe is { } pipe)
        {
            bool isClosed = pipe.IsClosed;
            if (!isClosed || pipe.ReadableCount > 0 || pipe.Problem is not null)
            {
                return pipe;
            }
            _pipe = null;
        }
        return _mayStream ? _cursor : null;
    }
}
