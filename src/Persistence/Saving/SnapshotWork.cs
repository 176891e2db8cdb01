using System.Diagnostics;
using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>What a snapshot is taken for.</summary>
public enum SnapshotPurpose
{
    None,
    Save,
    Rewrite,
}

/// <summary>
/// The snapshot under way, of which there is at most one, whoever asked for it: it goes on in slices between commands and tells its
/// owner when its file is durable, or why there is none.
/// </summary>
public sealed class SnapshotWork : IDisposable
{
    private readonly Databases _databases;
    private readonly Settings _settings;
    private readonly ServerLog _log;
    private readonly IClock _clock;
    private readonly SnapshotMemory _memory;
    private Running? _running;

    public SnapshotWork(Databases databases, Settings settings, SavingTools tools)
    {
        _databases = databases;
        _memory = databases.Values.Saving;
        _settings = settings;
        _log = tools.Log;
        _clock = tools.Clock;
    }

    /// <summary>What runs; none if nothing does.</summary>
    public SnapshotPurpose Purpose => _running?.Purpose ?? SnapshotPurpose.None;

    public bool IsRunning => _running is not null;

    /// <summary>Bytes that what runs takes beside the data.</summary>
    public long CowBytes => IsRunning ? _memory.UsedBytes : 0;

    /// <summary>The most that it has taken.</summary>
    public long CowPeakBytes => IsRunning ? _memory.PeakBytes : 0;

    /// <summary>Keys written by what runs.</summary>
    public long TakenCount => _running?.Snapshot.TakenCount ?? 0;

    /// <summary>Keys that what runs will have written at its end.</summary>
    public long KeyCount => _running?.Snapshot.KeyCount ?? 0;

    /// <summary>Monotonic milliseconds when it began.</summary>
    public long StartedMs => _running?.StartedMs ?? 0;

