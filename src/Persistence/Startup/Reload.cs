using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Startup;

/// <summary>
/// Loads the snapshot file or the append only log into a server that runs, while everybody waits: for tests of what a restart would bring
/// back.
/// </summary>
public sealed class Reload
{
    private readonly Saver _saver;
    private readonly StartupLoad _startup;
    private readonly Loads _loads;
    private readonly SnapshotSettings _settings;
    private readonly SavingTools _tools;

    public Reload(Saver saver, AofControl log, StartupLoad startup, Loads loads, SnapshotSettings settings, SavingTools tools)
    {
        _saver = saver;
        Log = log;
        _startup = startup;
        _loads = loads;
        _settings = settings;
        _tools = tools;
    }

    /// <summary>The log that is loaded.</summary>
    public AofControl Log { get; }

    /// <summary>Something else is being loaded: nothing can be loaded now.</summary>
    public bool IsBusy => _loads.IsRunning;

    /// <summary>Saves what there is; null, or what failed.</summary>
    public string? Save() => _saver.SaveNow();

    /// <summary>Removes all keys, and the records beside them.</summary>
    public void Empty() => _loads.Empty(lazily: false);

    /// <summary>
    /// Adds what the file holds to what there is; null, or what is wrong. A key or record that is there already is replaced, or else a
    /// mistake.
    /// </summary>
    public string? Load(bool replacesKeys)
    {
        var options = new RdbLoadOptions(
            _tools.Clock.UnixMs, _tools.Codecs, KeepsDueKeys: _startup.KeepsDueKeys(),
            IsChecked: _settings.RdbChecksum.Value, ReplacesKeys: replacesKeys);
        int result = _loads.Open(_saver.FilePath, options, out RdbLoader? loader);
        return loader is null ? $"{_saver.FilePath} cannot be opened: {Errno.Text(-result)}" : Finish(loader);
    }

    /// <summary>Puts what the log holds in the place of what there is; null, or what is wrong.</summary>
    public string? LoadLog()
    {
        if (!Log.Finish())
        {
            return "the end of the append only log cannot be written";
        }
        string? problem = null;
        Log.RunUnlogged(() =>
        {
            Empty();
            problem = Finish(_startup.OpenLog());
        });
        return problem;
    }

    private string? Finish(ILoader loader)
    {
        if (_loads.LoadNow(loader, _loads.Live) is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"Error loading the DB: {problem}.");
            return problem;
        }
        return null;
    }
}
