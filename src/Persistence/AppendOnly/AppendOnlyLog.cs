using System.Diagnostics;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Logging;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Settings.Themes;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Persistence.AppendOnly;

/// <summary>
/// The log being written: the requests that repeat every change, gathered while a round has the turn, written to the current increment at
/// the round's end, and made durable by a thread of its own. A position counts the bytes since the start, over all files.
/// <code>
///   requests ── Append ──> buffer ── EndRound ──> write(2) ──> LogSync: fdatasync
///
///   ...... durable ......|...... written ......|...... appended ......
///                    DurableEnd           _writtenEnd          AppendedEnd
///          [ kept in the buffer with appendfsync always ][ kept in the buffer ]
/// </code>
/// <list type="bullet">
/// <item>everysec: synced once a second. While the disk is behind, rounds are kept in the buffer for up to two seconds.</item>
/// <item>always: every round that appended is synced, and its replies are held until it is durable.</item>
/// <item>no: synced when the system likes.</item>
/// </list>
/// When writing fails, what was written in part is cut off, nothing is forgotten, changes are refused from then on, and it is tried again
/// every second. When syncing fails, the system may have dropped what it could not write: with always it is written once more, from the
/// buffer; otherwise the log is to be rewritten when the disk is well again (<see cref="IsSuspect"/>). All with the turn.
/// </summary>
public sealed class AppendOnlyLog : IPropagationSink, IDisposable
{
    private const long SyncIntervalUs = 1_000_000;
    private const long RetryIntervalUs = 1_000_000;
    private const long PostponedMaxUs = 2_000_000;
    private const int NoDatabase = -1;

    private readonly AppendOnlySettings _settings;
    private readonly DataState _state;
    private readonly SavingTools _tools;
    private readonly LogSync _sync = new();
    private readonly LogBuffer _buffer;
    private OpenFile? _file;
    private Progress _progress;

    /// <param name="heap">Pays for the buffer.</param>
    /// <param name="settings">How it is written.</param>
    /// <param name="state">Told of trouble.</param>
    /// <param name="tools">The disk, the clock and the server's log.</param>
    public AppendOnlyLog(Heap heap, AppendOnlySettings settings, DataState state, SavingTools tools)
    {
        _buffer = new LogBuffer(heap);
        _settings = settings;
        _state = state;
        _tools = tools;
    }

    /// <summary>It is being written.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>The position behind everything that was appended. Any thread.</summary>
    public long AppendedEnd => _buffer.End;

    /// <summary>Everything before this position is durable. Any thread.</summary>
    public long DurableEnd => _sync.DurableEnd;

    /// <summary>An fsync failed, so what lies in the files is not certain until the log has been rewritten.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>For tests: a rest of so many microseconds before each write.</summary>
    public int WriteDelayUs { get; set; }

    /// <summary>Set while a snapshot is written and the log is not to be synced every second (no-appendfsync-on-rewrite).</summary>
    public bool IsSyncSuspended { get; set; }

    /// <summary>Bytes of the current increment and of the files before it.</summary>
    public long Size => _file is null ? 0 : _file.SizeBefore + _file.SizeOf(_buffer.End);

    /// <summary>Bytes that wait to be written.</summary>
    public long UnwrittenSize => _buffer.End - _progress.WrittenEnd;

    /// <summary>Bytes of memory that the buffer takes.</summary>
    public long BufferSize => _buffer.Size;

    /// <summary>Rounds that were written although an fsync was under way for more than two seconds: aof_delayed_fsync.</summary>
    public long DelayedCount { get; private set; }

    /// <summary>Fsyncs under way: aof_pending_bio_fsync.</summary>
    public int PendingSyncCount => _sync.PendingCount;

    /// <summary>The latest fsync failed. Any thread.</summary>
    public bool HasSyncFailed => _sync.FailureErrno != 0;

    /// <summary>Called on the log's own thread whenever more is durable, or could not become so.</summary>
    public event Action Synced
    {
        add => _sync.Ended += value;
        remove => _sync.Ended -= value;
    }

    /// <summary>The position for which replies are held back now; 0 for none. Any thread.</summary>
    public long PendingPosition => IsAlways && AppendedEnd > DurableEnd ? AppendedEnd : 0;

    private bool IsAlways => _settings.Fsync.Value == SyncPolicy.Always;

    private bool IsTroubled => _state.AppendOnlyErrno != 0;

    /// <summary>
    /// Goes on in this file, behind <paramref name="size"/> bytes. The file before it is synced and closed; false if its end could not be
    /// written, and the log goes on there.
    /// </summary>
    public bool TryContinue(IDiskFile file, string path, long size, long sizeBefore)
    {
        if (_file is not null && !TryEndFile(_file))
        {
            return false;
        }
        _file = new OpenFile(file, path, _buffer.End - size, sizeBefore);
        _progress.Database = NoDatabase;
        return true;
    }

