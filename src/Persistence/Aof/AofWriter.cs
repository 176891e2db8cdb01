using System.Diagnostics;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The log being written: the requests that repeat every change, gathered while a round runs, written to the current increment at
/// the round's end, and made durable by a thread of its own. A position counts the bytes since the start, over all files.
/// <code>
///   requests ── Append ──> AofIncrement: buffer ── EndRound ──> write(2) ──> AofSync: fdatasync
///                                            AofPace: when           AofTrouble: when it fails
///
///   ...... durable ......|...... written ......|...... appended ......
///                    DurableEnd            WrittenEnd          AppendedEnd
///          [ kept in the buffer with appendfsync always ][ kept in the buffer ]
/// </code>
/// Large arguments are written at once from where they lie (<see cref="Continue"/>), and nothing before them is kept any longer.
/// <list type="bullet">
/// <item>everysec: synced once a second. While the disk is behind, rounds are kept in the buffer for up to two seconds.</item>
/// <item>always: every round that appended is synced, and its replies are held until it is durable.</item>
/// <item>no: synced when the system likes.</item>
/// </list>
/// When writing fails, what was written in part is cut off, nothing is forgotten, changes are refused from then on, and it is tried again
/// every second. When syncing fails, the system may have dropped what it could not write: what is still in the buffer is written once more;
/// otherwise there is a gap, nothing counts as durable from there on, and the log is to be rewritten (<see cref="IsSuspect"/>). What waits
/// in memory is bounded in all of this (<see cref="AofBounds"/>). All of it under the execution lock.
/// </summary>
public sealed class AofWriter : IPropagationSink, IDisposable
{
    private const int NoDatabase = -1;

    /// <summary>How long everybody waits at most for a disk that is behind.</summary>
    private const int WaitMs = 100;

    private readonly AofSettings _settings;
    private readonly SavingTools _tools;
    private readonly AofSync _sync = new();
    private readonly AofIncrement _increment;
    private readonly AofPace _pace;
    private readonly AofTrouble _trouble;
    private readonly AofLine _line;
    private AofProgress _progress;

    /// <summary>Replies may wait for positions up to this one.</summary>
    private long _promisedEnd;

    /// <param name="heap">Pays for the buffer.</param>
    /// <param name="settings">How it is written.</param>
    /// <param name="state">Told of trouble.</param>
    /// <param name="tools">The disk, the clock and the server's log.</param>
    public AofWriter(Heap heap, AofSettings settings, DataState state, SavingTools tools)
    {
        _settings = settings;
        _tools = tools;
        _increment = new AofIncrement(heap);
        _pace = new AofPace(settings, tools.Clock, tools.Log);
        _trouble = new AofTrouble(state, tools.Clock, tools.Log);
        _line = new AofLine(this);
        _sync.Ended += () => _line.Advance(DurableEnd);
        settings.Fsync.Changed += NotePolicy;
    }

    /// <summary>The line that output waits for with always.</summary>
    public DurabilityLine Line => _line;

    /// <summary>Where its bytes lie.</summary>
    public AofPlaces Places => _increment.Places;

    /// <summary>It is being written.</summary>
    public bool IsOpen => _increment.IsOpen;

    /// <summary>The current increment; empty if there is none.</summary>
    public string Path => _increment.Path;

    /// <summary>The position behind everything that was appended. Any thread.</summary>
    public long AppendedEnd => _increment.End;

    /// <summary>Everything before this position is durable. Any thread.</summary>
    public long DurableEnd => _sync.DurableEnd;

    /// <summary>Replies wait until what they acknowledge is durable. Any thread.</summary>
    public bool IsAlways => IsOpen && _pace.IsAlways;

    /// <summary>An fsync failed, so what lies in the files is not certain until the log has been rewritten.</summary>
    public bool IsSuspect => _sync.HasGap;

