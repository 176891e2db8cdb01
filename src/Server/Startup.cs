using System.Globalization;
using System.Runtime.InteropServices;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Hosting.Modules;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Server;

/// <summary>From the command line to a running server and to its end.</summary>
internal sealed class Startup(Settings settings, StartOptions options)
{
    /// <summary>Descriptors that are not clients: listeners, epoll, logs.</summary>
    private const int ReservedDescriptors = 32;

    private readonly ClientSettings _clients = settings.Get<ClientSettings>();
    private readonly NetworkSettings _network = settings.Get<NetworkSettings>();
    private readonly ServerSettings _server = settings.Get<ServerSettings>();

    /// <summary>Runs the server until it is told to stop; returns the process' exit code.</summary>
    public int Run()
    {
        var loader = new ConfigLoader(settings, new DiskConfigStore());
        if (loader.Load(options, Console.OpenStandardInput()) is { } error)
        {
            Console.Error.Write(error.Report(ServerIdentity.Version));
            return 1;
        }
        LoggingSettings logging = settings.Get<LoggingSettings>();
        using var log = new ServerLog(SystemClock.Instance, logging.LogFile.Value) { Threshold = logging.LogLevel.Value };
        logging.LogLevel.Changed += () => log.Threshold = logging.LogLevel.Value;
        var crash = new CrashReport(log, SystemClock.Instance, ServerIdentity.Version) { IsOn = logging.CrashLogEnabled.Value };
        logging.CrashLogEnabled.Changed += () => crash.IsOn = logging.CrashLogEnabled.Value;
        crash.Install();

        StartFacts facts = StartFacts.OfProcess(settings, options.ConfigPath ?? "", log) with { Crash = crash };
        using BixbiteServer server = Composition.Build(settings, facts);
        foreach (RenamedCommand renamed in loader.RenamedCommands)
        {
            if (server.Rename(renamed.OldName, renamed.NewName) is { } reason)
            {
                Console.Error.Write(new ConfigError(renamed.Place, reason).Report(ServerIdentity.Version));
                return 1;
            }
        }
        Banner.Show(log, _network);
        foreach (string warning in loader.Warnings)
        {
            log.Write(LogLevel.Warning, warning);
        }
        return Serve(server, log);
    }

    private int Serve(BixbiteServer server, ServerLog log)
    {
        RaiseDescriptorLimit(log);
        _clients.MaxClients.Apply = CheckMaxClients;
        MachineSettings machine = settings.Get<MachineSettings>();
        var oomScore = new OomScore(machine, log);
        machine.OomScoreAdj.Apply = machine.OomScoreAdjValues.Apply = oomScore.Apply;
        _ = oomScore.Apply();
        if (server.Start(() => Banner.ShowReady(log, _network, server.Port)) is { } problem)
        {
            log.Write(LogLevel.Warning, problem);
            log.Write(LogLevel.Warning, "Failed listening, aborting: choose another port or address, or stop what listens there.");
            return 1;
        }
        Signals.Restore(Signals.SIGINT);
        Signals.Ignore(Signals.SIGHUP);
        Signals.Ignore(Signals.SIGXFSZ);
        using PosixSignalRegistration alarm = PosixSignalRegistration.Create((PosixSignal)Signals.SIGALRM, context =>
        {
            context.Cancel = true;
            log.Write(LogLevel.Warning, "Received SIGALRM");
        });
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, "SIGTERM", _server.ShutdownOnSigterm, server, log);
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, "SIGINT", _server.ShutdownOnSigint, server, log);
        WritePidFile(log);
        server.Run();
        if (server.ExitCode != 0)
        {
            RemovePidFile();
            return server.ExitCode;
        }
        log.Write(LogLevel.Notice, "User requested shutdown...");
        RemovePidFile();
        log.Write(LogLevel.Notice, "Bixbite is now ready to exit, bye bye...");
        return 0;
    }

    private static PosixSignalRegistration StopOn(
        PosixSignal signal, string name, ShutdownSetting options, BixbiteServer server, ServerLog log) =>
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

    /// <summary>Every client is a descriptor: without enough of them, fewer clients are let in.</summary>
    private void RaiseDescriptorLimit(ServerLog log)
    {
        long wanted = _clients.MaxClients.Value + ReservedDescriptors;
        long limit = ProcessFacts.RaiseOpenFilesLimit(wanted);
        if (limit >= wanted)
        {
            return;
        }
        long fitting = Math.Max(limit - ReservedDescriptors, 1);
        log.Write(
            LogLevel.Warning,
            $"The system allows {limit} open files, too few for maxclients {_clients.MaxClients.Value}: "
                + $"it is lowered to {fitting}. "
                + "Raise 'ulimit -n' to serve more.");
        _clients.MaxClients.Set([fitting.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>For CONFIG SET, which lowers nothing by itself.</summary>
    private string? CheckMaxClients()
    {
        long wanted = _clients.MaxClients.Value + ReservedDescriptors;
        long limit = ProcessFacts.RaiseOpenFilesLimit(wanted);
        return limit >= wanted
            ? null
            : "The operating system is not able to handle the specified number of clients, try with "
                + (limit - ReservedDescriptors).ToString(CultureInfo.InvariantCulture);
    }

    private void WritePidFile(ServerLog log)
    {
        string path = _server.PidFile.Value;
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
        if (_server.PidFile.Value.Length > 0)
        {
            _ = Files.unlink(_server.PidFile.Value);
        }
    }
}
