using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// The bytes that are kept of one stream: the latest in memory, older ones in temporary files while a cursor needs them. Memory is in a
/// heap of its own, which connections read without the lock. Its owner has the execution lock; docs/REPLICATION.md draws it.
/// <code>
///   files    | ............................ |
///   memory              | excess ................ | the last repl-backlog-size bytes |
///            ^ a cursor that is away        ^ what was spilled                       ^ End
/// </code>
/// While cursors in memory need no more than <see cref="StreamBounds.Excess"/> beyond the backlog there are no files and no thread.
/// </summary>
public sealed class StreamLog : IDisposable
{
    private const int BlockSizeMin = 1024;
    private const int BlockSizeMax = 256 * 1024;

    /// <summary>A backlog is so many blocks at least, so that it is not much larger than it was asked to be.</summary>
    private const int BlockCountMin = 16;

    /// <summary>A disk that is at one call for longer counts as one that does not work.</summary>
    private const long StuckUs = 5_000_000;

    private const long RetryUs = 1_000_000;

    private readonly Heap _heap = new();
    private readonly ByteLog _log;
    private readonly ReplicationSettings _settings;
    private readonly StreamTools _tools;
    private readonly List<StreamCursor> _cursors = [];
    private readonly List<StreamCursor> _leaving = [];
    private readonly SpillThread _thread;
    private ByteLogReader? _source;
    private StreamMap? _map;
    private SpillFacts _spill;
    private volatile bool _countsMemory;
    private int _pipeCount;

    /// <param name="settings">How much is kept, and where.</param>
    /// <param name="tools">The disk, the clock and the server's log.</param>
    /// <param name="position">Of the first byte.</param>
    public StreamLog(ReplicationSettings settings, StreamTools tools, long position)
    {
        int blockSize = BlockSizeFor(settings.BacklogSize.Value);
        _settings = settings;
        _tools = tools;
        _log = new ByteLog(_heap, blockSize, position);
        var files = new SpillFiles(tools.Disk, tools.Bounds.FileSize);
        _thread = new SpillThread(files, tools.Clock, () => tools.Alarm.RingWithin(0)) { MemoryStart = position };
        _countsMemory = settings.BacklogDiskSize.Value == 0;
    }

    /// <summary>A replica that comes back may ask for no more than this.</summary>
    public static long BacklogMax(long backlogSize) => backlogSize + BlockSizeFor(backlogSize);

    /// <summary>The position of the first byte in memory.</summary>
    public long Start => _log.Start;

    /// <summary>The position behind the last byte.</summary>
    public long End => _log.End;

    /// <summary>Everything is published.</summary>
    public bool IsPublished => _log.End == _log.PublishedEnd;

    /// <summary>Bytes of memory that it takes. Any thread.</summary>
    public long UsedBytes => _log.UsedBytes + ((long)Volatile.Read(ref _pipeCount) * _tools.Bounds.PipeSize) + (_map?.Size ?? 0);

    /// <summary>Bytes that it takes on the disk: temporary files, and files that the append only log has replaced.</summary>
    public long SpilledSize => _thread.Size + (_map?.HeldSize ?? 0);

    /// <summary>Writing to files has failed, or takes too long.</summary>
    public bool HasDiskFailed => _spill.HasFailed;

    /// <summary>Somebody reads, or the thread may not have let go of somebody who did.</summary>
    public bool HasCursors => _cursors.Count + _leaving.Count > 0;

    /// <summary>Whoever comes back finds everything from here: in memory, in the append only log's files, or in temporary ones.</summary>
    public long LoggedStart => Math.Min(_map?.ReturnStart ?? Start, SpilledStart);

    /// <summary>How many cursors read from files.</summary>
    public int AwayCount { get; private set; }

    /// <summary>There is something besides cursors in memory: <see cref="Trim"/> is to be called though nothing was added.</summary>
    public bool NeedsTidying => _source is not null || AwayCount > 0 || _leaving.Count > 0 || _pipeCount > 0;

