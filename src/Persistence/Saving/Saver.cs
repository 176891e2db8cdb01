using System.Globalization;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Saves snapshots to the file that <c>dbfilename</c> names: now, in the background, and by itself when a save point is reached. A
/// background save runs in slices between commands (<see cref="SnapshotJobs"/>).
/// </summary>
public sealed class Saver
{
    private const long RetryMs = 5000;

    private readonly SnapshotJobs _jobs;
    private readonly ChangeFeed _changes;
    private readonly DataState _state;
    private readonly SnapshotSettings _settings;
    private readonly SavingTools _tools;
    private SnapshotJob? _job;
    private string? _savedPath;
    private bool _isScheduled;
    private volatile bool _holdsAll;

    public Saver(SnapshotJobs jobs, ChangeFeed changes, DataState state, SnapshotSettings settings, SavingTools tools)
    {
        _jobs = jobs;
        _changes = changes;
        _settings = settings;
        _tools = tools;
        _state = state;
        NoteSavedNow();
    }

    public SaveFacts Facts { get; } = new();

    /// <summary>A background save is under way.</summary>
    public bool IsRunning => _job is not null;

    /// <summary>Everybody waits until a snapshot is saved. Any thread.</summary>
    public bool HoldsAll => _holdsAll;

    /// <summary>Seconds since the one under way began; -1 if there is none.</summary>
    public long RunningSeconds => _job is { } job ? (NowMs - job.StartedMs) / 1000 : -1;

    /// <summary>Changes that no saved file has.</summary>
    public long UnsavedCount => _changes.DirtyCount - Facts.SavedDirtyCount;

    /// <summary>The file is there, was saved by this server, and has all changes.</summary>
    public bool IsFileCurrent => UnsavedCount == 0 && _savedPath == FilePath && _tools.Disk.Exists(FilePath);

    /// <summary>Snapshots are made by themselves, so one is made at the end too.</summary>
    public bool HasSavePoints => _settings.Save.Value.Count > 0;

    /// <summary>The path of the file.</summary>
    public string FilePath => _tools.Disk.Full(_settings.DbFileName.Value);

    /// <summary>Where the file is until it is whole.</summary>
    public string TemporaryPath => Path.Combine(
        Paths.FolderOf(FilePath), string.Create(CultureInfo.InvariantCulture, $"temp-{Environment.ProcessId}.rdb"));

    private long NowMs => _tools.Clock.MonotonicUs / 1000;

    /// <summary>Saves while everybody waits; null, or what failed.</summary>
    public string? SaveNow()
    {
        CancelNow();
        string? problem = null;
        _holdsAll = true;
        _jobs.Finish(Begin(end => problem = end.Problem));
        _holdsAll = false;
        return problem;
    }

    /// <summary>
    /// All data was removed: a save under way is worthless now, and where there are save points the file is brought up to date at once,
    /// which takes no time without data. Otherwise nobody waits for a disk that hangs.
    /// </summary>
    public void SaveEmptied()
    {
        if (HasSavePoints)
        {
            SaveNow();
        }
        else
        {
            _job?.Cancel();
        }
    }

    /// <summary>Begins a background save; false where another file is being made: ask again later, or schedule it.</summary>
    public bool TryStart()
    {
        if (_jobs.IsWritingFile)
        {
            return false;
        }
        _isScheduled = false;
        Begin(NoteBackgroundEnd);
        _tools.Log.Write(LogLevel.Notice, "Background saving started");
        return true;
    }

    /// <summary>Begins a background save as soon as no file is being made.</summary>
    public void Schedule() => _isScheduled = true;

    /// <summary>Ends a background save without a file, or forgets a scheduled one; false if there was none.</summary>
    public bool Cancel()
    {
        bool wasAny = IsRunning || _isScheduled;
        _isScheduled = false;
        _job?.Cancel();
        return wasAny;
    }

    /// <summary>Counts the data loaded at the start as saved.</summary>
    public void NoteLoaded() => Facts.SavedDirtyCount = _changes.DirtyCount;

    /// <summary>Starts what is due: to be called now and then, under the execution lock.</summary>
    public void StartIfDue()
    {
        if (_jobs.IsWritingFile)
        {
            return;
        }
        if (_isScheduled && MayTry)
        {
            TryStart();
        }
        else if (DuePoint() is { } point)
        {
            _tools.Log.Write(
                LogLevel.Notice,
                string.Create(CultureInfo.InvariantCulture, $"{point.ChangeCount} changes in {point.Seconds} seconds. Saving..."));
            TryStart();
        }
    }

    /// <summary>After a failure the disk is left alone for a while.</summary>
    private bool MayTry => Facts.IsLastOk || NowMs - Facts.LastTryMs > RetryMs;

    private SavePoint? DuePoint()
    {
        long unsaved = UnsavedCount;
        if (unsaved <= 0 || !MayTry)
        {
            return null;
        }
        long ageSeconds = (NowMs - Facts.LastSaveMs) / 1000;
        foreach (SavePoint point in _settings.Save.Value)
        {
            if (unsaved >= point.ChangeCount && ageSeconds > point.Seconds)
            {
                return point;
            }
        }
        return null;
    }

    private void CancelNow()
    {
        if (_job is { } job)
        {
            _jobs.Cancel(job);
        }
    }

    private SnapshotJob Begin(Action<SnapshotEnd> ended)
    {
        string path = FilePath;
        var file = new NewFile(_tools.Disk, path, TemporaryPath) { IsSyncedInParts = _settings.SaveIncrementalFsync.Value };
        long dirtyCount = _changes.DirtyCount;
        Facts.LastTryMs = NowMs;
        return _job = _jobs.Begin(
            file,
            _jobs.RdbEncoder(),
            end =>
            {
                _job = null;
                NoteEnd(end, dirtyCount, path);
                ended(end);
            });
    }

    private void NoteEnd(SnapshotEnd end, long dirtyCount, string path)
    {
        Facts.LastCowBytes = end.CowBytes;
        if (end.IsCancelled)
        {
            _tools.Log.Write(LogLevel.Notice, "Background saving cancelled");
            return;
        }
        if (end.Problem is not null)
        {
            _tools.Log.Write(
                LogLevel.Warning, $"Saving a snapshot failed: {end.Problem}. The file that was saved before, if any, is unharmed.");
            return;
        }
        Facts.SavedDirtyCount = dirtyCount;
        _savedPath = path;
        NoteSavedNow();
        Facts.SaveCount++;
        Facts.IsLastOk = true;
        _state.HasSnapshotFailed = false;
        _tools.Log.Write(LogLevel.Notice, "DB saved on disk");
    }

    /// <summary>The calendar's time is for being told; how long ago it was is asked of the steady clock.</summary>
    private void NoteSavedNow()
    {
        Facts.LastSaveUnixSeconds = _tools.Clock.UnixMs / 1000;
        Facts.LastSaveMs = NowMs;
    }

    private void NoteBackgroundEnd(SnapshotEnd end)
    {
        if (end.IsCancelled)
        {
            return;
        }
        Facts.IsLastOk = end.Problem is null;
        Facts.LastDurationSeconds = end.DurationMs / 1000;
        _state.HasSnapshotFailed = !Facts.IsLastOk;
        if (Facts.IsLastOk)
        {
            _tools.Log.Write(LogLevel.Notice, "Background saving terminated with success");
        }
    }
}
