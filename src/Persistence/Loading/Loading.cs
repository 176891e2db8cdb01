using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Configuration.Themes;
using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Brings back at the start what was kept on the disk, in slices between the rounds of the loop, so that clients are told how far it is.
/// Until it is over they may do nothing that needs the data. If it fails there is no data to serve, and the server must stop.
/// </summary>
public sealed class Loading
{
    /// <summary>How long the folder of a server may be taken still that has just been killed.</summary>
    private const int LockPatienceMs = 2000;

    private readonly Databases _databases;
    private readonly AccessClock _access;
    private readonly DataState _state;
    private readonly Settings _settings;
    private readonly SavingTools _tools;
    private ILoader? _loader;
    private Progress? _progress;
    private long _startedUs;

    public Loading(Databases databases, AccessClock access, DataState state, Settings settings, SavingTools tools)
    {
        _databases = databases;
        _access = access;
        _state = state;
        _settings = settings;
        _tools = tools;
    }

    /// <summary>Repeats the requests of an append only log; needed before <see cref="Begin"/> where there may be one.</summary>
    public AofReplay? Replay { get; set; }

    /// <summary>The files of the log that was loaded; null if none was wanted (appendonly no).</summary>
    public AofManifest? Manifest { get; private set; }

    /// <summary>Where that log lies, which this server has taken; null if none was wanted.</summary>
    public AofDirectory? Folder { get; private set; }

    /// <summary>What must succeed before the data may be used, once it is loaded; null, or what failed.</summary>
    public Func<string?>? Completing { get; set; }

    /// <summary>It ended well: the data is there, whatever there was.</summary>
    public event Action? Loaded;

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Unix seconds when it began.</summary>
    public long StartedUnixSeconds { get; private set; }

    public long BytesTotal => _loader?.BytesTotal ?? 0;

    public long BytesRead => _loader?.BytesRead ?? 0;

    /// <summary>What was found, while it goes on and when it is over.</summary>
    public LoadFacts Facts { get; private set; } = new();

    /// <summary>Seconds until it is over, as far as one can tell.</summary>
    public long SecondsLeft
    {
        get
        {
            double seconds = (_tools.Clock.MonotonicUs - _startedUs) / 1e6;
            return BytesRead == 0 ? 1 : (long)(seconds * (BytesTotal - BytesRead) / BytesRead);
        }
    }

    /// <summary>Finds what is to be loaded. To be called once, before the first client is let in.</summary>
    public void Begin()
    {
        StartedUnixSeconds = _tools.Clock.UnixMs / 1000;
        _startedUs = _tools.Clock.MonotonicUs;
        _state.IsLoading = true;
        _loader = _settings.Persistence.Aof.IsOn.Value ? OpenLogOrSnapshot() : OpenSnapshot();
        if (_loader is not null)
        {
            Facts = _loader.Facts;
            _progress = new Progress(_tools.Log, "Loading", "bytes", _loader.BytesTotal, _startedUs);
        }
    }

    /// <summary>Goes on until <paramref name="isPaused"/>; true where it wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        if (!_state.IsLoading || Problem is not null)
        {
            return false;
        }
        if (_loader is { } loader)
        {
            if (!loader.Run(isPaused))
            {
                _progress!.Report(loader.BytesRead, _tools.Clock.MonotonicUs);
                return true;
            }
            Problem = loader.Problem;
            loader.Dispose();
        }
        Problem ??= Completing?.Invoke();
        End();
        return false;
    }

    private RdbLoader? OpenSnapshot()
    {
        string path = Paths.Full(_settings.Persistence.DbFileName.Value);
        int result = _tools.Disk.Open(path, out IDiskFile? file);
        if (result == -Errno.ENOENT)
        {
            return null;
        }
        if (result < 0)
        {
            Problem = $"{path} cannot be opened: {Errno.Text(-result)}";
            End();
            return null;
        }
        var options = new RdbLoadOptions(
            _tools.Clock.UnixMs,
            _tools.Codecs,
            IsChecked: _settings.Persistence.RdbChecksum.Value,
            KeyDelayUs: _settings.Persistence.KeyLoadDelayUs.Value);
        return new RdbLoader(file!, path, _databases, _access, options);
    }

    /// <summary>Where the log is to begin with this start, it begins with what the snapshot holds.</summary>
    private ILoader? OpenLogOrSnapshot()
    {
        Folder = LogFolder();
        if (Folder.Take(LockPatienceMs) is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"The append only log cannot be used: {problem}.");
            Problem = problem;
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

    /// <summary>Reads the append only log, from its manifest on.</summary>
    internal AofLoader OpenLog()
    {
        AofSettings settings = _settings.Persistence.Aof;
        AofDirectory folder = LogFolder();
        var options = new AofLoadOptions(
            settings.LoadsTruncated.Value, settings.CorruptTailSizeMax.Value, _tools.Clock.UnixMs,
            _settings.Persistence.RdbChecksum.Value, _settings.Persistence.KeyLoadDelayUs.Value);
        return new AofLoader(folder, _databases, _access, Replay!.Heap, Replay, _tools, options);
    }

    private AofDirectory LogFolder()
    {
        AofSettings settings = _settings.Persistence.Aof;
        return new AofDirectory(_tools.Disk, Paths.Full(settings.FolderName.Value), settings.FileName.Value);
    }

    private void TellOfEmptyKeys()
    {
        foreach (string key in Facts.EmptyKeys)
        {
            _tools.Log.Write(LogLevel.Warning, $"rdbLoadObject skipping empty key: {key}");
        }
    }

    private void End()
    {
        if (Problem is not null)
        {
            _tools.Log.Write(LogLevel.Warning, $"Fatal error loading the DB: {Problem}.");
            _tools.Log.Write(
                LogLevel.Warning,
                "Nothing was changed on the disk. Put a sound file in its place, or move it away to start without its data.");
            return;
        }
        _state.IsLoading = false;
        if (_loader is not null)
        {
            double seconds = (_tools.Clock.MonotonicUs - _startedUs) / 1e6;
            bool isLog = _loader is AofLoader;
            TellOfEmptyKeys();
            string empty = Facts.EmptyCount == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", empty keys skipped: {Facts.EmptyCount}");
            _tools.Log.Write(
                Facts.EmptyCount == 0 ? LogLevel.Notice : LogLevel.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Done loading {(isLog ? "AOF" : "RDB")}, keys loaded: {Facts.KeyCount}, keys expired: {Facts.ExpiredCount}{empty}."));
            _tools.Log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture, $"DB loaded from {(isLog ? "append only file" : "disk")}: {seconds:0.000} seconds"));
        }
        Loaded?.Invoke();
    }
}
