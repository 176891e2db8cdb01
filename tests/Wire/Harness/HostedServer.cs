using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Modules;
using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A whole server within this process: it starts in milliseconds, where a process of its own compiles itself anew each time. Disposing
/// stops it without saving.
/// </summary>
internal sealed class HostedServer : IDisposable
{
    private readonly TempFolder _folder;
    private readonly ServerLog _log;
    private bool _isStarted;

    /// <summary>
    /// Opens its addresses; it loads and serves from <see cref="Run"/> on. Arguments are those of the command line; what else it is given
    /// may be changed before it is made.
    /// </summary>
    public HostedServer(
        TempFolder folder, IDisk disk, IClock clock, string[] arguments, Action<ServerOptions>? change = null,
        params IReadOnlyList<Module> modules)
    {
        _folder = folder;
        ServerOptions options = new(modules) { Transport = Transport.Sockets, Disk = disk, Clock = clock };
        if (options.Load(StartOptions.Parse(arguments), Stream.Null) is { } error)
        {
            throw new ArgumentException(error.Report(""), nameof(arguments));
        }
        LogLevel threshold = options.Settings.Get<LoggingSettings>().LogLevel.Value;
        options.Log = _log = new ServerLog(clock, folder.File("log")) { Threshold = threshold };
        change?.Invoke(options);
        Server = ServerInstance.Create(options);
        try
        {
            Server.Listen();
        }
        catch (ServerStartException failure)
        {
            Problem = failure.Message;
        }
    }

    public ServerInstance Server { get; }

    /// <summary>Why an address cannot be had, or null.</summary>
    public string? Problem { get; }

    /// <summary>What it told about itself.</summary>
    public string Log => File.Exists(_folder.File("log")) ? File.ReadAllText(_folder.File("log")) : "";

    /// <summary>It ended by itself.</summary>
    public bool HasEnded => Server.Completion.IsCompleted;

    public void Run()
    {
        _isStarted = true;
        Server.Start();
    }

    public void Dispose()
    {
        Server.Stop();
        if (_isStarted)
        {
            Assert.True(((IAsyncResult)Server.Completion).AsyncWaitHandle.WaitOne(RespConnection.PatienceMs), $"it does not stop:\n{Log}");
        }
        Server.Dispose();
        _log.Dispose();
        Assert.Null(Server.Completion.Exception);
    }
}
