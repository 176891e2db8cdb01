using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A whole server within this process, on a thread of its own: it starts in milliseconds, where a process of its own compiles itself anew
/// each time. Disposing stops it without saving.
/// </summary>
internal sealed class HostedServer : IDisposable
{
    private readonly TempFolder _folder;
    private readonly ServerLog _log;
    private readonly Thread _thread;
    private Exception? _failure;

    /// <summary>
    /// Opens its addresses and begins to load; it serves from <see cref="Run"/> on. Arguments are those of the command line; what is fixed
    /// at the start may be changed before.
    /// </summary>
    public HostedServer(
        TempFolder folder, IDisk disk, IClock clock, string[] arguments, Func<StartFacts, StartFacts>? change = null)
    {
        _folder = folder;
        Settings settings = Composition.CreateSettings();
        ConfigLoader loader = new(settings, new DiskConfigStore());
        if (loader.Load(StartOptions.Parse(arguments), Stream.Null) is { } error)
        {
            throw new ArgumentException(error.Report(""), nameof(arguments));
        }
        _log = new ServerLog(clock, folder.File("log")) { Threshold = settings.Get<LoggingSettings>().LogLevel.Value };
        StartFacts facts = StartFacts.OfProcess(settings, "", _log, clock) with { Disk = disk };
        Server = Composition.Build(settings, change is null ? facts : change(facts));
        foreach (RenamedCommand renamed in loader.RenamedCommands)
        {
            Assert.Null(Server.Rename(renamed.OldName, renamed.NewName));
        }
        Problem = Server.Start();
        _thread = new Thread(Serve) { IsBackground = true, Name = "server" };
    }

    public BixbiteServer Server { get; }

    /// <summary>Why an address cannot be had, or null.</summary>
    public string? Problem { get; }

    /// <summary>What it told about itself.</summary>
    public string Log => File.Exists(_folder.File("log")) ? File.ReadAllText(_folder.File("log")) : "";

    /// <summary>It ended by itself.</summary>
    public bool HasEnded => !_thread.IsAlive;

    public void Run() => _thread.Start();

    public void Dispose()
    {
        Server.Stop();
        if (Problem is null)
        {
            Assert.True(_thread.Join(RespConnection.PatienceMs), $"the server does not stop:\n{Log}");
        }
        Server.Dispose();
        _log.Dispose();
        Assert.Null(_failure);
    }

    private void Serve()
    {
        try
        {
            Server.Run();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }
}
