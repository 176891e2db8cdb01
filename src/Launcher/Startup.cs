using System.Globalization;
using System.Runtime.InteropServices;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;
using Bixbite.Hosting.Modules;
using Bixbite.Hosting.Telemetry;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Launcher.Supervision;

namespace Bixbite.Launcher;

/// <summary>
/// The program around a server: its command line, its banner, the signals and files of its process. The server itself is
/// <see cref="ServerInstance"/>.
/// </summary>
internal sealed class Startup
{
    private readonly Heartbeat _heartbeat = new();
    private readonly ServerOptions _options;
    private readonly StartOptions _commandLine;
    private readonly ServerSettings _settings;
    private readonly NetworkSettings _network;
    private readonly StartExport? _startExport;

    public Startup(StartOptions commandLine, StartExport? startExport)
    {
        _commandLine = commandLine;
        _startExport = startExport;
        _options = new ServerOptions(_heartbeat) { Transport = Transport.Sockets };
        _settings = _options.Settings.Get<ServerSettings>();
        _network = _options.Settings.Get<NetworkSettings>();
    }

    /// <summary>Runs the server until it is told to stop; returns the process' exit code.</summary>
    public int Run()
    {
        // Before the runtime has a handler of its own for it, which it installs once, as soon as it writes to a console.
        Signals.Restore(Signals.SIGINT);
        if (Load() is { } error)
        {
            return Refuse(error);
        }
        LoggingSettings logging = _options.Settings.Get<LoggingSettings>();
        using var log = new ServerLog(SystemClock.Instance, logging.LogFile.Value) { Threshold = logging.LogLevel.Value };
        var crash = new CrashReport(log, SystemClock.Instance, ServerIdentity.Version) { IsOn = logging.CrashLogEnabled.Value };
        logging.CrashLogEnabled.Changed += () => crash.IsOn = logging.CrashLogEnabled.Value;
        crash.Install();
        _options.Log = log;
        _options.Crash = crash;
        _options.Supervisor = Supervisors.Find(_settings.Supervised.Value, log);
        _network.PrepareProcess();
        try
        {
            using ServerInstance server = ServerInstance.Create(_options);
            Banner.Show(log, _network);
            return Serve(server, log);
        }
        catch (ServerStartException failure) when (failure.Line is { } line)
        {
            return Refuse(line);
        }
        catch (ServerStartException failure)
        {
            log.Write(LogLevel.Warning, failure.Message);
            log.Write(LogLevel.Warning, "Failed listening, aborting.");
            return 1;
        }
    }

    /// <summary>Says whether a server could be made of the configuration, and returns the process' exit code: 0 if it could.</summary>
    public int Check()
    {
        if (Load() is { } error)
        {
            return Refuse(error);
        }
        using var log = new ServerLog(SystemClock.Instance, (_, text) => Console.Error.WriteLine(text));
        _options.Log = log;
        try
        {
            using ServerInstance server = ServerInstance.Create(_options);
        }
        catch (ServerStartException failure)
        {
            Console.Error.WriteLine(failure.Line?.Report(ServerIdentity.Version) ?? failure.Message);
            return 1;
        }
        Console.WriteLine("The configuration is right.");
        return 0;
    }

    /// <summary>Reads the settings, and looks whether this program can do what they say; null, or what is wrong.</summary>
    private ConfigError? Load()
    {
        if (_options.Load(_commandLine, Console.OpenStandardInput()) is { } error)
        {
            return error;
        }
        return _startExport is null && _options.Settings.Get<TelemetrySettings>().Endpoint.IsSet
            ? new ConfigError(default, "'otlp-endpoint' is set, and this program cannot send there: start bixbite-server-otlp instead.")
            : null;
    }

    /// <summary>Shows what is wrong in the configuration, and returns the exit code.</summary>
    private static int Refuse(ConfigError error)
    {
        Console.Error.Write(error.Report(ServerIdentity.Version));
        return 1;
    }

    private int Serve(ServerInstance server, ServerLog log)
    {
        MachineSettings machine = _options.Settings.Get<MachineSettings>();
        var oomScore = new OomScore(machine, log) { IsReplica = () => server.IsReplica };
        server.RoleChanged += () => _ = oomScore.Apply();
        machine.OomScoreAdj.Apply = machine.OomScoreAdjValues.Apply = oomScore.Apply;
        _ = oomScore.Apply();
        server.Listen();
        Signals.Ignore(Signals.SIGHUP);
        Signals.Ignore(Signals.SIGXFSZ);
        using PosixSignalRegistration alarm = OfSystem(server, log);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, "SIGTERM", _settings.ShutdownOnSigterm, server, log);
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, "SIGINT", _settings.ShutdownOnSigint, server, log);
        WritePidFile(log);
        server.Loaded += () => Banner.ShowReady(log, _network, server.Port, server.TlsPort);
        using SystemdNotices? notices = Supervisors.Tell(_options.Supervisor, server, _heartbeat, log);
        using IDisposable? export = _startExport?.Invoke(server, _options.Settings, log);
        server.Start();
        server.Completion.GetAwaiter().GetResult();
        if (server.ExitCode != 0)
        {
            RemovePidFile();
            return server.ExitCode;
        }
        RemovePidFile();
        log.Write(LogLevel.Notice, "Bixbite is now ready to exit, bye bye...");
        return 0;
    }

    /// <summary>The signal that one kind of system has: an alarm that is only told, or in Windows the end of the console.</summary>
    private PosixSignalRegistration OfSystem(ServerInstance server, ServerLog log)
    {
        if (OperatingSystem.IsWindows())
        {
            return StopOn(PosixSignal.SIGHUP, "the end of the console,", _settings.ShutdownOnSigterm, server, log);
        }
        return PosixSignalRegistration.Create((PosixSignal)Signals.SIGALRM, context =>
        {
            context.Cancel = true;
            log.Write(LogLevel.Warning, "Received SIGALRM");
        });
    }

    private static PosixSignalRegistration StopOn(
        PosixSignal signal, string name, ShutdownSetting options, ServerInstance server, ServerLog log) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (signal == PosixSignal.SIGINT && server.IsTerminating)
            {
                log.Write(LogLevel.Warning, "You insist... exiting now.");
                server.DropUnfinished();
                Environment.Exit(1);
            }
            log.Write(LogLevel.Notice, $"Received {name} scheduling shutdown...");
            server.Terminate(options.Value);
        });

    private void WritePidFile(ServerLog log)
    {
        string path = _settings.PidFile.Value;
        if (path.Length == 0)
        {
            return;
        }
        try
        {
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Write(LogLevel.Warning, $"Failed to write PID file '{path}': {exception.Message}");
        }
    }

    private void RemovePidFile()
    {
        if (_settings.PidFile.Value.Length > 0)
        {
            _ = Files.unlink(_settings.PidFile.Value);
        }
    }
}
