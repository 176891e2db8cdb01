using Bixbite.Memory;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// A place in the stream, and what follows it, for one replica: from memory while that is there, else from files, through a pipe that a
/// thread fills.
/// <code>
///   files    | ............. read ahead |            pipe: | ahead |
///   memory                  | ......................................... |
///
///   InMemory ── owner: SendAway ──> Arrived ── owner: GoOn ──> InFiles ── thread: Feeding, as planned, or up to where memory starts ─┐
///                                     │ ^──────────────────────────────────────────────────────────────────────────────────────┘
///                                     └─ owner: ComeBack ──> InMemory
/// </code>
/// The connection's loop reads: first what is in the pipe, then in memory. Nothing comes into the pipe while there is a place in memory,
/// and the owner cannot take that away while the loop looks at it, so the order is the stream's. The owner of the <see cref="StreamLog"/>
/// does all else, but for what only the thread does.
/// </summary>
public sealed class StreamCursor : IByteSource
{
    private readonly StreamLog _log;
    private volatile ByteLogReader? _memory;
    private volatile BytePipe? _pipe;
    private volatile string? _problem;
    private StreamPlan? _plan;
    private long _filePosition;
    private int _stage;
    private bool _isShownFromPipe;

    internal StreamCursor(StreamLog log, ByteLogReader memory)
    {
        _log = log;
        _memory = memory;
    }

    /// <summary>One that begins in files, and is told where by <see cref="GoOn"/>.</summary>
    internal StreamCursor(StreamLog log, long position, BytePipe pipe, Action roomMade)
    {
        _log = log;
        _filePosition = position;
        _pipe = pipe;
        _stage = (int)CursorStage.Arrived;
        Connect(pipe, roomMade);
    }

    /// <summary>Called by the thread when there is something to read.</summary>
    public Action? Filled { get; set; }

    /// <summary>Why nothing more comes; null if there is no reason. Any thread.</summary>
    public string? Problem => _problem;

    /// <summary>It was given up because files have become too large for it. By the owner.</summary>
    internal bool IsTooFarBehind { get; set; }

    /// <summary>The position of the next byte to be sent. Any thread.</summary>
    public long Position => _memory?.Position ?? (FilePosition - (_pipe?.ReadableCount ?? 0));

    public long ReadableCount => _pipe is { ReadableCount: > 0 and var count } ? count : _memory?.ReadableCount ?? 0;

    /// <summary>Bytes that are kept in memory for it, where nothing can go to files; 0 where it can.</summary>
    public long PendingCount => _log.SizeCounted(Position);

    /// <summary>It reads from files, or is about to read there.</summary>
    internal bool IsAway => Stage is not CursorStage.InMemory;

    internal CursorStage Stage => (CursorStage)Volatile.Read(ref _stage);

    /// <summary>The position up to which it was read from files. Any thread.</summary>
    internal long FilePosition => Volatile.Read(ref _filePosition);

    /// <summary>The place in memory; null while it is away. By the owner.</summary>
    internal ByteLogReader? Memory => _memory;

    public int Peek(Span<IoVector> pieces, long sizeMax, out int size)
    {
        if (_pipe is not { ReadableCount: > 0 } && _memory is { } memory)
        {
            int count = memory.Peek(pieces, sizeMax, out size);
            if (size == 0 || _pipe is not { ReadableCount: > 0 })
            {
                _isShownFromPipe = false;
                return count;
            }
            memory.Leave();
        }
        _isShownFromPipe = true;
        size = 0;
        return _pipe?.Peek(pieces, sizeMax, out size) ?? 0;
    }

    public void Take(int count)
    {
        if (_isShownFromPipe)
        {
            _pipe!.Take(count);
        }
        else
        {
            _memory!.Take(count);
        }
    }