    /// <summary>Goes on until <paramref name="isPaused"/>; true where it wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        if (_running is not { } running)
        {
            return false;
        }
        if (running.IsComplete)
        {
            if (running.File.IsWritten)
            {
                End();
            }
            return false;
        }
        if (running.File.HasFailed)
        {
            running.Abort();
            return false;
        }
        running.File.Trim();
        if (running.HasProgress(_memory.IsFull, _clock.MonotonicUs / 1000))
        {
            return GoOn(running, isPaused);
        }
        _log.Write(LogLevel.Warning, "The disk takes nothing of a snapshot, and clients wait for it: the snapshot is given up.");
        running.File.GiveUp("the disk took nothing for too long");
        running.Abort();
        return false;
    }

    private bool GoOn(Running running, Func<bool> isPaused)
    {
        if (IsAheadOfPace(running))
        {
            return false;
        }
        bool isStepByStep = _settings.Persistence.KeySaveDelayUs.Value > 0;
        if (!running.File.IsBehind
            && running.Snapshot.Run(() => isStepByStep || isPaused() || running.File.IsBehind || IsAheadOfPace(running))
            && !IsAheadOfPace(running))
        {
            running.Complete();
        }
        running.Progress.Report(running.Snapshot.TakenCount, _clock.MonotonicUs);
        return !running.IsComplete && !running.File.IsBehind;
    }

    /// <summary>Brings what runs to its end while everybody waits.</summary>
    public void Finish()
    {
        if (_running is { } running)
        {
            if (!running.IsComplete)
            {
                while (!running.Snapshot.Run(() => running.File.IsBehind || IsAheadOfPace(running)) || IsAheadOfPace(running))
                {
                    if (IsAheadOfPace(running))
                    {
                        Thread.Sleep(1);
                    }
                    running.File.WaitForRoom();
                }
                running.Complete();
            }
            End();
        }
    }

    /// <summary>Ends what runs; its owner is told that it was cancelled.</summary>
    public void Cancel()
    {
        if (_running is not null)
        {
            CancelSoon();
            End();
        }
    }

    /// <summary>As <see cref="Cancel"/>, but nobody waits for the disk: it has ended when a slice finds that it has.</summary>
    public void CancelSoon()
    {
        if (_running is { } running)
        {
            running.IsCancelled = true;
            running.File.Discard();
            if (!running.IsComplete)
            {
                running.Abort();
            }
        }
    }

    /// <summary>Begins a snapshot of all databases as they are now; <paramref name="ended"/> gets null, or what failed.</summary>
    internal void Begin(SnapshotPurpose purpose, SnapshotFile file, Action<SnapshotEnd> ended)
    {
        Debug.Assert(!IsRunning, "One snapshot at a time.");
        long nowUs = _clock.MonotonicUs;
        Snapshot snapshot = _databases.BeginSnapshot(file, isByKey: _settings.Persistence.KeySaveDelayUs.Value > 0);
        _running = new Running(
            purpose, snapshot, file, ended, nowUs / 1000, new Progress(_log, "Saving", "keys", snapshot.KeyCount, nowUs));
    }

    /// <summary>For tests: no more keys are taken than rdb-key-save-delay allows by now.</summary>
    private bool IsAheadOfPace(Running running)
    {
        long delayUs = _settings.Persistence.KeySaveDelayUs.Value;
        return delayUs > 0 && running.Snapshot.TakenCount * delayUs > _clock.MonotonicUs - (running.StartedMs * 1000);
    }

    /// <summary>Frees what snapshots use, unless a thread still reads it: that ends with the process.</summary>
    public void Dispose()
    {
        if (!IsRunning)
        {
            _memory.Aside.Dispose();
        }
    }

    private void End()
    {
        Running running = _running!;
        string? problem = running.File.Wait();
        running.File.Dispose();
        _memory.NotePeak();
        _memory.Aside.Trim();
        _running = null;
        long durationMs = (_clock.MonotonicUs / 1000) - running.StartedMs;
        if (problem is null)
        {
            double seconds = durationMs / 1000.0;
            _log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{running.File.Path}: {running.Snapshot.TakenCount} keys, {running.File.Size} bytes, {seconds:0.000} seconds"));
        }
        running.Ended(new SnapshotEnd(problem, running.IsCancelled, durationMs, running.File.Size, _memory.PeakBytes));
    }

    private sealed record Running(
        SnapshotPurpose Purpose, Snapshot Snapshot, SnapshotFile File, Action<SnapshotEnd> Ended, long StartedMs, Progress Progress)
    {
        /// <summary>Where the disk takes nothing for so long while clients wait for it, there is no file.</summary>
        private const long StandstillMaxMs = 10_000;

        private long _writtenSize;
        private long _progressMs = StartedMs;

        /// <summary>The file gets no more bytes.</summary>
        public bool IsComplete { get; private set; }

        /// <summary>Nobody wants the file any more.</summary>
        public bool IsCancelled { get; set; }

        /// <summary>Whether nobody waits for the disk, or it has taken something of late.</summary>
        public bool HasProgress(bool isAwaited, long nowMs)
        {
            if (!isAwaited || File.WrittenSize != _writtenSize || !File.IsBehind)
            {
                _writtenSize = File.WrittenSize;
                _progressMs = nowMs;
            }
            return nowMs - _progressMs < StandstillMaxMs;
        }

        public void Complete()
        {
            IsComplete = true;
            File.Complete();
        }

        public void Abort()
        {
            IsComplete = true;
            Snapshot.Cancel();
            File.Abort();
        }
    }
}

/// <summary>How a snapshot has ended.</summary>
/// <param name="Problem">Null, or what failed and why: there is no new file then.</param>
/// <param name="IsCancelled">There is no new file because nobody wanted it any more.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Size">Bytes of the file without its checksum.</param>
/// <param name="CowBytes">The most that it took beside the data.</param>
internal readonly record struct SnapshotEnd(string? Problem, bool IsCancelled, long DurationMs, long Size, long CowBytes);
