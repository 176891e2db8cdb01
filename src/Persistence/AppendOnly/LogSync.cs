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
    private readonly object _lock = new();
    private readonly Queue<Job> _jobs = new();
    private readonly Thread _thread;
    private long _durableEnd;
    private volatile int _failureErrno;
    private bool _isBusy;
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
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _isBusy || _jobs.Count > 0;
            }
        }
    }

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

    /// <summary>Wants what is written of the file, which ends at <paramref name="end"/>, to become durable.</summary>
    public void Request(IDiskFile file, long end) => Add(new Job(file, end, isLast: false));

    /// <summary>As <see cref="Request"/>, and the file is closed then: the log goes on in another.</summary>
    public void Close(IDiskFile file, long end) => Add(new Job(file, end, isLast: true));

    /// <summary>Waits until nothing is under way.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            while (_isBusy || _jobs.Count > 0)
            {
                Monitor.Wait(_lock);
            }
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
        _thread.Join();
    }

    private void Add(Job job)
    {
        lock (_lock)
        {
            Debug.Assert(!_isEnding, "nobody is there to sync any more");
            if (_jobs.TryPeek(out Job? waiting) && _jobs.Count == 1 && waiting.File == job.File && !waiting.IsLast)
            {
                waiting.End = job.End;
                waiting.IsLast = job.IsLast;
                return;
            }
            _jobs.Enqueue(job);
            Monitor.PulseAll(_lock);
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
                Monitor.PulseAll(_lock);
            }
            Ended?.Invoke();
        }
    }

    private Job? TryTake()
    {
        lock (_lock)
        {
            while (_jobs.Count == 0)
            {
                if (_isEnding)
                {
                    return null;
                }
                Monitor.Wait(_lock);
            }
            _isBusy = true;
            return _jobs.Dequeue();
        }
    }

    private void Run(Job job)
    {
        int result = job.File.Sync();
        if (job.IsLast)
        {
            job.File.Dispose();
        }
        if (result < 0)
        {
            _failureErrno = -result;
            return;
        }
        Volatile.Write(ref _durableEnd, Math.Max(job.End, _durableEnd));
        _failureErrno = 0;
    }

    private sealed class Job(IDiskFile file, long end, bool isLast)
    {
        public IDiskFile File { get; } = file;

        public long End { get; set; } = end;

        public bool IsLast { get; set; } = isLast;
    }
}
