using System.Diagnostics;
using Bixbite.Platform;

namespace Bixbite.Persistence.AppendOnly;

/// <summary>
/// The thread that makes the log durable. Positions count the log's bytes over all its files; who asks for a later position while the
/// disk is at work gets one fsync for all that has come by then.
/// <code>
///   turn: Request(file, 300)  Request(file, 420)          DurableEnd: 300 ..... 420
///   thread:        fsync ................. fsync ..............
/// </code>
/// A failure is kept in <see cref="FailureErrno"/> until a later fsync succeeds; the positions that failed are not durable.
/// </summary>
internal sealed class LogSync : IDisposable
{
    private const int RetryMs = 1000;

    private readonly object _lock = new();
    private readonly Doorbell _bell = new();
    private readonly Queue<Job> _jobs = new();
    private readonly ReservedSpace _space = new();
    private readonly Thread _thread;
    private long _durableEnd;
    private volatile int _failureErrno;
    private int _closingCount;
    private int _drainCount;
    private bool _isBusy;
    private bool _isAsleep;
    private bool _isEnding;

    public LogSync()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "bixbite-fsync" };
        _thread.Start();
    }

    /// <summary>Called on the thread after every fsync that succeeded, and every one that failed.</summary>
    public Action? Ended { get; set; }

    /// <summary>Everything before this position is durable. Any thread.</summary>
    public long DurableEnd => Volatile.Read(ref _durableEnd);

    /// <summary>Why the latest fsync failed; 0 if it did not. Any thread.</summary>
    public int FailureErrno => _failureErrno;

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

    /// <summary>
    /// As <see cref="Request"/>, and the file is closed then. Where the log goes on in another file, it is tried again every second as long
    /// as it fails.
    /// </summary>
    public void Close(IDiskFile file, long end, bool isRetried)
    {
        Interlocked.Increment(ref _closingCount);
        Add(new Job(file, end, isLast: true) { IsRetried = isRetried });
    }

    /// <summary>Waits until nothing is under way.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _drainCount++;
            while (_isBusy || _jobs.Count > 0)
            {
                Monitor.Wait(_lock);
            }
            _drainCount--;
        }
    }

    /// <summary>Ends the thread once it has done what was asked for.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnding = true;
            Monitor.PulseAll(_lock);
        }
        _bell.Ring();
        _thread.Join();
        _bell.Dispose();
    }

    private void Add(Job job)
    {
        bool isAsleep;
        lock (_lock)
        {
            Debug.Assert(!_isEnding, "nobody is there to sync any more");
            if (_jobs.TryPeek(out Job? waiting) && _jobs.Count == 1 && waiting.File == job.File && !waiting.IsLast)
            {
                waiting.End = job.End;
                waiting.Size = job.Size;
                waiting.IsLast = job.IsLast;
                waiting.IsRetried = job.IsRetried;
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
            Run(job);
            lock (_lock)
            {
                _isBusy = false;
                if (_drainCount > 0)
                {
                    Monitor.PulseAll(_lock);
                }
            }
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

    private void Run(Job job)
    {
        if (job.Size > 0)
        {
            _space.Keep(job.File, job.Size);
        }
        int result = job.File.Sync();
        while (result < 0 && job.IsRetried && IsWorthRetrying(-result))
        {
            result = job.File.Sync();
        }
        _failureErrno = Math.Max(-result, 0);
        if (result >= 0)
        {
            Volatile.Write(ref _durableEnd, Math.Max(job.End, _durableEnd));
        }
        if (job.IsLast)
        {
            _space.GiveBack(job.File);
            job.File.Dispose();
            Interlocked.Decrement(ref _closingCount);
        }
    }

    /// <summary>Tells of the failure and waits; false if nobody waits for the file any longer.</summary>
    private bool IsWorthRetrying(int errno)
    {
        _failureErrno = errno;
        Ended?.Invoke();
        lock (_lock)
        {
            if (!_isEnding)
            {
                Monitor.Wait(_lock, RetryMs);
            }
            return !_isEnding;
        }
    }

    private sealed class Job(IDiskFile file, long end, bool isLast)
    {
        public IDiskFile File { get; } = file;

        public long End { get; set; } = end;

        public bool IsLast { get; set; } = isLast;

        public bool IsRetried { get; set; }

        /// <summary>The file's size, if space is to be reserved behind it.</summary>
        public long Size { get; set; }
    }
}
