using Bixbite.Engine.Logging;
using Bixbite.Engine.Settings;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>Loads the snapshot file into a server that runs, while everybody waits: for tests of what a restart would bring back.</summary>
public sealed class Reload(Saver saver, Databases databases, AccessClock access, Settings settings, SavingTools tools)
{
    /// <summary>Saves what there is; null, or what failed.</summary>
    public string? Save() => saver.SaveNow();

    /// <summary>Removes all keys.</summary>
    public void Empty()
    {
        foreach (Database database in databases.All)
        {
            databases.Flush(database, lazily: false);
        }
    }

    /// <summary>
    /// Adds what the file holds to what there is; null, or what is wrong. A key that is there already is replaced, or else a mistake.
    /// </summary>
    public string? Load(bool replacesKeys)
    {
        int result = tools.Disk.Open(saver.FilePath, out IDiskFile? file);
        if (result < 0)
        {
            return $"{saver.FilePath} cannot be opened: {Errno.Text(-result)}";
        }
        var options = new RdbLoadOptions(tools.Clock.UnixMs, IsChecked: settings.Persistence.RdbChecksum.Value, ReplacesKeys: replacesKeys);
        using var loader = new RdbLoader(file!, saver.FilePath, databases, access, options);
        loader.Run(static () => false);
        if (loader.Problem is { } problem)
        {
            tools.Log.Write(LogLevel.Warning, $"Error loading the DB: {problem}.");
        }
        return loader.Problem;
    }
}