    /// <summary>
    /// Leaves memory, where its place must be detached; <see cref="GoOn"/> tells where it reads then. The pipe is a new one if it had none.
    /// </summary>
    internal void SendAway(Func<BytePipe> newPipe, Action roomMade)
    {
        Volatile.Write(ref _filePosition, _memory!.Position);
        BytePipe pipe = _pipe ?? newPipe();
        Connect(pipe, roomMade);
        _pipe = pipe;
        _memory = null;
        GoTo(CursorStage.Arrived);
    }

    /// <summary>It has arrived, and goes on in memory.</summary>
    internal void ComeBack(ByteLogReader memory)
    {
        GoTo(CursorStage.InMemory);
        _memory = memory;
        Filled?.Invoke();
    }

    /// <summary>It has arrived, but not in memory: it reads as it is planned, or without a plan in temporary files.</summary>
    internal void GoOn(StreamPlan? plan)
    {
        ReleasePlan();
        _plan = plan;
        GoTo(CursorStage.InFiles);
    }

    /// <summary>Its plan is not needed any more; the thread is not at it.</summary>
    internal void ReleasePlan()
    {
        _plan?.Release();
        _plan = null;
    }

    /// <summary>It has arrived, and what follows is nowhere.</summary>
    internal void GiveUp(string problem)
    {
        GoTo(CursorStage.Failed);
        Fail(problem);
    }

    /// <summary>Nothing more comes.</summary>
    internal void Fail(string problem)
    {
        _problem = problem;
        Filled?.Invoke();
    }

    /// <summary>Nobody reads any more; false while the thread is at it.</summary>
    internal bool TryLeave()
    {
        int stage = Volatile.Read(ref _stage);
        return stage != (int)CursorStage.Feeding
            && Interlocked.CompareExchange(ref _stage, (int)CursorStage.Left, stage) == stage;
    }

    /// <summary>The pipe, if everything that was in it is sent and nothing more comes into it; nobody uses it then.</summary>
    internal BytePipe? TakePipe()
    {
        BytePipe? pipe = _pipe;
        if (pipe is null || (Stage != CursorStage.Left && (Stage != CursorStage.InMemory || pipe.ReadableCount > 0)))
        {
            return null;
        }
        _pipe = null;
        return pipe;
    }

    /// <summary>By the thread: it alone goes on with this cursor, until <see cref="EndFeeding"/>; false if it is not to.</summary>
    internal bool TryBeginFeeding() =>
        Interlocked.CompareExchange(ref _stage, (int)CursorStage.Feeding, (int)CursorStage.InFiles) == (int)CursorStage.InFiles;

    /// <summary>Where it reads; null for temporary files. The thread's while it is feeding.</summary>
    internal StreamPlan? Plan => _plan;

    /// <summary>By the thread: bytes for which there is room in the pipe.</summary>
    internal int Room => _pipe!.Room;

    /// <summary>By the thread: these bytes come next; there is room for them.</summary>
    internal void Feed(ReadOnlySpan<byte> bytes)
    {
        int count = _pipe!.TryWrite(bytes);
        Volatile.Write(ref _filePosition, _filePosition + Math.Max(count, 0));
    }

    /// <summary>By the thread.</summary>
    internal void EndFeeding(CursorStage stage) => GoTo(stage);

    private void Connect(BytePipe pipe, Action roomMade)
    {
        pipe.Filled = () => Filled?.Invoke();
        pipe.RoomMade = roomMade;
    }

    private void GoTo(CursorStage stage) => Volatile.Write(ref _stage, (int)stage);
}

/// <summary>Where a <see cref="StreamCursor"/> reads, and whose it is.</summary>
internal enum CursorStage
{
    /// <summary>In memory.</summary>
    InMemory,

    /// <summary>In files; the thread may begin to feed its pipe at any time.</summary>
    InFiles,

    /// <summary>The thread's, for a moment.</summary>
    Feeding,

    /// <summary>All was read that is in files, or that was planned: the owner decides.</summary>
    Arrived,

    /// <summary>Reading failed.</summary>
    Failed,

    /// <summary>Nobody reads any more.</summary>
    Left,
}
