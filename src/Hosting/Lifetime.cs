using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Platform;
using Bixbite.Replication.Primary;

namespace Bixbite.Hosting;

/// <summary>How a server's data begins and ends: it is loaded before anybody uses it, and saved before the process goes.</summary>
internal sealed class Lifetime(
    ShutdownSignal shutdown, StartupLoad startup, Saver saver, GracefulShutdown graceful, AofControl aof, AofWriter aofWriter,
    ServerLog log)
    : IDisposable
{
    private volatile bool _isEnding;

    public ShutdownSignal Shutdown => shutdown;

    /// <summary>A signal has asked for the end, and it was not refused. Any thread.</summary>
    public bool IsEnding => _isEnding;

    /// <summary>Why the data could not be loaded, and so the server ends; null if it could.</summary>
    public string? Problem => startup.Problem;

    /// <summary>The command that takes long, if any.</summary>
    public required LongCommand LongCommand { get; init; }

    /// <summary>Warnings of the configuration, written when the server starts.</summary>
    public IEnumerable<string> Warnings { get; init; } = [];

    /// <summary>The data is there.</summary>
    public event Action Loaded
    {
        add => startup.Loaded += value;
        remove => startup.Loaded -= value;
    }

    /// <summary>Finds what is to be loaded. On the first loop's thread, before it runs.</summary>
    public void Begin()
    {
        foreach (string warning in Warnings)
        {
            log.Write(LogLevel.Warning, warning);
        }
        log.Write(LogLevel.Notice, "Server initialized");
        startup.Begin();
    }

    /// <summary>Others may use the folder of the log.</summary>
    public void Dispose()
    {
        startup.Folder?.Dispose();
        aof.Dispose();
        aofWriter.Dispose();
    }

    /// <summary>A signal asks for the end: <see cref="End"/> follows. Any thread.</summary>
    public void Announce() => _isEnding = true;

    /// <summary>Deletes the file of a snapshot under way, since the process goes without waiting for it. Any thread.</summary>
    public void DropUnfinished() => _ = Files.unlink(saver.TemporaryPath);

    /// <summary>
    /// Does what a signal asks for as soon as no command has done a part of its changes: one that takes long is stopped, or waited for. The
    /// answer is false where the server goes on. On the first loop's thread, with the lock.
    /// </summary>
    public void End(SignalShutdown options, Action<bool> answer, bool onlyIfChanged = false)
    {
        ShutdownSaveWish wish = options.HasFlag(SignalShutdown.Save) ? ShutdownSaveWish.Always
            : options.HasFlag(SignalShutdown.NoSave) ? ShutdownSaveWish.Never
            : onlyIfChanged ? ShutdownSaveWish.IfChanged
            : ShutdownSaveWish.AsConfigured;
        ShutdownRequest request = new(wish, options.HasFlag(SignalShutdown.Force), options.HasFlag(SignalShutdown.Now));
        if (wish == ShutdownSaveWish.Never)
        {
            Begin(request, answer);
            return;
        }
        LongCommand.TryStop();
        LongCommand.WhenOver(() => Begin(request, answer));
    }

    /// <summary>Begins what a signal asks for. On the first loop's thread, with the lock.</summary>
    private void Begin(ShutdownRequest request, Action<bool> answer) => graceful.Begin(
        request,
        ends =>
        {
            _isEnding &= ends;
            answer(ends);
        });
}