    /// <summary>
    /// The first position in memory, or in the temporary files that somebody needs. Where these are too large, whoever was given up for
    /// that must not come back to them.
    /// </summary>
    private long SpilledStart => _source is null || FilesSize >= DiskSizeMax ? Start : Math.Min(_thread.KeptStart, Start);

    private long DiskSizeMax => _settings.BacklogDiskSize.Value;

    /// <summary>The size of the files that counts.</summary>
    private long FilesSize => (DiskSizeMax == 0 ? 0 : _thread.Size) + (_map?.HeldSize ?? 0);

    private static int BlockSizeFor(long backlogSize) => (int)Math.Clamp(backlogSize / BlockCountMin, BlockSizeMin, BlockSizeMax);

    private long ExcessMax => _tools.Bounds.Excess;

    /// <summary>So much is left in memory where there is more than the bound.</summary>
    private long ExcessLeft => ExcessMax / 2;

    private long Excess => _log.End - _log.Start - _settings.BacklogSize.Value;

    /// <summary>Adds what no other file has.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _log.Append(bytes);
        _map?.AddUnknown(bytes.Length);
    }

    /// <summary>Adds a request, and the SELECT in front of it if there is one; the append only log may have got it just before.</summary>
    public void Append(ReadOnlySpan<byte> select, ReadOnlySpan<byte> request, bool isForLog)
    {
        _log.Append(select);
        _log.Append(request);
        _map?.AddRequest(select, request, isForLog);
    }

    /// <summary>More of the request that was added last.</summary>
    public void Continue(ReadOnlySpan<byte> bytes)
    {
        _log.Append(bytes);
        _map?.Continue(bytes);
    }

    /// <summary>Adds what only this stream has.</summary>
    public void AppendOwn(ReadOnlySpan<byte> bytes)
    {
        _log.Append(bytes);
        _map?.AddOwn(bytes);
    }

    /// <summary>Requests that are added from now on are looked for in the append only log, if there is one.</summary>
    public void BeginMap()
    {
        EndMap();
        _map = _tools.Places is { } places ? new StreamMap(_tools.Disk, places, _log.End) : null;
    }

    /// <summary>Nobody comes back any more who would have to look into the append only log.</summary>
    public void EndMap()
    {
        _map?.Dispose();
        _map = null;
    }

    /// <summary>Cursors see everything that was added.</summary>
    public void Publish() => _log.Publish();

    /// <summary>A cursor at a position; false if what follows is neither in memory nor in files, or has not come yet.</summary>
    public bool TryReadFrom(long position, [NotNullWhen(true)] out StreamCursor? cursor)
    {
        cursor = null;
        if (position > _log.End)
        {
            return false;
        }
        if (position >= _log.Start)
        {
            _cursors.Add(cursor = new StreamCursor(this, _log.ReadFrom(position)));
            return true;
        }
        NoteMap();
        bool isLogged = _map is { } map && position >= map.ReturnStart && map.Has(position);
        if (!isLogged && position < SpilledStart)
        {
            return false;
        }
        var returning = new StreamCursor(this, position, NewPipe(), _thread.Ring);
        if (!_thread.TryAdd(returning, needsSpilled: !isLogged))
        {
            // What it needs has gone this moment.
            _ = returning.TryLeave();
            FreePipe(returning);
            return false;
        }
        _cursors.Add(cursor = returning);
        AwayCount++;
        SendOn(cursor);
        NoteMap();
        return true;
    }

    /// <summary>Nobody reads with this cursor any more. Nothing happens if it is another's.</summary>
    public void Forget(StreamCursor cursor)
    {
        if (_cursors.Remove(cursor))
        {
            _leaving.Add(cursor);
            Trim();
        }
    }

    /// <summary>
    /// Frees what nobody needs, and sends to files what does not belong in memory; to be called at the end of a turn, and several times a
    /// second.
    /// </summary>
    public void Trim()
    {
        if (AwayCount > 0)
        {
            _thread.Revive();
            BringBack();
        }
        FinishLeaving();
        _countsMemory = _settings.BacklogDiskSize.Value == 0 || _spill.HasFailed;
        _log.Trim(_settings.BacklogSize.Value, HeldStart());
        if (_source is not null || (Excess > ExcessMax && _cursors.Count > 0))
        {
            Relieve();
        }
        else if (_pipeCount > 0)
        {
            _cursors.ForEach(FreePipe);
        }
        if (AwayCount > 0)
        {
            LimitFiles();
        }
        _thread.MemoryStart = _log.Start;
        NoteMap();
    }

    /// <summary>Frees everything, as soon as the thread has let go of it; there are no cursors any more.</summary>
    public void Dispose()
    {
        _map?.Dispose();
        _thread.Ended = () =>
        {
            if (_source is { } source)
            {
                _log.Forget(source);
            }
            _log.Dispose();
            _heap.Dispose();
        };
        _thread.Dispose();
    }

    /// <summary>The size that counts for a replica at a position as output that waits. Any thread.</summary>
    internal long SizeCounted(long position) =>
        _countsMemory ? Math.Max(_log.PublishedEnd - Math.Max(position, _thread.MemoryStart), 0) : 0;

    /// <summary>
    /// Where memory has to begin at the latest, for cursors that are about to come back to it, and for those that find what is not in it in
    /// no file.
    /// </summary>
    private long HeldStart()
    {
        if (AwayCount == 0)
        {
            return long.MaxValue;
        }
        long start = _source is null ? CoveredEnd : long.MaxValue;
        if (Excess > ExcessMax)
        {
            return start;
        }
        foreach (StreamCursor cursor in _cursors)
        {
            start = cursor.IsAway && cursor.FilePosition >= _log.Start ? Math.Min(start, cursor.FilePosition) : start;
        }
        return start;
    }

    /// <summary>Of what memory has, everything before this position is in the append only log's files, too.</summary>
    private long CoveredEnd => _map?.CoveredEnd ?? _log.Start;

    private void NoteMap() => _map?.NoteMemory(_log.Start, AwayCount == 0 ? long.MaxValue : AwayStart());

    /// <summary>The first position that a cursor stands at that is away.</summary>
    private long AwayStart()
    {
        long start = long.MaxValue;
        foreach (StreamCursor cursor in _cursors)
        {
            start = cursor.IsAway ? Math.Min(start, cursor.FilePosition) : start;
        }
        return start;
    }

    /// <summary>The first position that a cursor in memory stands at; the end if there is none.</summary>
    private long NeededStart()
    {
        long start = _log.End;
        foreach (StreamCursor cursor in _cursors)
        {
            start = cursor.Memory is { } memory ? Math.Min(start, memory.Position) : start;
        }
        return start;
    }

    /// <summary>Those that have read from files up to what is in memory go on there.</summary>
    private void BringBack()
    {
        foreach (StreamCursor cursor in _cursors)
        {
            NoteFailure(cursor);
            if (cursor.Stage == CursorStage.Arrived)
            {
                if (cursor.FilePosition < _log.Start)
                {
                    SendOn(cursor);
                    continue;
                }
                _thread.Remove(cursor);
                cursor.ReleasePlan();
                cursor.ComeBack(_log.ReadFrom(cursor.FilePosition));
                AwayCount--;
            }
        }
    }

    /// <summary>
    /// Has a cursor that has arrived read on where what follows is: in the append only log, else in temporary files. It waits for memory,
    /// and for what the log has not written yet.
    /// </summary>
    private void SendOn(StreamCursor cursor)
    {
        long position = cursor.FilePosition;
        StreamPlan? plan = _map?.Plan(position);
        if (plan is not null || (_source is not null && position >= _spill.BegunAt))
        {
            cursor.GoOn(plan);
            _thread.Ring();
        }
        else if (position < _log.Start && _map?.Has(position) != true)
        {
            cursor.GiveUp(string.Create(
                CultureInfo.InvariantCulture, $"byte {position + 1} of the stream is no longer in the append only log's files"));
        }
    }

    /// <summary>Where files cannot be read, whoever tried must not come back for the same.</summary>
    private void NoteFailure(StreamCursor cursor)
    {
        if (cursor.Stage != CursorStage.Failed)
        {
            return;
        }
        if (cursor.Plan is null)
        {
            _thread.NoteUnreadable(cursor.FilePosition);
        }
        else
        {
            _map?.NoteUnreadable(cursor.FilePosition);
            cursor.ReleasePlan();
        }
    }

    private void FinishLeaving()
    {
        for (int i = _leaving.Count - 1; i >= 0; i--)
        {
            StreamCursor cursor = _leaving[i];
            NoteFailure(cursor);
            bool wasAway = cursor.IsAway;
            if (!cursor.TryLeave())
            {
                continue;
            }
            if (wasAway)
            {
                _thread.Remove(cursor);
                cursor.ReleasePlan();
                AwayCount--;
            }
            else
            {
                _log.Forget(cursor.Memory!);
            }
            _leaving.RemoveAt(i);
            FreePipe(cursor);
        }
    }

    private void FreePipe(StreamCursor cursor)
    {
        if (cursor.TakePipe() is { } pipe)
        {
            pipe.Dispose();
            Volatile.Write(ref _pipeCount, _pipeCount - 1);
        }
    }

    private BytePipe NewPipe()
    {
        Volatile.Write(ref _pipeCount, _pipeCount + 1);
        return new BytePipe(_heap, _tools.Bounds.PipeSize, "stream");
    }

    /// <summary>Has memory written to files, and those who need what is written read it there.</summary>
    private void Relieve()
    {
        NoteDisk();
        if (_source is null && !_countsMemory && CoveredEnd < _log.HeadEnd)
        {
            BeginSpilling();
        }
        if (!_countsMemory)
        {
            _thread.Target = _log.End - _settings.BacklogSize.Value - ExcessLeft;
        }
        // While the thread writes temporary files no block goes before it has, and a reader at the very end of a block needs it still.
        long writtenEnd = _source is { } writer ? writer.Position - 1 : CoveredEnd;
        bool isStuck = false;
        while (!isStuck && Excess > ExcessLeft && _log.HeadEnd <= writtenEnd)
        {
            long headEnd = _log.HeadEnd;
            isStuck = !TrySendAway(headEnd);
            _log.Trim(_settings.BacklogSize.Value, writtenEnd);
            isStuck |= _log.HeadEnd == headEnd;
        }
        bool isNeeded = AwayCount > 0 || _log.End - _settings.BacklogSize.Value - NeededStart() > ExcessLeft;
        if (_source is { } source && !isNeeded && source.TryDetach())
        {
            EndSpilling(source);
        }
    }

    /// <summary>Has all cursors read from files that need a block in memory that ends here; false if one of them does so now.</summary>
    private bool TrySendAway(long blockEnd)
    {
        foreach (StreamCursor cursor in _cursors)
        {
            if (cursor.Memory is not { } memory || memory.Position > blockEnd)
            {
                continue;
            }
            if (!memory.TryDetach())
            {
                return false;
            }
            _log.Forget(memory);
            cursor.SendAway(NewPipe, _thread.Ring);
            AwayCount++;
            _thread.Add(cursor);
            SendOn(cursor);
        }
        return true;
    }

    private void BeginSpilling()
    {
        _source = _log.ReadFrom(_log.Start);
        _spill = _spill with { BegunUs = _tools.Clock.MonotonicUs, BegunAt = _log.Start };
        _thread.Begin(_source);
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Replicas are {_log.End - _log.Start} bytes behind: the stream goes to temporary files from byte {_log.Start + 1} on."));
    }

    private void EndSpilling(ByteLogReader source)
    {
        long size = source.Position - _spill.BegunAt;
        double seconds = (_tools.Clock.MonotonicUs - _spill.BegunUs) / 1e6;
        _thread.Stop();
        _log.Forget(source);
        _source = null;
        _log.Trim(_settings.BacklogSize.Value);
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture,
                $"No replica needs the temporary files of the stream any more: {size} bytes were written in {seconds:0.000} seconds."));
    }

    /// <summary>Sees whether the disk takes what it is given, and tells the log where that changes.</summary>
    private void NoteDisk()
    {
        long nowUs = _tools.Clock.MonotonicUs;
        string? problem = _thread.Problem ?? (_thread.BusyUs > StuckUs ? "the disk does not answer" : null);
        bool isOld = nowUs - _spill.FailedUs > RetryUs;
        if (problem is not null && !_spill.HasFailed)
        {
            _spill.HasFailed = true;
            _spill.FailedUs = nowUs;
            _tools.Log.Write(
                LogLevel.Warning,
                $"The stream cannot be kept in temporary files: {problem}. "
                + "It is kept in memory, up to client-output-buffer-limit replica.");
        }
        else if (_thread.Problem is not null && isOld)
        {
            _spill.FailedUs = nowUs;
            _thread.TryAgain();
        }
        else if (problem is null && _spill.HasFailed && isOld)
        {
            _spill.HasFailed = false;
            _tools.Log.Write(LogLevel.Notice, "The stream can be kept in temporary files again.");
        }
        _countsMemory |= _spill.HasFailed;
    }

    /// <summary>Where files take more than they may, the one that is farthest behind is given up, and they have a second to go.</summary>
    private void LimitFiles()
    {
        long nowUs = _tools.Clock.MonotonicUs;
        if (FilesSize <= DiskSizeMax || nowUs - _spill.LimitedUs < RetryUs)
        {
            return;
        }
        StreamCursor? last = null;
        foreach (StreamCursor cursor in _cursors)
        {
            bool isLater = last is not null && cursor.FilePosition >= last.FilePosition;
            last = cursor.IsAway && cursor.Problem is null && !isLater ? cursor : last;
        }
        if (last is not null)
        {
            _spill.LimitedUs = nowUs;
            last.IsTooFarBehind = true;
            last.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"it is {_log.End - last.Position} bytes behind, and files for replicas have reached repl-backlog-disk-size "
                + $"({DiskSizeMax} bytes)"));
        }
    }

    /// <summary>The facts of the files there are.</summary>
    private struct SpillFacts
    {
        public long BegunUs;
        public long BegunAt;
        public long FailedUs;
        public long LimitedUs;
        public bool HasFailed;
    }
}

/// <summary>The needs of a stream that is kept in files too.</summary>
/// <param name="Disk">Has the files.</param>
/// <param name="Clock">Tells how long the disk takes.</param>
/// <param name="Alarm">Has the owner look when the thread has done something.</param>
/// <param name="Log">Told what happens.</param>
public sealed record StreamTools(IDisk Disk, IClock Clock, CronAlarm Alarm, ServerLog Log)
{
    /// <summary>Where the append only log's bytes lie; null where there is none.</summary>
    public AofPlaces? Places { get; init; }

    internal StreamBounds Bounds { get; init; } = new();
}

/// <summary>Sizes in bytes.</summary>
/// <param name="Excess">More beyond the backlog is not kept in memory while it can be written to files.</param>
/// <param name="PipeSize">So much is read ahead for a replica.</param>
/// <param name="FileSize">A temporary file is not much larger.</param>
internal sealed record StreamBounds(long Excess = 16 << 20, int PipeSize = 256 << 10, long FileSize = 64 << 20);
