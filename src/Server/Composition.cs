using System.Security.Cryptography;
using Bixbite.Commands;
using Bixbite.Commands.Server.Sections;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Logging;
using Bixbite.Engine.Observing;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Settings;
using Bixbite.Engine.Settings.ConfigFiles;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Server;

/// <summary>
/// Puts the server together, once. Everything that is shared is made here and handed to those who need it by their constructors.
/// </summary>
public static class Composition
{
    /// <summary>A server with these settings, not yet started.</summary>
    public static BixbiteServer Build(Settings settings, StartFacts start)
    {
        IClock clock = SystemClock.Instance;
        var heap = new Heap();
        var time = new CommandTime();
        var access = new AccessClock(time);
        var lazyFree = new LazyFree();
        var changes = new ChangeFeed();
        var keyStatistics = new KeyspaceStatistics();
        var values = new ValueContext(heap, RandomSeed());
        var databases = new Databases(settings.Server.Databases.Value, values, access, lazyFree);
        var keys = new KeyAccess(time, access, keyStatistics, changes);
        var memory = new MemoryGauge(heap);
        var eviction = new Eviction(databases, access, keyStatistics, changes, memory, clock);
        var expiry = new ActiveExpiry(databases, keys, keyStatistics, time, clock);
        SettingsWiring.ConnectKeyspace(settings, memory, eviction, access);
        SettingsWiring.ConnectValues(settings, values.Limits);

        var statistics = new ServerStatistics();
        var sessions = new SessionTable();
        var monitors = new MonitorFeed();
        var pause = new PauseGate();
        var blocked = new BlockedSessions(new NativeBuffer(heap, 64));
        var waits = new KeyWaits(blocked, heap, databases.Count, clock);
        changes.Subscribe(waits);
        var slowLog = new SlowLog();
        var latency = new LatencyMonitor();
        var authentication = new Authentication(settings, statistics);
        var network = new NetworkStatistics();
        var rates = new InstantRates(statistics, network);
        var replication = new ReplicationIdentity();
        var shutdown = new ShutdownSignal();
        var info = new InfoSections(
            new ServerSection(start.Identity, settings, access, clock),
            new ClientsSection(sessions, blocked, waits, pause, settings, clock),
            new MemorySection(memory, databases, lazyFree, settings),
            new PersistenceSection(changes, start.Identity),
            new StatsSection(statistics, keyStatistics, network, rates),
            new ReplicationSection(replication),
            new CpuSection(),
            new ModulesSection(),
            new ErrorStatsSection(statistics),
            new ClusterSection(),
            new KeyspaceSection(databases, clock));
        CommandTable table = CommandCatalog.Create(
            info, blocked, pause, changes, replication, start.Identity, shutdown, start.Log, latency, monitors, slowLog, authentication,
            sessions, new ConfigRewrite(settings.Table, new DiskConfigStore()), settings, new SettingsEditor(settings, start.Log), rates,
            memory, network,
            statistics, access, expiry, databases, keyStatistics, lazyFree, heap, clock);

        var recorder = new CommandRecorder(statistics, slowLog, latency, monitors, time, clock);
        SettingsWiring.ConnectObservers(settings, slowLog, latency, recorder);
        var contexts = new ContextFactory(keys, changes, time);
        var waitServer = new WaitServer(waits, contexts.Create(WriterOn(heap)), new RequestBatch(heap), recorder);
        var executor = new Executor(new Admission(table, eviction, pause, settings), recorder, waits, waitServer);
        var doorman = new Doorman(
            settings, databases, sessions, new SessionEnd(sessions, blocked, pause, monitors), statistics, clock);
        settings.Clients.OutputBufferLimits.Changed += doorman.ApplyOutputLimit;
        var services = new GatewayServices(
            new Turn(isShared: settings.Network.IoThreads.Value > 1), executor, new Prefetcher(table), doorman,
            contexts, settings, clock);
        var cron = new Cron(
            services.Turn, new CronKeyspace(databases, expiry, lazyFree), new CronWaits(blocked, pause, waitServer),
            new IdleClients(sessions, settings), new Sampling(rates, memory, clock), clock);
        LoopSet loops = BuildLoops(settings.Network.IoThreads.Value, services, cron, memory, network);
        blocked.DeadlineMovedUp = deadlineMs => loops.TickWithin(Cron.TickMsUntil(deadlineMs - services.NowMs));
        Connect(start.Crash, executor, memory);
        memory.MarkStartup();
        return new BixbiteServer(loops, new Listening(settings, loops.Loops, start.Log), table, shutdown, heap);
    }

    private static void Connect(CrashReport? crash, Executor executor, MemoryGauge memory)
    {
        if (crash is not null)
        {
            crash.CurrentCommand = () => executor.Latest?.ToString();
            crash.UsedMemory = () => memory.UsedBytes;
        }
    }

    private static LoopSet BuildLoops(int count, GatewayServices services, Cron cron, MemoryGauge memory, NetworkStatistics network)
    {
        var loops = new List<EventLoop>();
        var gateways = new List<Gateway>();
        for (int i = 0; i < count; i++)
        {
            var gateway = new Gateway(services, i == 0 ? cron : null);
            var loop = new EventLoop(gateway, services.Clock);
            gateway.Attach(loop);
            memory.AddBuffers(() => loop.Heap.UsedBytes);
            network.AddLoop(() => CountsOf(loop.Statistics));
            loops.Add(loop);
            gateways.Add(gateway);
        }
        return new LoopSet(loops, gateways);
    }

    private static ReplyWriter WriterOn(Heap heap) => new(new NativeBuffer(heap, 64));

    private static NetworkCounts CountsOf(LoopStatistics loop) =>
        new(loop.BytesReceived, loop.BytesSent, loop.Reads, loop.Writes, loop.OutputLimitAborts, loop.Rounds, loop.BusyUs);

    private static ulong RandomSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
