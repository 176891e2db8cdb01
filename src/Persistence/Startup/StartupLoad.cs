using System.Globalization;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Startup;

/// <summary>
/// Brings back at the start what was kept on the disk. Until it is over clients may do nothing that needs the data. If it fails there is no
/// data to serve, and the server must stop.
/// </summary>
public sealed class StartupLoad
{
    /// <summary>How long the folder of a server may be taken still that has just been killed.</summary>
    private const int LockPatienceMs = 2000;

    private readonly Loads _loads;
    private readonly DataState _state;
    private readonly SnapshotSettings _snapshots;
    private readonly AofSettings _logs;
    private readonly SavingTools _tools;

    public StartupLoad(Loads loads, DataState state, SnapshotSettings snapshots, AofSettings logs, SavingTools tools)
    {
        _loads = loads;
        _state = state;
        _snapshots = snapshots;
        _logs = logs;
        _tools = tools;
    }

    /// <summary>Repeats the requests of an append only log; needed before <see cref="Begin"/> where there may be one.</summary>
    public AofReplay? Replay { get; set; }

    /// <summary>Keys that are due are loaded from a snapshot as well: somebody else says when they go.</summary>
    public Func<bool> KeepsDueKeys { get; set; } = static () => false;

    /// <summary>The files of the log that was loaded; null if none was wanted (appendonly no).</summary>
    public AofManifest? Manifest { get; private set; }

    /// <summary>Where that log lies, which this server has taken; null if none was wanted.</summary>
    public AofDirectory? Folder { get; private set; }

    /// <summary>Does what must succeed before loaded data may be used; returns null, or what failed.</summary>
    public Func<string?>? Completing { get; set; }

    /// <summary>It ended well: the data is there, whatever there was.</summary>
    public event Action? Loaded;

    /// <summary>Does the loading.</summary>
    public Loads Loads => _loads;

    /// <summary>Where the stream to replicas goes on after the snapshot that was loaded; null if none was, or it does not say.</summary>
    public StreamPlace? Place { get; private set; }

    /// <summary>It has ended, well or not.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Finds what is to be loaded. To be called once, before the first client is let in.</summary>
    public void Begin()
    {
        _state.IsLoading = true;
        Leftovers.Remove(_tools.Disk, Paths.FolderOf(_tools.Disk.Full(_snapshots.DbFileName.Value)));
        ILoader? loader = _logs.IsOn.Value ? OpenLogOrSnapshot() : OpenSnapshot();
        if (loader is not null)
        {
            _loads.Begin(loader, _loads.Live, problem => End(problem, loader));
        }
    }

    /// <summary>Goes on until <paramref name="isPaused"/>; true where it wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        if (_loads.IsRunning)
        {
            return _loads.Run(isPaused);
        }
        if (!IsOver)
        {
            End(Problem, null);
        }
        return false;
    }

    /// <summary>Reads the append only log, from its manifest on.</summary>
    internal AofLoader OpenLog()
    {
        AofDirectory folder = LogFolder();
        var options = new AofLoadOptions(
            _logs.LoadsTruncated.Value, _logs.CorruptTailSizeMax.Value, _tools.Clock.UnixMs,
            _snapshots.RdbChecksum.Value, _snapshots.KeyLoadDelayUs.Value);
        return new AofLoader(folder, _loads.Live.Databases, _loads.Access, Replay!.Heap, Replay, _tools, options);
    }

    private RdbLoader? OpenSnapshot()
    {
        string path = _tools.Disk.Full(_snapshots.DbFileName.Value);
        var options = new RdbLoadOptions(
            _tools.Clock.UnixMs,
            _tools.Codecs,
            KeepsDueKeys: KeepsDueKeys(),
            IsChecked: _snapshots.RdbChecksum.Value,
            KeyDelayUs: () => _snapshots.KeyLoadDelayUs.Value);
        int result = _loads.Open(path, options, out RdbLoader? loader);
        if (loader is null && result != -Errno.ENOENT)
        {
            Problem = $"{path} cannot be opened: {Errno.Text(-result)}";
        }
        return loader;
    }

    /// <summary>Where the log is to begin with this start, it begins with what the snapshot holds.</summary>
    private ILoader? OpenLogOrSnapshot()
    {
        Folder = LogFolder();
        if (Folder.Take(LockPatienceMs) is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"The append only log cannot be used: {problem}.");
            Problem = problem;
            IsOver = true;
            return null;
        }
        AofLoader log = OpenLog();
        Manifest = log.Manifest;
        if (log.Problem is not null || !log.Manifest.IsEmpty)
        {
            return log;
        }
        log.Dispose();
        return OpenSnapshot();
    }

    private AofDirectory LogFolder()
    {
        return new AofDirectory(_tools.Disk, _tools.Disk.Full(_logs.FolderName.Value), _logs.FileName.Value);
    }

    /// <summary>All is loaded, or there was nothing, which is null, or something failed.</summary>
    private void End(string? problem, ILoader? loader)
    {
        IsOver = true;
        Problem = problem ?? Completing?.Invoke();
        _state.IsLoading = Problem is not null;
        if (Problem is not null)
        {
            _tools.Log.Write(LogLevel.Warning, $"Fatal error loading the DB: {Problem}.");
            _tools.Log.Write(
                LogLevel.Warning,
                "Nothing was changed on the disk. Put a sound file in its place, or move it away to start without its data.");
            return;
        }
        if (loader is not null)
        {
            Tell(loader.Facts, isLog: loader is AofLoader);
            Place = loader is AofLoader ? null : loader.Facts.Place;
        }
        Loaded?.Invoke();
    }

    private void Tell(LoadFacts facts, bool isLog)
    {
        foreach (string key in facts.EmptyKeys)
        {
            _tools.Log.Write(LogLevel.Warning, $"rdbLoadObject skipping empty key: {key}");
        }
        string empty = facts.EmptyCount == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", empty keys skipped: {facts.EmptyCount}");
        _tools.Log.Write(
            facts.EmptyCount == 0 ? LogLevel.Notice : LogLevel.Warning,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Done loading {(isLog ? "AOF" : "RDB")}, keys loaded: {facts.KeyCount}, keys expired: {facts.ExpiredCount}{empty}."));
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture,
                $"DB loaded from {(isLog ? "append only file" : "disk")}: {_loads.Seconds:0.000} seconds"));
    }
}
