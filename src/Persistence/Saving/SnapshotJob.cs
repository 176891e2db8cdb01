using System.Diagnostics;
using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// One snapshot under way, of several: the walk over the data, its output, its memory, and what is to happen when it is over. It goes on in
/// slices between commands; everything is called by whoever holds the execution lock. Whatever becomes of it is nothing to the others.
/// <code>
///   walking ──> complete: the thread writes what is left ──> over: whoever began it is told how it has ended
///      └─ the target failed, the job was cancelled or given up ──^
/// </code>
/// </summary>
internal sealed class SnapshotJob
{
    /// <summary>Where the target takes nothing for so long while clients wait for it, it is given up.</summary>
    private const long StandstillMaxMs = 10_000;

    private readonly Snapshot _snapshot;
    private readonly SnapshotOutput _output;
    private readonly Action<SnapshotEnd> _ended;
    private readonly SnapshotMemory _memory;
    private readonly SnapshotSettings _settings;
    private readonly SavingTools _tools;
    private readonly Progress _progress;
    private long _writtenSize;
    private long _progressMs;

    /// <summary>The output gets no more bytes.</summary>
    private bool _isComplete;

    private bool _isCancelled;

    /// <summary>Begins a snapshot of all databases as they are now.</summary>
    /// <param name="databases">What it is of.</param>
    /// <param name="output">Where it goes; belongs to the job.</param>
    /// <param name="memory">That of the output, which the job's owner takes back after <see cref="End"/>.</param>
    /// <param name="settings">How fast it goes.</param>
    /// <param name="tools">Clock and log.</param>
    /// <param name="ended">Told how it has ended.</param>
    public SnapshotJob(
        Databases databases, SnapshotOutput output, SnapshotMemory memory, SnapshotSettings settings, SavingTools tools,
        Action<SnapshotEnd> ended)
    {
        _output = output;
        _memory = memory;
        _settings = settings;
        _tools = tools;
        _ended = ended;
        _snapshot = databases.BeginSnapshot(output, isByKey: KeyDelayUs > 0, memory);
        StartedMs = NowMs;
        _progressMs = StartedMs;
        _progress = new Progress(tools.Log, "Saving", "keys", _snapshot.KeyCount, tools.Clock.MonotonicUs);
    }

    /// <summary>It makes a file.</summary>
    public bool IsFile => _output.IsFile;

    /// <summary>The memory that it takes beside the data.</summary>
    public SnapshotMemory Memory => _memory;

    /// <summary>Keys handed over so far.</summary>
    public long TakenCount => _snapshot.TakenCount;

    /// <summary>Keys that will have been handed over at the end.</summary>
    public long KeyCount => _snapshot.KeyCount;

    /// <summary>Monotonic milliseconds when it began.</summary>
    public long StartedMs { get; }

    /// <summary>Nothing goes on any more: <see cref="End"/> does not wait.</summary>
    public bool IsOver => _isComplete && _output.IsWritten;

    private long NowMs => _tools.Clock.MonotonicUs / 1000;

    private int KeyDelayUs => _settings.KeySaveDelayUs.Value;

    /// <summary>For tests: no more keys are taken than rdb-key-save-delay allows by now.</summary>
    private bool IsAheadOfPace => KeyDelayUs is > 0 and var delayUs && TakenCount * delayUs > _tools.Clock.MonotonicUs - (StartedMs * 1000);

    /// <summary>Goes on until <paramref name="isPaused"/>; true where it wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        if (_isComplete)
        {
            return false;
        }
        if (_output.HasFailed)
        {
            Abort();
            return false;
        }
        _output.Trim();
        if (HasProgress())
        {
            return GoOn(isPaused);
        }
        _tools.Log.Write(LogLevel.Warning, "The disk takes nothing of a snapshot, and clients wait for it: the snapshot is given up.");
        _output.GiveUp("the disk took nothing for too long");
        Abort();
        return false;
    }

    /// <summary>Brings it to its end while everybody waits.</summary>
    public void Finish()
    {
        if (_isComplete)
        {
            return;
        }
        while (!_snapshot.Run(() => _output.IsBehind || IsAheadOfPace) || IsAheadOfPace)
        {
            if (_output.HasFailed)
            {
                Abort();
                return;
            }
            if (IsAheadOfPace)
            {
                Thread.Sleep(1);
            }
            _output.WaitForRoom();
        }
        Complete();
    }

    /// <summary>Ends it without a result, unless that is there already; nobody waits for the target.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        _output.Discard();
        if (!_isComplete)
        {
            Abort();
        }
    }

    /// <summary>Waits for the target and gives everything back; how it has ended, for <see cref="Tell"/>.</summary>
    public SnapshotEnd End()
    {
        Debug.Assert(_isComplete, "What goes on is finished or cancelled first.");
        string? problem = _output.Wait();
        _output.Dispose();
        _memory.NotePeak();
        long durationMs = NowMs - StartedMs;
        if (problem is null)
        {
            _tools.Log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_output.Name}: {TakenCount} keys, {_output.Size} bytes, {durationMs / 1000.0:0.000} seconds"));
        }
        return new SnapshotEnd(problem, _isCancelled, durationMs, _output.Size, _memory.PeakBytes);
    }

    /// <summary>Tells whoever began it, who may begin another one.</summary>
    public void Tell(SnapshotEnd end) => _ended(end);

    private bool GoOn(Func<bool> isPaused)
    {
        if (IsAheadOfPace)
        {
            return false;
        }
        bool isStepByStep = KeyDelayUs > 0;
        if (!_output.IsBehind
            && _snapshot.Run(() => isStepByStep || isPaused() || _output.IsBehind || IsAheadOfPace)
            && !IsAheadOfPace)
        {
            Complete();
        }
        _progress.Report(TakenCount, _tools.Clock.MonotonicUs);
        return !_isComplete && !_output.IsBehind;
    }

    /// <summary>Whether nobody waits for the target, or it has taken something of late.</summary>
    private bool HasProgress()
    {
        long nowMs = NowMs;
        if (!_memory.IsFull || _output.WrittenSize != _writtenSize || !_output.IsBehind)
        {
            _writtenSize = _output.WrittenSize;
            _progressMs = nowMs;
        }
        return nowMs - _progressMs < StandstillMaxMs;
    }

    private void Complete()
    {
        _isComplete = true;
        _output.Complete();
    }

    private void Abort()
    {
        _isComplete = true;
        _snapshot.Cancel();
        _output.Abort();
    }
}
