using Bixbite.Configuration;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Loads the snapshot file or the append only log into a server that runs, while everybody waits: for tests of what a restart would bring
/// back.
/// </summary>
public sealed class Reload
{
    private readonly Saver _saver;
    private readonly Loading _loading;
    private readonly Databases _databases;
    private readonly AccessClock _access;
    private readonly Settings _settings;
    private readonly SavingTools _tools;

    public Reload(
        Saver saver, AofControl log, Loading loading, Databases databases, AccessClock access, Settings settings,
        SavingTools tools)
    {
        _saver = saver;
        Log = log;
        _loading = loading;
        _databases = databases;
        _access = access;
        _settings = settings;
        _tools = tools;
    }

    /// <summary>The log that is loaded.</summary>
    public AofControl Log { get; }

    /// <summary>Saves what there is; null, or what failed.</summary>
    public string? Save() => _saver.SaveNow();

    /// <summary>Removes all keys.</summary>
    public void Empty()
    {
        foreach (Database database in _databases.InOrder())
        {
            _databases.Flush(database, lazily: false);
        }
    }

    /// <summary>
    /// Adds what the file holds to what there is; null, or what is wrong. A key that is there already is replaced, or else a mistake.
    /// </summary>
    public string? Load(bool replacesKeys)
    {
        int result = _tools.Disk.Open(_saver.FilePath, out IDiskFile? file);
        if (result < 0)
        {
            return $"{_saver.FilePath} cannot be opened: {Errno.Text(-result)}";
        }
        var options = new RdbLoadOptions(
            _tools.Clock.UnixMs, _tools.Codecs, IsChecked: _settings.Persistence.RdbChecksum.Value, ReplacesKeys: replacesKeys);
        using var loader = new RdbLoader(file!, _saver.FilePath, _databases, _access, options);
        return Finish(loader);
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
            using AofLoader loader = _loading.OpenLog();
            problem = Finish(loader);
        });
        return problem;
    }

    private string? Finish(ILoader loader)
    {
        loader.Run(static () => false);
        if (loader.Problem is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"Error loading the DB: {problem}.");
        }
        return loader.Problem;
    }
}
