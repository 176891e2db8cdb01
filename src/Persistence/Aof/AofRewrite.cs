using System.Diagnostics;
using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Saving;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Makes the log short again: a new base with the data as it is now, and an increment that begins at that moment. What waits for the disk
/// is done by another thread, and the snapshot in slices between commands, so nobody waits:
/// <code>
///   Preparing     thread: a new increment is created and named                 the log goes on in the old one
///   Taking        turn:   the log goes on in the new one, the snapshot begins   ...and is written by SnapshotJobs
///   Committing    thread: the manifest names the new base, old files are deleted
/// </code>
/// Whatever fails leaves the old files in force, and the log goes on behind them.
/// </summary>
public sealed class AofRewrite
{
    private const int FailuresBeforeDelay = 3;
    private const int DelayMinutesMax = 60;

    private readonly AofWriter _log;
    private readonly SnapshotJobs _jobs;
    private readonly Databases _databases;
    private readonly AofSettings _settings;
    private readonly SavingTools _tools;
    private Running? _running;
    private bool _isScheduled;
    private int _failureCount;
    private long _nextTryMs;

    public AofRewrite(AofWriter log, SnapshotJobs jobs, Databases databases, AofSettings settings, SavingTools tools)
    {
        _log = log;
        _jobs = jobs;
        _databases = databases;
        _settings = settings;
        _tools = tools;
    }

    public RewriteFacts Facts { get; } = new();

    /// <summary>A rewrite is under way.</summary>
    public bool IsRunning => _running is not null;

    /// <summary>One is wanted as soon as no snapshot is being saved.</summary>
    public bool IsScheduled => _isScheduled;

    /// <summary>Seconds since the one under way began.</summary>
    public long RunningSeconds => _running is { } running ? (NowMs - running.StartedMs) / 1000 : -1;

    /// <summary>Failed so many times in a row.</summary>
    public int FailureCount => _failureCount;

    private AofRewriteSettings Options => _settings.Rewrite;

    private long NowMs => _tools.Clock.MonotonicUs / 1000;

    /// <summary>Begins as soon as no snapshot is being saved, however often it has failed.</summary>
    public void Schedule()
    {
        _isScheduled = true;
        _nextTryMs = 0;
    }

    /// <summary>One was wanted that cannot even begin.</summary>
    internal void Refuse(string problem)
    {
        Facts.IsLastOk = false;
        _tools.Log.Write(LogLevel.Warning, $"Background AOF rewrite cannot begin: {problem}.");
    }

    /// <summary>Begins now. <paramref name="switchedOn"/> is set while the log is being switched on, and called when it goes on.</summary>
    internal void Start(AofFiles files, Action? switchedOn)
    {
        Debug.Assert(!IsRunning, "one rewrite at a time");
        _isScheduled = false;
        KeptIncrement kept = switchedOn is not null || _log.IsGivenUp ? KeptIncrement.Unnamed
            : _log.IsOpen ? KeptIncrement.Last : KeptIncrement.None;
        _running = new Running(files, kept, switchedOn, NowMs)
        {
            IsRdb = Options.HasPreamble.Value,
            Preparation = Task.Run(() => Prepare(files, kept)),
        };
        _tools.Log.Write(LogLevel.Notice, "Background append only file rewriting started");
    }

    /// <summary>Starts what is due and goes on with what runs; returns the milliseconds until it wants to be called again.</summary>
    internal int Tick(AofFiles? files, Action? switchedOn)
    {
        const int BusyMs = 5;
        const int IdleMs = 100;
        if (_running is { } running)
        {
            Advance(running);
            return BusyMs;
        }
        if (files is not null && !_jobs.IsWritingFile && NowMs >= _nextTryMs && (_isScheduled || switchedOn is not null || IsDue()))
        {
            Start(files, switchedOn);
            return BusyMs;
        }
        return IdleMs;
    }

    /// <summary>Writes the first base while everybody waits; null, or what failed.</summary>
    internal string? CreateBase(AofFiles files)
    {
        string? problem = files.Open();
        if (problem is not null)
        {
            return problem;
        }
        bool isRdb = Options.HasPreamble.Value;
        _jobs.Finish(BeginSnapshot(files, isRdb, end => problem = end.Problem));
        return problem ?? files.Commit(isRdb, KeptIncrement.None);
    }

    /// <summary>Ends what runs; the old files stay in force.</summary>
    internal void Cancel()
    {
        _isScheduled = false;
        if (_running is not { } running)
        {
            return;
        }
        running.IsCancelled = true;
        if (running.Job is { } job)
        {
            _jobs.Cancel(job);
        }
        while (_running is not null)
        {
            running.Preparation.Wait();
            running.Commitment?.Wait();
            Advance(running);
        }
    }

    private OpenIncrement? Prepare(AofFiles files, KeptIncrement kept)
    {
        if (files.Open() is { } problem)
        {
            return new OpenIncrement(null, "", 0, problem);
        }
        return kept == KeptIncrement.None ? null : files.AddIncrement(isNamed: kept == KeptIncrement.Last);
    }

    private void Advance(Running running)
    {
        if (running.Commitment is { } commitment)
        {
            if (commitment.IsCompleted)
            {
                End(running, commitment.Result);
            }
        }
        else if (running.Preparation.IsCompleted && !running.IsTaken)
        {
            if (running.Preparation.Result?.Problem is { } problem)
            {
                End(running, problem);
            }
            else if (running.IsCancelled)
            {
                Discard(running);
                End(running, null);
            }
            else if (MayBegin() && (running.SwitchedOn is not null || _log.IsReadyToContinue()))
            {
                Take(running);
            }
        }
    }