    /// <summary>The files before the current one were replaced by one of so many bytes, which is certain.</summary>
    public void NoteRewritten(long baseSize)
    {
        IsSuspect = false;
        _file = _file! with { SizeBefore = baseSize };
    }

    /// <summary>Writes and syncs all there is and ends the log; false if that failed.</summary>
    public bool Close()
    {
        bool isDurable = TryFinish();
        CloseFile(isRetried: false);
        _sync.Drain();
        _progress.WrittenEnd = _buffer.End;
        _buffer.Forget(_buffer.End);
        _state.AppendOnlyErrno = 0;
        return isDurable;
    }

    public void Append(int database, ReadOnlySpan<byte> request)
    {
        Debug.Assert(IsOpen, "attached while the log is not open");
        if (_settings.HasTimestamps.Value)
        {
            NoteTime();
        }
        if (database >= 0 && database != _progress.Database)
        {
            Select(database);
        }
        _buffer.Append(request);
    }

    /// <summary>
    /// A round is over: writes what it appended. Returns the position that must be durable before its replies may be sent; 0 if they may
    /// be sent at once.
    /// </summary>
    public long EndRound()
    {
        if (_buffer.End == _progress.WrittenEnd || _file is null)
        {
            return 0;
        }
        bool hasAppended = _buffer.End != _progress.RoundEnd;
        _progress.RoundEnd = _buffer.End;
        if (!IsTroubled && !IsPostponed())
        {
            Write(_file);
        }
        return hasAppended && IsAlways ? _buffer.End : 0;
    }

    /// <summary>Syncs what is due, and tries again what failed; to be called several times a second.</summary>
    public void Tick()
    {
        if (_file is not { } file)
        {
            return;
        }
        if (_sync.FailureErrno != 0 && !IsTroubled)
        {
            NoteSyncFailure(file);
        }
        if (IsTroubled)
        {
            Recover(file);
            return;
        }
        if (UnwrittenSize > 0 && !IsPostponed())
        {
            Write(file);
        }
        SyncIfDue(file);
        ForgetDurable();
    }

    /// <summary>Writes and syncs everything while everybody waits; false if that failed.</summary>
    public bool TryFinish()
    {
        if (_file is not { } file)
        {
            return true;
        }
        _progress.RoundEnd = _buffer.End;
        if (UnwrittenSize > 0)
        {
            Write(file);
        }
        if (UnwrittenSize == 0)
        {
            RequestSync(file);
            _sync.Drain();
        }
        return DurableEnd == _buffer.End;
    }

    public void Dispose()
    {
        CloseFile(isRetried: false);
        _sync.Dispose();
        _buffer.Dispose();
    }

    private void CloseFile(bool isRetried)
    {
        if (_file is { } file)
        {
            _sync.Close(file.File, _progress.WrittenEnd, isRetried);
            _file = null;
        }
    }

    /// <summary>With always nothing may be left to be written once more: nobody would know in which file.</summary>
    private bool TryEndFile(OpenFile file)
    {
        if (IsTroubled)
        {
            return false;
        }
        if (UnwrittenSize > 0)
        {
            Write(file);
        }
        if (IsAlways)
        {
            _sync.Drain();
        }
        if (IsTroubled || UnwrittenSize > 0 || _sync.FailureErrno != 0)
        {
            return false;
        }
        CloseFile(isRetried: true);
        return true;
    }

    /// <summary>
    /// Nothing is written before the file that was left is durable, so that the log never has a gap. And with everysec it is better to wait
    /// a little for an fsync than to be held up by it in write(2).
    /// </summary>
    private bool IsPostponed()
    {
        if (_sync.IsClosing)
        {
            return true;
        }
        if (_settings.Fsync.Value != SyncPolicy.EverySecond || !_sync.IsBusy)
        {
            _progress.PostponedSinceUs = 0;
            return false;
        }
        long nowUs = _tools.Clock.MonotonicUs;
        if (_progress.PostponedSinceUs == 0)
        {
            _progress.PostponedSinceUs = nowUs;
        }
        if (nowUs - _progress.PostponedSinceUs < PostponedMaxUs)
        {
            return true;
        }
        DelayedCount++;
        _progress.PostponedSinceUs = nowUs;
        _tools.Log.Write(
            LogLevel.Notice,
            "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, "
            + "this may slow down the server.");
        return false;
    }

    private void Write(OpenFile file)
    {
        if (WriteDelayUs > 0)
        {
            Thread.Sleep(TimeSpan.FromMicroseconds(WriteDelayUs));
        }
        int result = file.File.Write(_buffer.Bytes(_progress.WrittenEnd));
        if (result < 0)
        {
            file.File.Truncate(file.SizeOf(_progress.WrittenEnd));
            NoteTrouble(-result, "write");
            return;
        }
        _progress.WrittenEnd = _buffer.End;
        if (IsAlways)
        {
            RequestSync(file);
        }
        ForgetDurable();
    }

