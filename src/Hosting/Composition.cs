using Bixbite.Commands;
using Bixbite.Commands.Debugging;
using Bixbite.Commands.Hashes.Shared;
using Bixbite.Configuration;
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
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Platform;
using Bixbite.Types;

namespace Bixbite.Hosting;

/// <summary>
/// Puts the server together, once: what it can do is a list of modules, and around them stands the server itself, which runs requests and
/// has loops and addresses.
/// </summary>
public static class Composition
{
    /// <summary>The settings of every server, and of these modules, which <see cref="StartFacts.Modules"/> then has to name.</summary>
    public static Settings CreateSettings(params ReadOnlySpan<Module> others)
    {
        var settings = new Settings();
        foreach (Module module in (ReadOnlySpan<Module>)[.. ModulesOf(ValueTypes.BuiltIn, SystemDisk.Instance), .. others])
        {
            module.AddSettings(settings);
        }
        return settings;
    }

    /// <summary>A server with these settings (<see cref="CreateSettings"/>), not yet started.</summary>
    public static BixbiteServer Build(Settings settings, StartFacts start)
    {
        var server = new ServerBuilder(settings, start.Clock, start.Log);
        server.Add(start.Identity);
        server.Add(start.Codecs);
        Module[] modules = [.. ModulesOf(start.Codecs.Types, start.Disk), .. start.Modules];
        foreach (Module module in modules)
        {
            module.Add(server);
        }
        foreach (Module module in modules)
        {
            module.Connect(server);
        }
        server.Services.Require(CommandCatalog.Needs);
        RequestsModule.Finish(server, CommandCatalog.Create(server.Services));
        LoopSet loops = BuildLoops(server);
        Connect(start.Crash, server.Get<CommandRunner>(), server.Get<MemoryGauge>());
        server.Get<MemoryGauge>().MarkStartup();
        var lifetime = new Lifetime(
            server.Get<ShutdownSignal>(), server.Get<StartupLoad>(), server.Get<Saver>(), server.Get<ShutdownSave>(),
            server.Get<AofControl>(), server.Get<AofWriter>(), start.Log);
        return new BixbiteServer(
            loops, new Listening(server.Get<NetworkSettings>(), loops.Clients, start.Log), server.Get<CommandTable>(), lifetime,
            [server.Get<SnapshotJobs>(), server.Get<Heap>(), server.Workspace]) { Transport = start.Transport };
    }

    /// <summary>The modules of every server. Each finds the services of those before it.</summary>
    private static Module[] ModulesOf(ValueTypes types, IDisk disk) =>
    [
        new KeyspaceModule(types, KeyspaceModule.RandomSeed()),
        new ObservabilityModule(),
        new SessionsModule(),
        new BlockingModule(),
        new ExecutionModule(),
        new TransactionsModule(),
        new PubSubModule(),
        new ClientTrackingModule(),
        new HashImportModule(),
        new RequestsModule(),
        new ReplicationModule(),
        new AdministrationModule(),
        new NetworkModule(),
        new DebuggingModule(),
        new PersistenceModule(disk),
    ];

    private static LoopSet BuildLoops(ServerBuilder server)
    {
        ClientSettings clients = server.Get<ClientSettings>();
        var admission = new ClientAdmission(
            server.Settings, server.Get<Databases>(), server.Get<SessionTable>(), server.Sessions, server.Get<ServerStatistics>(),
            server.Log, server.Clock);
        clients.OutputBufferLimits.Changed += admission.ApplyOutputLimits;
        server.Get<PubSubBroker>().KindChanged += admission.ApplyOutputLimit;
        Executor executor = server.Get<Executor>();
        Rounds rounds = server.Get<Rounds>();
        ContextFactory contexts = server.Get<ContextFactory>();
        PinnedBlocks pinned = server.Get<ValueContext>().Pinned;
        var cron = new Cron(server);
        var loops = new LoopSet(
            server.Get<NetworkSettings>().IoThreads.Value, server.Clock, number => new LoopDuties(rounds, number == 0 ? cron : null),
            loop => new Gateway(executor, rounds, contexts, admission, pinned, loop));
        loops.ReportTo(server.Get<MemoryGauge>(), server.Get<NetworkStatistics>());
        server.Get<DurabilityLines>().Advanced = loops.Release;
        server.Get<CronAlarm>().Ringing = ms => loops.TickWithin(Cron.TickMsUntil(ms));
        return loops;
    }

    private static void Connect(CrashReport? crash, CommandRunner runner, MemoryGauge memory)
    {
        if (crash is not null)
        {
            crash.CurrentCommand = () => runner.Latest?.ToString();
            crash.UsedMemory = () => memory.UsedBytes;
        }
    }
}
