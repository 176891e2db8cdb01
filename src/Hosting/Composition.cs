using System.Text;
using Bixbite.AccessControl;
using Bixbite.AccessControl.Authenticating;
using Bixbite.AccessControl.Sessions;
using Bixbite.Cluster.Storage;
using Bixbite.Commands;
using Bixbite.Commands.Debugging;
using Bixbite.Commands.Hashes.Shared;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Engine.Transactions;
using Bixbite.Hosting.Modules;
using Bixbite.Hosting.Telemetry;
using Bixbite.Http;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Platform;
using Bixbite.Replication;
using Bixbite.Replication.Failover;
using Bixbite.Replication.Following;
using Bixbite.Replication.Migration;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Bixbite.Scripting;
using Bixbite.Tls;
using Bixbite.Types;

namespace Bixbite.Hosting;

/// <summary>
/// Puts the server together, once: what it can do is a list of modules, and around them stands the server itself, which runs requests and
/// has loops and addresses.
/// </summary>
internal static class Composition
{
    private const int RunIdLength = 40;

    /// <summary>The modules of every server. Each finds the services of those before it.</summary>
    public static IReadOnlyList<Module> CreateModules() =>
    [
        new KeyspaceModule(SystemRandom.Number()),
        new ObservabilityModule(),
        new SessionsModule(),
        new BlockingModule(),
        new ExecutionModule(),
        new TransactionsModule(),
        new PubSubModule(),
        new ClusterModule(),
        new SlotStatisticsModule(),
        new AccessControlModule(),
        new ClientTrackingModule(),
        new HashImportModule(),
        new RequestsModule(),
        new AdministrationModule(),
        new TlsModule(),
        new NetworkModule(),
        new HttpModule(),
        new TelemetryModule(),
        new DebuggingModule(),
        new ScriptingModule(),
        new PersistenceModule(),
        new ReplicationModule(),
        new FollowingModule(),
        new FailoverModule(),
    ];

    /// <summary>The settings of every server, and of these modules.</summary>
    public static Settings CreateSettings(params IReadOnlyList<Module> others) => SettingsOf([.. CreateModules(), .. others]);

    /// <summary>The settings that these modules declare.</summary>
    public static Settings SettingsOf(IReadOnlyList<Module> modules)
    {
        var settings = new Settings();
        foreach (Module module in modules)
        {
            module.AddSettings(settings);
        }
        return settings;
    }

    /// <summary>A server as these options have it, not yet started.</summary>
    public static ServerInstance Build(ServerOptions options)
    {
        ServerLog log = options.Log ?? LogOf(options);
        var server = new ServerBuilder(options.Settings, options.Clock, log);
        try
        {
            return Build(options, server);
        }
        catch (Exception failure)
        {
            GiveBack(options, server);
            if (failure is IOException)
            {
                throw new ServerStartException($"{failure.Message}: raise 'ulimit -n', or keep fewer files, connections and servers.");
            }
            throw;
        }
    }

