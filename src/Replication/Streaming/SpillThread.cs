using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// The thread between a stream's memory and its files: it writes what is to leave memory, and reads ahead for cursors that are away. It
/// runs while there is either, and temporary files are there as long.
/// <code>
///   ByteLog ── source: written up to the target ──> SpillFiles ──┬ read ahead ──> pipe of a cursor, another's, ...
///                            files of the append only log ── plan ┘
/// </code>
/// Its owner is the <see cref="StreamLog"/>'s. The disk is used without any lock.
/// </summary>
internal sealed class SpillThread : IDisposable
{
    private const int PieceSize = 256 * 1024;
    private const int LookMs = 1000;

    private readonly Lock _gate = new();
    private readonly Doorbell _bell = new();
    private readonly SpillFiles _files;
    private readonly IClock _clock;
    private readonly Action _arrived;
    private readonly List<StreamCursor> _away = [];
    private readonly List<StreamCursor> _fed = [];
    private ByteLogReader? _source;
    private Reached _reached;
    private bool _isRunning;
    private bool _isLeft;

    /// <param name="files">Belong to the thread.</param>
    /// <param name="clock">Tells how long the disk has been at it.</param>
    /// <param name="arrived">Called by the thread when a cursor has arrived, or has failed.</param>
    public SpillThread(SpillFiles files, IClock clock, Action arrived)
    {
        _files = files;
        _clock = clock;
        _arrived = arrived;
    }

    /// <summary>Bytes on the disk. Any thread.</summary>
    public long Size => _files.Size;

    /// <summary>Why writing has failed; null if it has not.</summary>
    public string? Problem => Volatile.Read(ref _reached.Problem);

    /// <summary>Everything before this position is to be written.</summary>
    public long Target
    {
        set
        {
            if (value > _reached.Target)
            {
                Volatile.Write(ref _reached.Target, value);
                _bell.Ring();
            }
        }
    }

    /// <summary>Where memory begins: a cursor that is there has arrived, and files before it are needed by cursors alone.</summary>
    public long MemoryStart
    {
        get => Volatile.Read(ref _reached.MemoryStart);
        set => Volatile.Write(ref _reached.MemoryStart, value);
    }

    /// <summary>For how many microseconds the disk has been at one call.</summary>
    public long BusyUs => Volatile.Read(ref _reached.BusySinceUs) is > 0 and var sinceUs ? _clock.MonotonicUs - sinceUs : 0;

    /// <summary>While something is written, nothing that was written from this position on has gone, and it can be read.</summary>
    public long KeptStart
    {
        get
        {
            lock (_gate)
            {
                return _reached.KeptStart;
            }
        }
    }

    /// <summary>Begins to write what follows a reader's position; while there are files, that is their end.</summary>
    public void Begin(ByteLogReader source)
    {
        lock (_gate)
        {
            _source = source;
            _reached.KeptStart = source.Position;
            Volatile.Write(ref _reached.Problem, null);
            Start();
        }
    }

