using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Logging;
using Bixbite.Engine.Settings.Kinds;
using Bixbite.Persistence.Saving;

namespace Bixbite.Server;

/// <summary>How a server's data begins and ends: it is loaded before anybody uses it, and saved before the process goes.</summary>
internal sealed class Lifetime(ShutdownSignal shutdown, PersistenceParts persistence, ServerLog log) : IDisposable
{
    public ShutdownSignal Shutdown => shutdown;

    /// <summary>Finds what is to be loaded; <paramref name="ready"/> is called once it is.</summary>
    public void Begin(Action ready)
    {
        log.Write(LogLevel.Notice, "Server initialized");
        persistence.Loading.Loaded += ready;
        persistence.Loading.Begin();
    }

    /// <summary>Others may use the folder of the log.</summary>
    public void Dispose()
    {
        persistence.Loading.Folder?.Dispose();
        persistence.AppendOnly.Dispose();
    }

    /// <summary>What a signal asks for. On the first loop's thread, with the lock.</summary>
    public void End(SignalShutdown options)
    {
        ShutdownSaveWish wish = options.HasFlag(SignalShutdown.Save) ? ShutdownSaveWish.Always
            : options.HasFlag(SignalShutdown.NoSave) ? ShutdownSaveWish.Never
            : ShutdownSaveWish.AsConfigured;
        if (persistence.ShutdownSave.Run(wish, options.HasFlag(SignalShutdown.Force)))
        {
            shutdown.Request();
        }
    }
}
