using Bixbite.Commands;
using Bixbite.Commands.Debugging;
using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>
/// Puts the server together, once. Everything that is shared is made here and handed to those who need it by their constructors.
/// </summary>
public static class Composition
{
    /// <summary>A server with these settings, not yet started.</summary>
    public static BixbiteServer Build(Settings settings, StartFacts start)
    {
        IClock clock = start.Clock;
        var raised = new RaisedConcerns();
        var keyspace = new KeyspaceParts(settings, start.Types, raised, clock);
        var observers = new ObservabilityParts(settings, keyspace.Time, clock);
        var sessions = new ClientParts(settings, raised, keyspace, observers, clock);
        var replication = new ReplicationIdentity();
        var shutdown = new ShutdownSignal();
        var persistence = new PersistenceParts(settings, start, raised, keyspace, sessions.Blocked, clock);
        var cronSwitch = new CronSwitch();
        CommandTable table = CommandCatalog.Create(
            Services(settings, start, keyspace, persistence, observers, sessions, replication, shutdown, cronSwitch));

        var contexts = new ContextFactory(
            keyspace.Keys, keyspace.Changes, keyspace.Time, keyspace.Propagator.Effects, sessions.Blocked,
            sessions.Parts.Slot<UnfinishedReply>());
        var readyKeys = new ReadyKeyDispatcher(
            sessions.Waits, contexts.Create(WriterOn(keyspace.Workspace)), new RequestBatch(keyspace.Workspace), sessions.Runner,
            observers.Recorder, sessions.Tracking);
        GateList gates = ServerGates.Create(
            table, raised, sessions.Transactions, settings, keyspace.Memory, keyspace.Eviction, sessions.Pause, persistence.State);
        var executor = new Executor(
            new Prefetcher(table), new Admission(table, gates),
            sessions.Transactions, sessions.Runner, observers.Recorder, readyKeys, sessions.Tracking);
        var admission = new ClientAdmission(
            settings, keyspace.Databases, sessions.Sessions, sessions.Parts, observers.Statistics, start.Log, clock);
        settings.Clients.OutputBufferLimits.Changed += admission.ApplyOutputLimits;
        sessions.PubSub.KindChanged += admission.ApplyOutputLimit;
        persistence.Loading.Replay = new AofReplay(
            executor, contexts.Create(WriterOn(keyspace.Workspace)), keyspace.Databases, sessions.Transactions, start.Log,
            keyspace.Workspace);
        var clientEviction = new ClientEviction(
            sessions.Sessions, sessions.Parts.Text, keyspace.Memory, observers.Statistics, start.Log, clock);
        SettingsWiring.ConnectClientEviction(settings, clientEviction);
        var services = new GatewayServices(
            executor, admission, clientEviction, contexts, persistence.Log, settings, clock, keyspace.Values.Pinned);
        var cron = new Cron(
            cronSwitch,
            new CronKeyspace(
                keyspace.Databases, keyspace.Expiry, keyspace.Eviction, keyspace.LazyFree, keyspace.Defragmentation,
                keyspace.FreedPages),
            new CronFiles(
                persistence.Loading, persistence.Saver, persistence.Work, persistence.Aof, observers.Statistics, shutdown, clock),
            new CronWaits(sessions.Blocked, sessions.Pause, sessions.Removal, executor),
            new CronClients(new IdleClients(sessions.Sessions, settings, start.Log), clientEviction),
            new Sampling(observers.Rates, keyspace.Memory, observers.Statistics, clock),
            clock);
        LoopSet loops = BuildLoops(settings.Network.IoThreads.Value, services, cron, keyspace.Memory, observers.Network);
        persistence.Connect(loops);
        sessions.Blocked.DeadlineMovedUp = deadlineMs => loops.TickWithin(Cron.TickMsUntil(deadlineMs - services.NowMs));
        Connect(start.Crash, sessions.Runner, keyspace.Memory);
        keyspace.Memory.AofBuffer = () => persistence.Log.BufferSize;
        keyspace.Memory.MarkStartup();
        return new BixbiteServer(
            loops, new Listening(settings, loops.Loops, start.Log), table, new Lifetime(shutdown, persistence, start.Log),
            [persistence.Work, keyspace.Heap, keyspace.Workspace]);
    }