    /// <summary>All that is appended waits for the next file, until the one before it is durable. Any thread.</summary>
    public bool IsBetweenFiles => _increment.NextStart is not null;

    /// <summary>For tests: a rest of so many microseconds before each write.</summary>
    public int WriteDelayUs { get; set; }

    /// <summary>Set while a snapshot is written and the log is not to be synced every second (no-appendfsync-on-rewrite).</summary>
    public bool IsSyncSuspended
    {
        set => _pace.IsSuspended = value;
    }

    /// <summary>Bytes of the current increment and of the files before it.</summary>
    public long Size => _increment.Size;

    /// <summary>Bytes that wait to be written.</summary>
    public long UnwrittenSize => _increment.UnwrittenSize;

    /// <summary>Bytes that are not durable.</summary>
    public long UnsyncedSize => IsOpen ? AppendedEnd - DurableEnd : 0;

    /// <summary>Bytes of memory that the buffer takes.</summary>
    public long BufferSize => _increment.BufferSize;

    /// <summary>Bytes that wait at most for an fsync that is under way.</summary>
    public long WaitingSizeMax => Bounds.WaitingSize;

    /// <summary>Microseconds for which something has waited for an fsync that is under way.</summary>
    public long PostponedUs => _pace.PostponedUs;

    /// <summary>The number of times that waiting bytes were written although an fsync was under way: aof_delayed_fsync.</summary>
    public long DelayedCount => _pace.DelayedCount;

    /// <summary>Microseconds that everybody has waited for write(2).</summary>
    public long WriteUs { get; private set; }

    /// <summary>Fsyncs under way: aof_pending_bio_fsync.</summary>
    public int PendingSyncCount => _sync.PendingCount;

    /// <summary>An fsync failed with which nobody has dealt yet. Any thread.</summary>
    public bool HasSyncFailed => _sync.FailureErrno != 0;

    /// <summary>Called whenever more is durable, or could not become so; mostly on the log's own thread.</summary>
    public event Action Synced
    {
        add => _sync.Ended += value;
        remove => _sync.Ended -= value;
    }

    /// <summary>
    /// Whether appended requests are dropped: the file holds the changes up to some moment. A rewrite begins a new file, which must not be
    /// named before its base is, since it does not follow the old one.
    /// </summary>
    internal bool IsGivenUp => _progress.IsGivenUp;

    /// <summary>The bounds on bytes in memory.</summary>
    internal AofBounds Bounds { get; set; } = new();

    /// <summary>Begins <see cref="WriteUs"/> and <see cref="DelayedCount"/> anew (CONFIG RESETSTAT).</summary>
    public void ResetStatistics()
    {
        WriteUs = 0;
        _pace.DelayedCount = 0;
    }

    /// <summary>Whether the log can go on in another file: what was written before the first call is durable.</summary>
    public bool IsReadyToContinue()
    {
        if (!IsOpen || _trouble.IsOn || _progress.IsGivenUp)
        {
            return true;
        }
        if (IsBetweenFiles)
        {
            return false;
        }
        if (_progress.ReadyAtEnd is null)
        {
            _progress.ReadyAtEnd = _increment.WrittenEnd;
            RequestSync();
        }
        return DurableEnd >= _progress.ReadyAtEnd || (IsSuspect && !_sync.IsBusy);
    }

    /// <summary>
    /// Goes on in this file, behind <paramref name="size"/> bytes. The file before it is synced and closed; false if its end could not be
    /// written, and the log goes on there. Where replies wait for that sync, so does all that belongs to the new file, in the buffer.
    /// </summary>
    public bool TryContinue(IDiskFile file, string path, long size, long sizeBefore)
    {
        _progress.ReadyAtEnd = null;
        if (IsOpen && !TryEndFile())
        {
            return false;
        }
        _progress.IsBegunAnew = _progress.IsGivenUp;
        _progress.IsGivenUp = false;
        if (IsOpen && !_progress.IsBegunAnew && IsPromised && DurableEnd < _increment.WrittenEnd && !IsSuspect)
        {
            _increment.OpenNext(file, path, sizeBefore);
        }
        else
        {
            CloseFile();
            _increment.Open(file, path, size, sizeBefore);
        }
        _progress.Database = NoDatabase;
        NotePolicy();
        return true;
    }