    /// <summary>Nothing more is written; the reader was detached, so the thread looks at it no more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _source = null;
        }
        _bell.Ring();
    }

    /// <summary>The write that has failed is tried again.</summary>
    public void TryAgain()
    {
        Volatile.Write(ref _reached.Problem, null);
        Revive();
        _bell.Ring();
    }

    /// <summary>Where there is something to do and no thread could be started for it, one is tried again.</summary>
    public void Revive()
    {
        lock (_gate)
        {
            if (_source is not null || _away.Count > 0)
            {
                Start();
            }
        }
    }

    /// <summary>A cursor is away, and no file from its position on goes until <see cref="Remove"/>.</summary>
    public void Add(StreamCursor cursor)
    {
        lock (_gate)
        {
            _away.Add(cursor);
            Start();
        }
        _bell.Ring();
    }

    /// <summary>The same for one that has just come; false if it needs what was written, and that is not there any more.</summary>
    public bool TryAdd(StreamCursor cursor, bool needsSpilled)
    {
        lock (_gate)
        {
            if (needsSpilled && (_source is null || cursor.FilePosition < _reached.KeptStart))
            {
                return false;
            }
            Add(cursor);
            return true;
        }
    }

    /// <summary>A file cannot be read at this position, so nobody is to begin there, or before.</summary>
    public void NoteUnreadable(long position)
    {
        lock (_gate)
        {
            _reached.KeptStart = Math.Max(_reached.KeptStart, position + 1);
        }
    }

    public void Remove(StreamCursor cursor)
    {
        lock (_gate)
        {
            _away.Remove(cursor);
        }
        _bell.Ring();
    }

    /// <summary>There may be something to do. Any thread.</summary>
    public void Ring() => _bell.Ring();

    /// <summary>Called when nothing of the log is used any more, after <see cref="Dispose"/> or by the thread.</summary>
    public Action? Ended { private get; set; }

    /// <summary>Nothing more is to be done. The thread ends when the disk has let go of it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _source = null;
            _away.Clear();
            _isLeft = true;
            if (_isRunning)
            {
                _bell.Ring();
                return;
            }
        }
        End();
    }

    private void End()
    {
        _bell.Dispose();
        Ended?.Invoke();
    }

    private void Start()
    {
        if (!_isRunning)
        {
            _isRunning = WorkerThread.TryStart("bixbite-stream", Work) is not null;
            Volatile.Write(ref _reached.Problem, _isRunning ? null : WorkerThread.Refusal);
        }
    }

    private void Work()
    {
        byte[] piece = new byte[PieceSize];
        while (TryPlan(out ByteLogReader? source, out long neededStart))
        {
            bool hasWorked = source is not null && Problem is null && TrySpill(source);
            foreach (StreamCursor cursor in _fed)
            {
                hasWorked |= TryFeed(cursor, piece);
            }
            hasWorked |= _files.DropBefore(neededStart);
            if (!hasWorked)
            {
                _bell.Wait(LookMs);
            }
        }
    }

    /// <summary>Sees what there is to do now; false at the end, when there are no files any more.</summary>
    private bool TryPlan(out ByteLogReader? source, out long neededStart)
    {
        _fed.Clear();
        lock (_gate)
        {
            source = _source;
            neededStart = _source is null ? long.MaxValue : MemoryStart;
            foreach (StreamCursor cursor in _away)
            {
                neededStart = Math.Min(neededStart, cursor.FilePosition);
                _fed.Add(cursor);
            }
            if (_source is not null)
            {
                _reached.KeptStart = Math.Max(_reached.KeptStart, _files.KeptStart(neededStart));
            }
            if (_source is not null || _fed.Count > 0 || _files.HasFiles)
            {
                return true;
            }
            _isRunning = false;
            if (!_isLeft)
            {
                return false;
            }
        }
        End();
        return false;
    }

    private bool TrySpill(ByteLogReader source)
    {
        long position = source.Position;
        int sizeMax = (int)Math.Min(PieceSize, Volatile.Read(ref _reached.Target) - position);
        ReadOnlySpan<byte> piece = sizeMax > 0 ? source.PeekPiece(sizeMax) : default;
        if (piece.IsEmpty)
        {
            return false;
        }
        BeginUsing();
        string? problem = _files.Write(position, piece);
        EndUsing();
        if (problem is null)
        {
            source.Take(piece.Length);
            return true;
        }
        source.Leave();
        Volatile.Write(ref _reached.Problem, problem);
        _arrived();
        return false;
    }

    private bool TryFeed(StreamCursor cursor, byte[] piece)
    {
        if (!cursor.TryBeginFeeding())
        {
            return false;
        }
        long start = MemoryStart;
        int size = (int)Math.Min(Math.Min(piece.Length, cursor.Room), start - cursor.FilePosition);
        if (size > 0)
        {
            BeginUsing();
            string? problem = cursor.Plan is { } plan
                ? plan.Read(piece.AsSpan(0, size), out int count)
                : _files.Read(cursor.FilePosition, piece.AsSpan(0, size), out count);
            EndUsing();
            if (problem is not null)
            {
                cursor.Fail(problem);
                EndFeeding(cursor, CursorStage.Failed);
                return true;
            }
            cursor.Feed(piece.AsSpan(0, count));
        }
        bool hasArrived = cursor.FilePosition >= start || cursor.Plan is { IsDone: true };
        EndFeeding(cursor, hasArrived ? CursorStage.Arrived : CursorStage.InFiles);
        return size > 0;
    }

    private void EndFeeding(StreamCursor cursor, CursorStage stage)
    {
        cursor.EndFeeding(stage);
        if (stage != CursorStage.InFiles)
        {
            _arrived();
        }
    }

    private void BeginUsing() => Volatile.Write(ref _reached.BusySinceUs, Math.Max(_clock.MonotonicUs, 1));

    private void EndUsing() => Volatile.Write(ref _reached.BusySinceUs, 0);

    /// <summary>How far it is.</summary>
    private struct Reached
    {
        public string? Problem;
        public long Target;
        public long MemoryStart;
        public long BusySinceUs;

        /// <summary>With the gate.</summary>
        public long KeptStart;
    }
}