    private static ServerInstance Build(ServerOptions options, ServerBuilder server)
    {
        ServerLog log = server.Log;
        server.Add(IdentityOf(options));
        server.Add(options.Codecs);
        server.Add(options.Codecs.Types);
        server.Add(options.Disk);
        foreach (Module module in options.Modules)
        {
            module.Add(server);
        }
        foreach (Module module in options.Modules)
        {
            module.Connect(server);
        }
        server.Services.Require(CommandCatalog.Needs);
        RequestsModule.Finish(server, CommandCatalog.Create(server.Services));
        Rename(server.Get<CommandTable>(), options.RenamedCommands);
        if (AccessControlModule.Load(server, options.UserLines) is { } error)
        {
            throw new ServerStartException($"{error.Reason}: correct the users, or leave them out.", error);
        }
        LoggingSettings logging = server.Get<LoggingSettings>();
        logging.LogLevel.Changed += () => log.Threshold = logging.LogLevel.Value;
        PrepareOutgoingTls(server);
        LoopSet loops = BuildLoops(server);
        Connect(options.Crash, server.Get<CommandRunner>(), server.Get<MemoryGauge>());
        server.Get<MemoryGauge>().MarkStartup();
        var lifetime = new Lifetime(
            server.Get<ShutdownSignal>(), server.Get<StartupLoad>(), server.Get<Saver>(), server.Get<GracefulShutdown>(),
            server.Get<AofControl>(), server.Get<AofWriter>(), log)
        {
            LongCommand = server.Get<LongCommand>(), Warnings = options.Warnings,
        };
        List<IDisposable> owned =
        [
            server.Get<Cron>(), server.Get<Loads>(), server.Get<Follower>(), server.Get<SnapshotJobs>(), server.Get<ReplicationStream>(),
            server.Get<Heap>(), server.Workspace,
        ];
        if (server.Services.Find<ClusterFile>() is { } clusterFile)
        {
            owned.Add(clusterFile);
        }
        if (options.Log is null)
        {
            owned.Add(log);
        }
        HttpSettings http = server.Get<HttpSettings>();
        var descriptors = new DescriptorLimit(server.Get<ClientSettings>(), log)
        {
            HandshakeCount = !AcceptsTls(server) ? 0 : loops.Loops.Count * EventLoop.HandshakesMax,
            OtherCount = http.Port.Value == 0 ? 0 : http.ConnectionsMax.Value,
        };
        NetworkSettings network = server.Get<NetworkSettings>();
        var reachability = new Reachability(network, server.Get<TlsSettings>(), http, server.Get<Authentication>());
        var listening = new Listening(network, descriptors, PortsOf(server, loops), reachability, log)
        {
            HasFreePort = options.Transport == Transport.SocketsOnFreePort,
        };
        return new ServerInstance(loops, listening, lifetime, options.Transport, server.Role, [.. owned]) { Info = server.Info };
    }

    private static bool AcceptsTls(ServerBuilder server) => server.Get<TlsSettings>() is var tls
        && (tls.Port.Value != 0 || (tls.Http.Value && server.Get<HttpSettings>().Port.Value != 0));

    /// <summary>Where no port is served with TLS, connections to others may need it.</summary>
    private static void PrepareOutgoingTls(ServerBuilder server)
    {
        if (server.Get<TlsSettings>().Port.Value == 0 && server.Get<TlsCertificates>().Prepare() is { } problem)
        {
            throw new ServerStartException(
                $"TLS cannot be used: {problem}. Correct it, or switch 'tls-replication', 'tls-cluster' and 'tls-http' off.");
        }
    }

    /// <summary>Gives back all that was made of a server that there will not be.</summary>
    private static void GiveBack(ServerOptions options, ServerBuilder server)
    {
        server.Services.Find<Cron>()?.Dispose();
        server.Services.Find<AofControl>()?.Dispose();
        server.Services.Find<AofWriter>()?.Dispose();
        server.Services.Find<SnapshotJobs>()?.Dispose();
        server.Services.Find<ReplicationStream>()?.Dispose();
        server.Services.Find<ClusterFile>()?.Dispose();
        server.Services.Find<Heap>()?.Dispose();
        server.Workspace.Dispose();
        if (options.Log is null)
        {
            server.Log.Dispose();
        }
    }

    /// <summary>The log that the settings name, or one that nobody reads.</summary>
    private static ServerLog LogOf(ServerOptions options)
    {
        LoggingSettings settings = options.Settings.Get<LoggingSettings>();
        return settings.LogFile.Value.Length == 0
            ? new ServerLog(options.Clock, static (_, _) => { })
            : new ServerLog(options.Clock, settings.LogFile.Value) { Threshold = settings.LogLevel.Value };
    }

    private static ServerIdentity IdentityOf(ServerOptions options) => new(
        SystemRandom.Hex(RunIdLength),
        Environment.ProcessPath ?? "bixbite-server",
        options.ConfigPath,
        options.Clock.MonotonicUs,
        options.Settings.Get<NetworkSettings>().Port.Value)
    {
        Supervisor = options.Supervisor,
    };

    private static void Rename(CommandTable table, IReadOnlyList<RenamedCommand> commands)
    {
        foreach (RenamedCommand command in commands)
        {
            string? reason = table.Rename(Encoding.UTF8.GetBytes(command.OldName), Encoding.UTF8.GetBytes(command.NewName)) switch
            {
                RenameResult.NoSuchCommand => "No such command in rename-command",
                RenameResult.NameTaken => "Target command name already exists",
                _ => null,
            };
            if (reason is not null)
            {
                throw new ServerStartException(
                    $"{reason}: rename '{command.OldName}' to another name than '{command.NewName}', or not at all.",
                    new ConfigError(command.Place, reason));
            }
        }
    }

