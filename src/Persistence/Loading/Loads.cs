using System.Diagnostics;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// The load under way, of which there is at most one, whoever began it: it goes on in slices between the rounds of the loop, so that
/// clients are told how far it is. Everything is called by whoever holds the execution lock.
/// <code>
///   source ── ILoader, in slices ── destination        at its end: complete, failed and why, or cancelled
/// </code>
/// </summary>
public sealed class Loads(Databases databases, AccessClock access, DataState state, ChangeFeed changes, SavingTools tools) : IDisposable
{
    private const string Cancelled = "it was cancelled";
    private const double GuessedPercentMax = 99.99;

    private Running? _running;
    private long _startedUs;

    /// <summary>One is under way.</summary>
    public bool IsRunning => _running is not null;

    /// <summary>One is under way, and clients must wait for it.</summary>
    public bool HoldsClients => _running?.Destination.HoldsClients == true;

    /// <summary>One is under way, and the bytes have not come yet that it needs next.</summary>
    public bool IsStarved => _running?.Loader.IsStarved == true;

    /// <summary>Unix seconds when the last one began.</summary>
    public long StartedUnixSeconds { get; private set; }

    /// <summary>Bytes to be loaded; 0 if that is not known.</summary>
    public long BytesTotal => _running?.Loader.BytesTotal ?? 0;

    public long BytesRead => _running?.Loader.BytesRead ?? 0;

    /// <summary>
    /// Bytes to be loaded, or as good a guess as there is where that is not known: the memory that the data took where it comes from.
    /// </summary>
    public long BytesExpected => BytesTotal > 0 ? BytesTotal : Facts.UsedBytes;

    /// <summary>How much of it is loaded, in percent; all of it only where it is known how much that is.</summary>
    public double Percent => BytesExpected == 0
        ? 0
        : Math.Min(100.0 * BytesRead / BytesExpected, BytesTotal > 0 ? 100 : GuessedPercentMax);

    /// <summary>The facts of the load under way, or of the last one.</summary>
    public LoadFacts Facts { get; private set; } = new();

    /// <summary>Seconds until it is over, as far as one can tell.</summary>
    public long SecondsLeft => BytesRead == 0 ? 1 : (long)(Seconds * Math.Max(BytesExpected - BytesRead, 0) / BytesRead);

    /// <summary>The databases in use.</summary>
    internal ILoadDestination Live { get; } = new LiveDestination(databases, tools.Records, state);

    /// <summary>Told how long ago keys were used.</summary>
    internal AccessClock Access => access;

    /// <summary>How long the last one has taken so far.</summary>
    internal double Seconds => (tools.Clock.MonotonicUs - _startedUs) / 1e6;

    /// <summary>Goes on until <paramref name="isPaused"/>; true where it wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        if (_running is not { } running)
        {
            return false;
        }
        if (running.Loader.Run(isPaused))
        {
            End(running, running.Loader.Problem);
            return false;
        }
        running.Progress.Report(running.Loader.BytesRead, tools.Clock.MonotonicUs);
        return !running.Loader.IsStarved;
    }

    /// <summary>Ends what is under way; whoever began it is told.</summary>
    public void Cancel()
    {
        if (_running is { } running)
        {
            End(running, Cancelled);
        }
    }

    /// <summary>Ends the work on what is under way, and tells nobody: the server is over.</summary>
    public void Dispose()
    {
        _running?.Loader.Dispose();
        _running = null;
    }

    /// <summary>Begins one. There must be none.</summary>
    /// <param name="loader">Brings the content to the destination's databases; is disposed of at the end.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="ended">Told at the end: null, or what was wrong.</param>
    internal void Begin(ILoader loader, ILoadDestination destination, Action<string?> ended)
    {
        Debug.Assert(!IsRunning, "One load at a time.");
        StartedUnixSeconds = tools.Clock.UnixMs / 1000;
        _startedUs = tools.Clock.MonotonicUs;
        Facts = loader.Facts;
        _running = new Running(loader, destination, ended, new Progress(tools.Log, "Loading", "bytes", loader.BytesTotal, _startedUs));
        destination.Begin();
    }

    /// <summary>Opens a snapshot file for the databases in use; a negative errno value, and no loader, if it cannot be opened.</summary>
    internal int Open(string path, RdbLoadOptions options, out RdbLoader? loader)
    {
        int result = tools.Disk.Open(path, out IDiskFile? file);
        loader = result < 0
            ? null
            : new RdbLoader(new FileSource(file!, path), databases, access, options with { Records = tools.Records });
        return result;
    }

    /// <summary>Removes all keys of the databases in use, and the records beside them.</summary>
    internal void Empty(bool lazily)
    {
        foreach (Database database in databases.InOrder())
        {
            databases.Flush(database, lazily);
        }
        tools.Records.Clear();
    }

    /// <summary>Databases for what is to take the place of all data, once it is complete.</summary>
    /// <param name="holdsClients">The old data is of no use meanwhile: clients wait.</param>
    /// <param name="replacing">Called just before it does.</param>
    internal ILoadDestination MakeAside(bool holdsClients = false, Action? replacing = null) =>
        new AsideDestination(databases, tools.Records, state, changes) { HoldsClients = holdsClients, Replacing = replacing };

    /// <summary>Loads while everybody waits; null, or what was wrong.</summary>
    internal string? LoadNow(ILoader loader, ILoadDestination destination)
    {
        string? problem = null;
        Begin(loader, destination, end => problem = end);
        Run(static () => false);
        Debug.Assert(!IsRunning, "What is loaded at once is there.");
        return problem;
    }

    private void End(Running running, string? problem)
    {
        _running = null;
        running.Loader.Dispose();
        if (problem is null)
        {
            running.Destination.Complete();
        }
        else
        {
            running.Destination.Discard();
        }
        running.Ended(problem);
    }

    private sealed record Running(ILoader Loader, ILoadDestination Destination, Action<string?> Ended, Progress Progress);
}