    /// <summary>
    /// The files before the current one, which is at this path, were replaced by one of so many bytes, which is certain.
    /// </summary>
    public void NoteRewritten(long baseSize, string path)
    {
        _sync.Settle(_increment.NextStart ?? _increment.FileStart);
        GoOnInNext();
        _increment.NoteReplaced(baseSize, path);
        _progress.IsBegunAnew = false;
    }

    /// <summary>
    /// Writes and syncs all there is and ends the log; false if that failed. Nobody waits for it any longer, whatever was promised.
    /// </summary>
    public bool Close()
    {
        bool isDurable = TryFinish();
        GoOnInNext();
        CloseFile();
        _sync.Drain();
        _increment.ForgetAll();
        _sync.Acknowledge();
        _sync.Settle(_increment.End);
        _trouble.Forget();
        _progress = new AofProgress { RoundEnd = _increment.End };
        NotePolicy();
        return isDurable;
    }

    public void Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets)
    {
        Debug.Assert(IsOpen, "attached while the log is not open");
        if (_settings.HasTimestamps.Value)
        {
            NoteTime();
        }
        int selectSize = database >= 0 && database != _progress.Database ? Select(database) : 0;
        if ((targets & PropagationTargets.Replicas) != PropagationTargets.None)
        {
            Places.NoteRequest(_increment.End, selectSize);
        }
        AppendBytes(request);
    }

    /// <summary>
    /// Large bytes are written at once from where they lie, instead of being copied to wait for the round's end. Nobody can write them
    /// again then: should their fsync fail, the log has a gap.
    /// </summary>
    public void Continue(ReadOnlySpan<byte> bytes)
    {
        bool isLarge = bytes.Length >= Bounds.LargeSizeMin && !_trouble.IsOn && !_progress.IsGivenUp && !IsBetweenFiles;
        if (!isLarge || _pace.Postpones(_sync, _increment.UnwrittenSize + bytes.Length, Bounds) || !TryWrite(bytes))
        {
            AppendBytes(bytes);
        }
        else if (_pace.IsAlways)
        {
            _promisedEnd = _increment.End;
        }
    }

    /// <summary>
    /// A round is over: writes what it appended. Returns the position that must be durable before anybody is told of its changes; 0 if that
    /// may be at once.
    /// </summary>
    public long EndRound()
    {
        bool hasPromised = _promisedEnd > _progress.RoundEnd;
        _progress.RoundEnd = _increment.End;
        TryGoOnInNext();
        if (_increment.UnwrittenSize > 0 && IsOpen && !_progress.IsGivenUp)
        {
            WriteIfTime();
            if (_increment.KeptSize > Bounds.WaitingSize)
            {
                WaitForDisk();
            }
        }
        if (PendingPosition != 0 && IsOpen && !_trouble.IsOn && !_progress.IsGivenUp && _pace.HasUnwanted(_increment.WrittenEnd))
        {
            RequestSync();
        }
        return hasPromised ? PendingPosition : 0;
    }

    /// <summary>Syncs what is due, and tries again what failed; to be called several times a second.</summary>
    public void Tick()
    {
        if (!IsOpen || _progress.IsGivenUp)
        {
            return;
        }
        if (HasSyncFailed && !_trouble.IsOn)
        {
            _trouble.Note(_sync.FailureErrno, "fsync", _increment.Path);
        }
        TryGoOnInNext();
        if (_trouble.IsOn)
        {
            Recover();
            return;
        }
        WriteIfTime();
        if (_pace.IsSyncDue(_sync, _increment.WrittenEnd))
        {
            RequestSync();
        }
        ForgetDurable();
    }

    /// <summary>Writes and syncs everything while everybody waits; false if that failed.</summary>
    public bool TryFinish()
    {
        if (!IsOpen)
        {
            return true;
        }
        _sync.Drain();
        DealWithSyncFailure();
        bool isLeft = !_progress.IsGivenUp;
        while (isLeft && Write())
        {
            RequestSync();
            _sync.Drain();
            isLeft = TryGoOnInNext();
        }
        return DurableEnd == _increment.End;
    }

    /// <summary>Nothing more is written: what is to be durable was finished before (<see cref="TryFinish"/>).</summary>
    public void Dispose()
    {
        _sync.FileAtEnd = _increment.Leave();
        _sync.Dispose();
        _increment.Dispose();
    }

    /// <summary>
    /// From now on replies wait, or do not. When they begin to, they also wait for what was appended before, since readers see it; so it
    /// has to become durable even if that is all.
    /// </summary>
    private void NotePolicy()
    {
        if (IsAlways && !_line.IsInUse)
        {
            _promisedEnd = _increment.End;
        }
        _line.Update();
    }

    private void CloseFile()
    {
        if (_increment.Leave() is { } file)
        {
            _sync.Close(file, _increment.WrittenEnd);
        }
    }

    /// <summary>Writes all that belongs in the file.</summary>
    private bool TryEndFile() => _progress.IsGivenUp || (!_trouble.IsOn && !HasSyncFailed && !IsBetweenFiles && Write());

    /// <summary>
    /// Goes on in the next file, if there is one, as soon as nothing can be left to write once more in the one before it: it is durable, or
    /// nobody waits for that any longer, or there is a gap, and the file is about to be replaced anyway.
    /// </summary>
    private bool TryGoOnInNext()
    {
        if (_increment.NextStart is not { } start || _increment.WrittenEnd < start)
        {
            return false;
        }
        if (DurableEnd < start && IsPromised && (!IsSuspect || HasSyncFailed || _sync.IsBusy))
        {
            return false;
        }
        GoOnInNext();
        return true;
    }

    private void GoOnInNext()
    {
        if (IsBetweenFiles)
        {
            _sync.Close(_increment.TakeNext(), _increment.WrittenEnd);
        }
    }

    /// <summary>The position that must be durable before everything promised is; 0 if it is.</summary>
    private long PendingPosition => _promisedEnd > DurableEnd ? _promisedEnd : 0;

    /// <summary>Replies wait for the log.</summary>
    private bool IsPromised => _pace.IsAlways || PendingPosition != 0;

    private void WriteIfTime()
    {
        if (_increment.WritableSize > 0 && !_trouble.IsOn && !_pace.Postpones(_sync, _increment.UnwrittenSize, Bounds))
        {
            Write();
        }
    }

    /// <summary>Writes all there is; false if that failed.</summary>
    private bool Write()
    {
        if (_increment.WritableSize == 0)
        {
            return true;
        }
        if (!TryWrite(default))
        {
            return false;
        }
        if (IsPromised)
        {
            RequestSync();
        }
        ForgetDurable();
        return true;
    }

    /// <summary>Writes all there is, and behind it these bytes from where they lie; false if that failed.</summary>
    private bool TryWrite(ReadOnlySpan<byte> large)
    {
        long startedUs = _tools.Clock.MonotonicUs;
        Rest.ForMicroseconds(WriteDelayUs);
        int result = large.IsEmpty ? _increment.Write() : _increment.WriteThrough(large);
        WriteUs += _tools.Clock.MonotonicUs - startedUs;
        if (result < 0)
        {
            _trouble.Note(-result, "write", _increment.Path);
        }
        return result >= 0;
    }

    internal void RequestSync()
    {
        _pace.NoteSync(_increment.WrittenEnd);
        _sync.Request(_increment.File, _increment.WrittenEnd, _pace.IsAlways ? _increment.FileSize(_increment.WrittenEnd) : 0);
    }

    /// <summary>Where replies wait, what is not durable is kept, in case it has to be written once more.</summary>
    private void ForgetDurable() => _increment.Forget(IsPromised ? DurableEnd : _increment.WrittenEnd);

    private void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        if (_increment.KeptSize + bytes.Length > Bounds.WaitingSize)
        {
            MakeRoom(bytes.Length);
        }
        if (_progress.IsGivenUp)
        {
            _increment.Skip(bytes.Length);
            _sync.NoteGap(_increment.End);
        }
        else
        {
            _increment.Append(bytes);
        }
        if (_pace.IsAlways)
        {
            _promisedEnd = _increment.End;
        }
    }

    /// <summary>So much is appended in one round that it cannot wait for its end.</summary>
    private void MakeRoom(int size)
    {
        if (!_trouble.IsOn && _increment.UnwrittenSize + size > Bounds.WaitingSize)
        {
            Write();
        }
        ForgetDurable();
        if (!_trouble.IsOn && _increment.KeptSize + size > Bounds.WritingSize)
        {
            _sync.Drain();
            TryGoOnInNext();
            ForgetDurable();
        }
        if (_increment.KeptSize + size > Bounds.LosingSize && _increment.KeptSize > 0)
        {
            GiveUp();
        }
    }

    /// <summary>The disk does not keep up with what clients change: they wait a little, then they are refused for a while.</summary>
    private void WaitForDisk()
    {
        if (_trouble.IsOn)
        {
            return;
        }
        _sync.TryDrain(WaitMs);
        ForgetDurable();
        if (_increment.KeptSize > Bounds.RefusingSize)
        {
            _trouble.Note(Errno.ETIMEDOUT, "fsync", _increment.Path);
        }
    }

    /// <summary>
    /// The log ends here, and goes on with a rewrite: what cannot be written would fill the memory, or the file is not in force after all.
    /// </summary>
    internal void GiveUp()
    {
        _progress.IsGivenUp = true;
        _tools.Log.Write(
            LogLevel.Warning, $"The AOF file {_increment.Path} is given up. Changes are refused until the log has been rewritten.");
        if (!_trouble.IsOn)
        {
            _trouble.Note(Errno.ETIMEDOUT, "fsync", _increment.Path);
        }
        GoOnInNext();
        _increment.ForgetAll();
        _sync.NoteGap(_increment.End);
    }

    /// <summary>Once nothing is under way: what a failed fsync covered is written again if it is still here.</summary>
    private void DealWithSyncFailure()
    {
        if (!HasSyncFailed)
        {
            return;
        }
        _trouble.Note(_sync.FailureErrno, "fsync", _increment.Path);
        Places.NoteLost(_increment.End);
        if (_increment.TryRewind(DurableEnd))
        {
            _sync.BeginAgain();
        }
        else
        {
            _sync.Acknowledge();
        }
    }

    /// <summary>Tries every second to write and to sync what there is; the trouble is over when both have succeeded.</summary>
    private void Recover()
    {
        if (_sync.IsBusy)
        {
            return;
        }
        if (HasSyncFailed)
        {
            DealWithSyncFailure();
        }
        else if (_trouble.IsProving)
        {
            if (!_progress.IsBegunAnew)
            {
                _trouble.End(_increment.Path);
            }
            return;
        }
        if (!_trouble.IsTryDue)
        {
            return;
        }
        _trouble.NoteAttempt();
        if (Write())
        {
            RequestSync();
            _trouble.Prove();
        }
    }

    private int Select(int database)
    {
        Span<byte> request = stackalloc byte[RequestFormat.SelectSizeMax];
        int size = RequestFormat.WriteSelect(request, database);
        AppendBytes(request[..size]);
        _progress.Database = database;
        return size;
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
        AppendBytes(line[..RequestFormat.WriteTime(line, seconds)]);
    }
}
