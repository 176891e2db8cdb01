using System.Diagnostics;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The thread that makes the log durable. Positions count the log's bytes over all its files; who asks for a later position while the
/// disk is at work gets one fsync for all that has come by then.
/// <code>
///   turn: Request(file, 300)  Request(file, 420)          DurableEnd: 300 ..... 420
///   thread:        fsync ................. fsync ..............
/// </code>
/// The system tells of data that it could not write once, and forgets that data: a later fsync that succeeds says nothing about it. So a
/// failure is kept in <see cref="FailureErrno"/> until the owner has dealt with it, and what it covered is a gap: DurableEnd stays before
/// it, whatever is synced later, until the owner has written it again (<see cref="BeginAgain"/>) or replaced it (<see cref="Settle"/>).
/// <code>
///   fsync up to 300: EIO, fsync up to 420: well     DurableEnd: 200     | gap ... 300 | synced ... 420 |
/// </code>
/// </summary>
internal sealed class AofSync : IDisposable
{
    private const long NoGap = 0;

    private readonly object _lock = new();
    private readonly Lock _telling = new();
    private readonly Doorbell _bell = new();
    private readonly Queue<Job> _jobs = new();
    private readonly ReservedSpace _space = new();
    private Reached _reached;
    private volatile int _failureErrno;
    private int _closingCount;
    private bool _hasThread;
    private bool _isBusy;
    private bool _isAsleep;
    private bool _isEnding;

    public AofSync()
    {
        _hasThread = TryStart();
    }

    /// <summary>Called on the thread after every fsync that succeeded, and every one that failed; and by who settles something.</summary>
    public Action? Ended { get; set; }

    /// <summary>Everything before this position is durable. Any thread.</summary>
    public long DurableEnd => Volatile.Read(ref _reached.DurableEnd);

    /// <summary>Why an fsync failed with which nobody has dealt yet; 0 if none did. Any thread.</summary>
    public int FailureErrno => _failureErrno;

    /// <summary>An fsync failed, and what it covered is neither written again nor replaced. Any thread.</summary>
    public bool HasGap => Volatile.Read(ref _reached.GapEnd) != NoGap;

    /// <summary>An fsync is under way or waits for its turn.</summary>
    public bool IsBusy => PendingCount > 0;