    /// <summary>The moment that the new base shows: everything later goes into the new increment.</summary>
    private void Take(Running running)
    {
        running.IsTaken = true;
        if (running.Preparation.Result is { File: { } file } increment)
        {
            if (!_log.TryContinue(file, increment.Path, 0, _log.Size))
            {
                Discard(running);
                End(running, "the end of the file before it cannot be written");
                return;
            }
            running.SwitchedOn?.Invoke();
        }
        running.Job = BeginSnapshot(
            running.Files, running.IsRdb, end =>
            {
                running.Job = null;
                running.BaseSize = end.Size;
                Facts.LastCowBytes = end.CowBytes;
                running.Commitment = end.Problem is null
                    ? Task.Run(() => running.Files.Commit(running.IsRdb, running.Kept))
                    : Task.FromResult<string?>(end.Problem);
            });
    }

    private SnapshotJob BeginSnapshot(AofFiles files, bool isRdb, Action<SnapshotEnd> ended)
    {
        var file = new NewFile(_tools.Disk, files.NextBasePath(isRdb), files.TemporaryPath)
        {
            IsSyncedInParts = Options.IncrementalFsync.Value,
        };
        long? noted = _settings.HasTimestamps.Value ? _tools.Clock.UnixMs / 1000 : null;
        return _jobs.Begin(
            file,
            isRdb ? _jobs.RdbEncoder(isAppendOnlyBase: true) : pipe => new AofEncoder(pipe, _databases.Values, _tools, noted),
            ended);
    }

    private static void Discard(Running running)
    {
        if (running.Preparation.Result is { File: { } file } increment)
        {
            file.Dispose();
            if (running.Kept == KeptIncrement.Unnamed)
            {
                running.Files.Delete(increment.Path);
            }
        }
    }

    private void End(Running running, string? problem)
    {
        _running = null;
        bool isInForce = problem is null && !running.IsCancelled;
        if (!isInForce && running is { IsTaken: true, Kept: KeptIncrement.Unnamed, SwitchedOn: null } && _log.IsOpen && !_log.IsGivenUp)
        {
            _log.GiveUp();
        }
        Facts.LastDurationSeconds = (NowMs - running.StartedMs) / 1000;
        if (running.IsCancelled)
        {
            Facts.IsLastOk = false;
            _tools.Log.Write(LogLevel.Notice, "Background AOF rewrite cancelled");
            return;
        }
        Facts.IsLastOk = problem is null;
        if (problem is null)
        {
            Facts.Count++;
            _failureCount = 0;
            Facts.BaseSize = running.BaseSize;
            if (_log.IsOpen)
            {
                _log.NoteRewritten(running.BaseSize, running.Files.LastIncrementPath);
            }
            _tools.Log.Write(LogLevel.Notice, "Background AOF rewrite finished successfully");
            return;
        }
        _failureCount++;
        _nextTryMs = NowMs + DelayMs();
        _tools.Log.Write(
            LogLevel.Warning,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Background AOF rewrite failed: {problem}. The files before it stay in force. ")
            + string.Create(CultureInfo.InvariantCulture, $"One that is due by itself waits {DelayMs() / 1000} s."));
        Failed?.Invoke();
    }

    /// <summary>Whether what the data is now may become a base: not while a command has done a part of its changes.</summary>
    public Func<bool> MayBegin { private get; set; } = static () => true;

    /// <summary>A rewrite failed, of whatever kind.</summary>
    internal Action? Failed { get; set; }

    /// <summary>After each failure beyond the third the disk is left alone for twice as long.</summary>
    private long DelayMs()
    {
        if (_failureCount < FailuresBeforeDelay)
        {
            return 1000;
        }
        int doublings = Math.Min(_failureCount - FailuresBeforeDelay, 6);
        return Math.Min(1 << doublings, DelayMinutesMax) * 60_000L;
    }

    private bool IsDue()
    {
        if (!_log.IsOpen)
        {
            return false;
        }
        if (_log.IsSuspect)
        {
            return true;
        }
        long size = _log.Size;
        long percent = Options.GrowthPercent.Value;
        return percent > 0
            && size > Options.SizeMin.Value
            && (size * 100 / Math.Max(Facts.BaseSize, 1)) - 100 >= percent;
    }

    /// <summary>The rewrite under way.</summary>
    private sealed class Running(AofFiles files, KeptIncrement kept, Action? switchedOn, long startedMs)
    {
        public AofFiles Files { get; } = files;

        public KeptIncrement Kept { get; } = kept;

        public Action? SwitchedOn { get; } = switchedOn;

        public long StartedMs { get; } = startedMs;

        /// <summary>The form of the base, as it was wanted when the rewrite began.</summary>
        public bool IsRdb { get; init; }

        public required Task<OpenIncrement?> Preparation { get; init; }

        /// <summary>The snapshot under way.</summary>
        public SnapshotJob? Job { get; set; }

        public Task<string?>? Commitment { get; set; }

        public long BaseSize { get; set; }

        public bool IsTaken { get; set; }

        public bool IsCancelled { get; set; }
    }
}

/// <summary>The facts of rewrites in INFO.</summary>
public sealed class RewriteFacts
{
    /// <summary>The last one that ended did so well.</summary>
    public bool IsLastOk { get; internal set; } = true;

    /// <summary>How long it took, in seconds; -1 if there was none.</summary>
    public long LastDurationSeconds { get; internal set; } = -1;

    /// <summary>Those that ended well since the start.</summary>
    public long Count { get; internal set; }

    /// <summary>The most bytes that the last one took beside the data.</summary>
    public long LastCowBytes { get; internal set; }

    /// <summary>Bytes of the log at the start, or after the last rewrite: aof_base_size.</summary>
    public long BaseSize { get; internal set; }
}