    /// <summary>What the commands ask for.</summary>
    private static CommandServices Services(
        Settings settings, StartFacts start, KeyspaceParts keyspace, PersistenceParts persistence, ObservabilityParts observers,
        ClientParts sessions, ReplicationIdentity replication, ShutdownSignal shutdown, CronSwitch cronSwitch)
    {
        var checks = new PayloadChecks();
        return new CommandServices
        {
            DebugSubjects = new DebugSubjects(keyspace.Databases, keyspace.Access, keyspace.Values, start.Codecs, checks, cronSwitch),
            InfoSections = Sections(settings, start, keyspace, persistence, observers, sessions, replication),
            ConfigRewrite = new ConfigRewrite(settings.Table, new DiskConfigStore()),
            Settings = settings,
            SettingsEditor = new SettingsEditor(settings, start.Log),
            IClock = start.Clock,
            ServerLog = start.Log,
            ServerIdentity = start.Identity,
            ReplicationIdentity = replication,
            ShutdownSignal = shutdown,
            PayloadChecks = checks,
            ValueCodecs = start.Codecs,
            Databases = keyspace.Databases,
            KeyspaceStatistics = keyspace.Statistics,
            ActiveExpiry = keyspace.Expiry,
            AccessClock = keyspace.Access,
            ChangeFeed = keyspace.Changes,
            ValueContext = keyspace.Values,
            Heap = keyspace.Heap,
            MemoryGauge = keyspace.Memory,
            SessionTable = sessions.Sessions,
            SessionParts = sessions.Parts,
            FieldsetClients = sessions.Fieldsets,
            Authentication = sessions.Authentication,
            BlockedSessions = sessions.Blocked,
            KeyWaits = sessions.Waits,
            PauseGate = sessions.Pause,
            PubSubBroker = sessions.PubSub,
            KeyTracking = sessions.Tracking,
            TransactionQueue = sessions.Transactions,
            TransactionRunner = sessions.TransactionRunner,
            WatchedKeys = sessions.Watches,
            InstantRates = observers.Rates,
            NetworkStatistics = observers.Network,
            ServerStatistics = observers.Statistics,
            LatencyMonitor = observers.Latency,
            MonitorClients = observers.Monitors,
            SlowLog = observers.SlowLog,
            DataState = persistence.State,
            AofControl = persistence.Aof,
            AofRewrite = persistence.Rewrite,
            DurabilityWaits = persistence.Waits,
            Saver = persistence.Saver,
            ShutdownSave = persistence.ShutdownSave,
            SnapshotWork = persistence.Work,
            Reload = persistence.Reload,
        };
    }

    private static InfoSections Sections(
        Settings settings, StartFacts start, KeyspaceParts keyspace, PersistenceParts persistence, ObservabilityParts observers,
        ClientParts sessions, ReplicationIdentity replication)
    {
        IClock clock = start.Clock;
        return new InfoSections(
            new ServerSection(start.Identity, settings, keyspace.Access, clock),
            new ClientsSection(
                new ClientFacts(sessions.Sessions, sessions.Blocked, sessions.Waits, sessions.Watches, sessions.PubSub, sessions.Tracking),
                sessions.Pause, settings, clock),
            new MemorySection(keyspace.Memory, keyspace.Databases, keyspace.LazyFree, keyspace.Defragmentation, settings),
            new PersistenceSection(persistence.Facts),
            new StatsSection(
                observers.Statistics, keyspace.Statistics, observers.Network, observers.Rates, sessions.PubSub, sessions.Tracking,
                keyspace.Defragmentation),
            new ReplicationSection(replication),
            new CpuSection(),
            new ModulesSection(),
            new ErrorStatsSection(observers.Statistics),
            new ClusterSection(),
            new KeyspaceSection(keyspace.Databases, clock),
            new DebugSection(observers.Statistics, observers.Network, persistence.Log));
    }

    private static void Connect(CrashReport? crash, CommandRunner runner, MemoryGauge memory)
    {
        if (crash is not null)
        {
            crash.CurrentCommand = () => runner.Latest?.ToString();
            crash.UsedMemory = () => memory.UsedBytes;
        }
    }

    private static LoopSet BuildLoops(int count, GatewayServices services, Cron cron, MemoryGauge memory, NetworkStatistics network)
    {
        var loops = new List<EventLoop>();
        var gateways = new List<Gateway>();
        var executionLock = new ExecutionLock(isShared: count > 1);
        memory.AddWorkspace(() => executionLock.Heap.UsedBytes);
        memory.ExcusingSet = isOn => executionLock.IsExcusing = isOn;
        for (int i = 0; i < count; i++)
        {
            var gateway = new Gateway(services, i == 0 ? cron : null);
            var loop = new EventLoop(_ => gateway, services.Clock, executionLock);
            gateway.Attach(loop);
            memory.AddClients(() => loop.Heap.UsedBytes);
            memory.AddExcused(() => loop.ExcusedBytes);
            memory.AddWorkspace(() => loop.Workspace.UsedBytes);
            network.AddLoop(CountsOf(loop.Statistics));
            loops.Add(loop);
            gateways.Add(gateway);
        }
        return new LoopSet(loops, gateways);
    }

    private static ReplyWriter WriterOn(Heap heap) => new(new NativeBuffer(heap, 64));

    private static LoopCounts CountsOf(LoopStatistics loop) => new(
        () => new(loop.BytesReceived, loop.BytesSent, loop.Reads, loop.Writes, loop.OutputLimitAborts, loop.Rounds, loop.BusyUs),
        () => loop.LongestRoundUs,
        loop.ForgetLongestRound);
}