    /// <summary>How many of them.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Count + (_isBusy ? 1 : 0);
            }
        }
    }

    /// <summary>A file that was closed is not durable yet: what is written elsewhere now could become so before it.</summary>
    public bool IsClosing => Volatile.Read(ref _closingCount) > 0;

    /// <summary>
    /// Wants what is written of the file, which ends at <paramref name="end"/>, to become durable. With the file's <paramref name="size"/>
    /// space is reserved behind it, which makes the next fsyncs shorter.
    /// </summary>
    public void Request(IDiskFile file, long end, long size = 0) => Add(new Job(file, end, isLast: false) { Size = size });

    /// <summary>As <see cref="Request"/>, and the file is closed then; it is only closed if all of it is durable already.</summary>
    public void Close(IDiskFile file, long end)
    {
        bool isAwaited = end > DurableEnd;
        if (isAwaited)
        {
            Interlocked.Increment(ref _closingCount);
        }
        Add(new Job(file, end, isLast: true) { IsAwaited = isAwaited });
    }

    /// <summary>Waits until nothing is under way.</summary>
    public void Drain() => TryDrain(Timeout.Infinite);

    /// <summary>Waits until nothing is under way, but not longer than so many milliseconds; false if something still is.</summary>
    public bool TryDrain(int milliseconds)
    {
        long startedMs = Environment.TickCount64;
        lock (_lock)
        {
            while (_isBusy || _jobs.Count > 0)
            {
                long leftMs = milliseconds == Timeout.Infinite ? milliseconds : milliseconds - (Environment.TickCount64 - startedMs);
                if (leftMs is <= 0 and not Timeout.Infinite)
                {
                    break;
                }
                Monitor.Wait(_lock, (int)leftMs);
            }
            return !_isBusy && _jobs.Count == 0;
        }
    }

    /// <summary>The owner knows of the failure. What it covered is a gap still.</summary>
    public void Acknowledge() => _failureErrno = 0;

    /// <summary>The owner writes everything again from <see cref="DurableEnd"/> on: there is no gap. Nothing may be under way.</summary>
    public void BeginAgain()
    {
        lock (_lock)
        {
            Debug.Assert(!_isBusy && _jobs.Count == 0, "its result would count for what is written later");
            _reached.SyncedEnd = 0;
            Volatile.Write(ref _reached.GapEnd, NoGap);
        }
        Acknowledge();
    }

    /// <summary>Notes that bytes appended up to here were not written.</summary>
    public void NoteGap(long end)
    {
        lock (_lock)
        {
            Volatile.Write(ref _reached.GapEnd, Math.Max(_reached.GapEnd, end));
        }
    }

    /// <summary>Everything before this position is durable by other means, or need not be any longer.</summary>
    public void Settle(long end)
    {
        lock (_lock)
        {
            if (end >= _reached.GapEnd)
            {
                Volatile.Write(ref _reached.GapEnd, NoGap);
                end = Math.Max(end, _reached.SyncedEnd);
            }
            Volatile.Write(ref _reached.DurableEnd, Math.Max(_reached.DurableEnd, end));
        }
        Tell();
    }

    /// <summary>A file that is only closed when the thread ends: somebody else may write into it by then.</summary>
    public IDiskFile? FileAtEnd { get; set; }

    /// <summary>
    /// The thread ends once it has done what was asked for. Nobody waits for that, since a disk that hangs must not hold who goes, and
    /// nobody hears of it any more.
    /// </summary>
    public void Dispose()
    {
        lock (_telling)
        {
            Ended = null;
        }
        bool isAsleep;
        lock (_lock)
        {
            _isEnding = true;
            isAsleep = _isAsleep;
        }
        if (!_hasThread)
        {
            Leave();
        }
        else if (isAsleep)
        {
            _bell.Ring();
        }
    }

    private bool TryStart() => WorkerThread.TryStart("bixbite-fsync", Work) is not null;

    private void Add(Job job)
    {
        bool isAsleep;
        _hasThread = _hasThread || TryStart();
        if (!_hasThread)
        {
            Run(job, canSync: false);
            Tell();
            return;
        }
        lock (_lock)
        {
            Debug.Assert(!_isEnding, "nobody is there to sync any more");
            if (_jobs.TryPeek(out Job? waiting) && _jobs.Count == 1 && waiting.File == job.File && !waiting.IsLast)
            {
                waiting.End = job.End;
                waiting.Size = job.Size;
                waiting.IsLast = job.IsLast;
                waiting.IsAwaited = job.IsAwaited;
                return;
            }
            _jobs.Enqueue(job);
            isAsleep = _isAsleep;
            _isAsleep = false;
        }
        if (isAsleep)
        {
            _bell.Ring();
        }
    }

    private void Work()
    {
        while (TryTake() is { } job)
        {
            Run(job, canSync: true);
            lock (_lock)
            {
                _isBusy = false;
                Monitor.PulseAll(_lock);
            }
            Tell();
        }
        Leave();
    }

    private void Leave()
    {
        FileAtEnd?.Dispose();
        _bell.Dispose();
    }

    private void Tell()
    {
        lock (_telling)
        {
            Ended?.Invoke();
        }
    }

    private Job? TryTake()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_jobs.TryDequeue(out Job? job))
                {
                    _isBusy = true;
                    return job;
                }
                if (_isEnding)
                {
                    return null;
                }
                _isAsleep = true;
            }
            _bell.Wait();
        }
    }

    /// <summary>Without a thread every fsync fails: whoever holds the execution lock must not wait for the disk.</summary>
    private void Run(Job job, bool canSync)
    {
        if (job.Size > 0 && canSync)
        {
            _space.Keep(job.File, job.Size);
        }
        if (!job.IsLast || job.End > DurableEnd)
        {
            Note(job.End, canSync ? job.File.Sync() : -Errno.EAGAIN);
        }
        if (job.IsLast)
        {
            _space.GiveBack(job.File);
            job.File.Dispose();
            if (job.IsAwaited)
            {
                Interlocked.Decrement(ref _closingCount);
            }
        }
    }

    private void Note(long end, int result)
    {
        lock (_lock)
        {
            if (result < 0)
            {
                Volatile.Write(ref _reached.GapEnd, Math.Max(_reached.GapEnd, Math.Max(end, 1)));
                _failureErrno = -result;
            }
            else if (_reached.GapEnd == NoGap)
            {
                Volatile.Write(ref _reached.DurableEnd, Math.Max(_reached.DurableEnd, end));
            }
            else
            {
                _reached.SyncedEnd = Math.Max(_reached.SyncedEnd, end);
            }
        }
    }

    private sealed class Job(IDiskFile file, long end, bool isLast)
    {
        public IDiskFile File { get; } = file;

        public long End { get; set; } = end;

        public bool IsLast { get; set; } = isLast;

        /// <summary>It is closed before it is durable.</summary>
        public bool IsAwaited { get; set; }

        /// <summary>The file's size, if space is to be reserved behind it.</summary>
        public long Size { get; set; }
    }

    /// <summary>How far it is; written under the lock.</summary>
    private struct Reached
    {
        public long DurableEnd;

        /// <summary>Behind the last byte that is not certain; <see cref="NoGap"/> if all are.</summary>
        public long GapEnd;

        /// <summary>The position up to which everything after the gap is synced.</summary>
        public long SyncedEnd;
    }
}