    private static LoopSet BuildLoops(ServerBuilder server)
    {
        ClientSettings clients = server.Get<ClientSettings>();
        var limits = new ClientLimits(
            server.Get<NetworkSettings>(), clients, server.Get<ProtocolSettings>(), server.Get<ReplicationSettings>(),
            server.Get<Authentication>());
        var admission = new ClientAdmission(
            limits, new ClientLog(server.Log, server.Sessions.Text, server.Clock), server.Get<Databases>(), server.Get<SessionTable>(),
            server.Sessions, server.Get<ServerStatistics>(), server.Clock)
        {
            Certificates = server.Get<CertificateLogin>(), Users = server.Get<SessionUsers>(),
        };
        clients.OutputBufferLimits.Changed += admission.ApplyOutputLimits;
        server.Get<PubSubBroker>().KindChanged += admission.ApplyOutputLimit;
        server.Get<Replicas>().Joined = admission.ApplyOutputLimit;
        server.Get<ReplicationSettings>().BacklogSize.Changed += admission.ApplyOutputLimits;
        Executor executor = server.Get<Executor>();
        Rounds rounds = server.Get<Rounds>();
        ContextFactory contexts = server.Get<ContextFactory>();
        PinnedBlocks pinned = server.Get<ValueContext>().Pinned;
        RequestTraces traces = server.Get<RequestTraces>();
        Cron cron = server.Add(new Cron(server));
        NetworkSettings network = server.Get<NetworkSettings>();
        var loops = new LoopSet(
            network.IoThreads.Value, network.Transport, server.Clock, number => new LoopDuties(rounds, number == 0 ? cron : null),
            loop => new Gateway(executor, rounds, contexts, admission, pinned, traces, loop));
        server.Get<Endpoints>().Clients = loops.Clients;
        TlsSettings tls = server.Get<TlsSettings>();
        ServerBuilder.Follow(tls.HandshakeTimeoutSeconds, () => loops.LimitHandshakes(tls.HandshakeTimeoutSeconds.Value * 1000));
        loops.ReportTo(server.Get<MemoryGauge>(), server.Get<NetworkStatistics>());
        server.Get<DurabilityLines>().Advanced = loops.Release;
        Follower follower = server.Get<Follower>();
        var peers = new PeerLinks(loops.Loops[0], tls, server.Get<TlsCertificates>());
        follower.Links = peers;
        follower.Port = () => tls.Port.Value != 0 && (tls.Replication.Value || network.Port.Value == 0)
            ? tls.Port.Value
            : network.Port.Value;
        server.Get<Migrations>().Links = peers;
        server.Get<CronAlarm>().Ringing = ms => loops.TickWithin(Cron.TickMsUntil(ms));
        return loops;
    }

    private static IEnumerable<ServedPort> PortsOf(ServerBuilder server, LoopSet loops) =>
    [
        new ServedPort(server.Get<NetworkSettings>().Port, loops.Clients),
        new ServedPort(server.Get<TlsSettings>().Port, loops.Clients)
        {
            Wrap = server.Get<TlsAcceptor>().Wrap, Prepare = server.Get<TlsCertificates>().Prepare,
        },
        .. server.Get<Endpoints>().All.Select(endpoint => new ServedPort(endpoint.Port, loops.Serve(endpoint.CreateHandler))
        {
            Bind = endpoint.Bind,
            Wrap = endpoint.IsEncrypted ? server.Get<TlsAcceptor>().Wrap : null,
            Prepare = endpoint.IsEncrypted ? server.Get<TlsCertificates>().Prepare : null,
        }),
    ];

    private static void Connect(CrashReport? crash, CommandRunner runner, MemoryGauge memory)
    {
        if (crash is not null)
        {
            crash.CurrentCommand = () => runner.Latest?.ToString();
            crash.UsedMemory = () => memory.UsedBytes;
        }
    }
}