    private void SyncIfDue(OpenFile file)
    {
        long nowUs = _tools.Clock.MonotonicUs;
        bool isDue = _settings.Fsync.Value == SyncPolicy.EverySecond
            && !IsSyncSuspended
            && _progress.SyncWantedEnd < _progress.WrittenEnd
            && nowUs - _progress.SyncedUs >= SyncIntervalUs
            && !_sync.IsBusy;
        if (isDue)
        {
            RequestSync(file);
        }
    }

    private void RequestSync(OpenFile file)
    {
        _progress.SyncWantedEnd = _progress.WrittenEnd;
        _progress.SyncedUs = _tools.Clock.MonotonicUs;
        _sync.Request(file.File, _progress.WrittenEnd, IsAlways ? file.SizeOf(_progress.WrittenEnd) : 0);
    }

    /// <summary>With always what is not durable is kept, in case it has to be written once more.</summary>
    private void ForgetDurable() => _buffer.Forget(IsAlways ? Math.Min(DurableEnd, _progress.WrittenEnd) : _progress.WrittenEnd);

    private void NoteSyncFailure(OpenFile file)
    {
        NoteTrouble(_sync.FailureErrno, "fsync");
        if (DurableEnd >= _buffer.Start && DurableEnd >= file.Start)
        {
            _progress.WrittenEnd = DurableEnd;
        }
        else
        {
            IsSuspect = true;
        }
    }

    private void NoteTrouble(int errno, string call)
    {
        _progress.TriedUs = _tools.Clock.MonotonicUs;
        if (_state.AppendOnlyErrno == 0)
        {
            _tools.Log.Write(
                LogLevel.Warning,
                $"{call} of the AOF file {_file!.Path} failed: {Errno.Text(errno)}. Changes are refused until it succeeds; "
                + "it is tried every second.");
        }
        _state.AppendOnlyErrno = errno;
    }

    /// <summary>Tries every second to write and to sync what there is; the trouble is over when both have succeeded.</summary>
    private void Recover(OpenFile file)
    {
        if (_sync.IsBusy)
        {
            return;
        }
        if (_progress.IsRecovering)
        {
            _progress.IsRecovering = false;
            if (_sync.FailureErrno == 0)
            {
                _state.AppendOnlyErrno = 0;
                _tools.Log.Write(LogLevel.Warning, $"The AOF file {file.Path} can be written again, and changes are accepted.");
                return;
            }
            NoteSyncFailure(file);
        }
        if (_tools.Clock.MonotonicUs - _progress.TriedUs < RetryIntervalUs)
        {
            return;
        }
        _progress.TriedUs = _tools.Clock.MonotonicUs;
        int result = file.File.Truncate(file.SizeOf(_progress.WrittenEnd));
        if (result >= 0)
        {
            result = file.File.Write(_buffer.Bytes(_progress.WrittenEnd));
        }
        if (result < 0)
        {
            _state.AppendOnlyErrno = -result;
            return;
        }
        _progress.WrittenEnd = _buffer.End;
        _progress.IsRecovering = true;
        RequestSync(file);
    }

    private void Select(int database)
    {
        Span<byte> request = stackalloc byte[RequestFormat.SelectSizeMax];
        _buffer.Append(request[..RequestFormat.WriteSelect(request, database)]);
        _progress.Database = database;
    }

    private void NoteTime()
    {
        long seconds = _tools.Clock.UnixMs / 1000;
        if (seconds <= _progress.NotedSeconds)
        {
            return;
        }
        _progress.NotedSeconds = seconds;
        Span<byte> line = stackalloc byte[RequestFormat.TimeSizeMax];
        _buffer.Append(line[..RequestFormat.WriteTime(line, seconds)]);
    }

    /// <summary>The increment that is being written.</summary>
    /// <param name="File">Where it is written.</param>
    /// <param name="Path">What it is called.</param>
    /// <param name="Start">The position of its first byte, which may be before the first position if it was there already.</param>
    /// <param name="SizeBefore">Bytes of the files before it.</param>
    private sealed record OpenFile(IDiskFile File, string Path, long Start, long SizeBefore)
    {
        public long SizeOf(long position) => position - Start;
    }

    /// <summary>How far it is; times are monotonic microseconds.</summary>
    private struct Progress
    {
        public long WrittenEnd;
        public long RoundEnd;
        public long SyncWantedEnd;
        public long SyncedUs;
        public long TriedUs;
        public long PostponedSinceUs;
        public long NotedSeconds;
        public int Database;

        /// <summary>What failed has been written, and is being synced.</summary>
        public bool IsRecovering;
    }
}
