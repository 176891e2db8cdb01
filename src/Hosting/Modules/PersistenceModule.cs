using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Statistics;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Receiving;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Hosting.Modules;

/// <summary>Saving, the append-only file, and loading.</summary>
internal sealed class PersistenceModule : Module
{
    public override void AddSettings(Settings settings)
    {
        settings.Add(new SnapshotSettings(settings));
        settings.Add(new AofSettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        Databases databases = server.Get<Databases>();
        AccessClock access = server.Get<AccessClock>();
        ChangeFeed changes = server.Get<ChangeFeed>();
        MemoryGauge memory = server.Get<MemoryGauge>();
        AofSettings values = server.Get<AofSettings>();
        SnapshotSettings snapshots = server.Get<SnapshotSettings>();
        DataState state = server.Add(new DataState(server.Raised));
        var tools = new SavingTools(server.Get<IDisk>(), server.Clock, server.Log, memory)
        {
            Codecs = server.Get<ValueCodecs>(),
            Records = server.Records,
        };
        SnapshotJobs jobs = server.Add(new SnapshotJobs(databases, access, snapshots, server.Get<MemorySettings>(), tools));
        server.Add(new SnapshotTransfers(jobs, databases, tools));
        Saver saver = server.Add(new Saver(jobs, changes, state, snapshots, tools));
        Loads loads = server.Add(new Loads(databases, access, state, changes, tools));
        StartupLoad startup = server.Add(new StartupLoad(loads, state, snapshots, values, tools));
        startup.Loaded += saver.NoteLoaded;
        AofWriter log = server.Add(new AofWriter(server.Workspace, values, state, tools));
        AofRewrite rewrite = server.Add(new AofRewrite(log, jobs, databases, values, tools));
        rewrite.MayBegin = () => !server.Raised.Has(Concern.Busy);
        DurabilityWaits waits = server.Add(new DurabilityWaits(log, server.Get<BlockedSessions>()));
        server.AddLine(log.Line);
        server.AddLine(server.Add(new LocalLine(log, state)));
        CronAlarm alarm = server.Get<CronAlarm>();
        log.Synced += () => Tell(alarm, log, waits);
        AofControl aof = server.Add(new AofControl(log, rewrite, waits, jobs, server.Get<Propagator>(), values, tools));
        startup.Completing = () => BeginLog(values, aof, startup);
        server.Add(new Reload(saver, aof, startup, loads, snapshots, tools));
        server.Add(new SnapshotReceiver(loads, saver, aof, values, changes, snapshots, tools));
        server.Add(new ShutdownSave(saver, jobs, aof, state, tools));
        memory.AofBuffer = () => log.BufferSize;
        server.AddGate(new SnapshotGate(snapshots));
        server.AddGate(new AofGate(state));
        server.AddGate(new LoadingGate());
        server.AddGate(new LoadingAsideGate());
        PersistenceFacts.AddTo(server);
        AddReasons(server.Get<Readiness>(), state, snapshots);
    }

    /// <summary>Why requests would be refused, as the gates have it.</summary>
    private static void AddReasons(Readiness readiness, DataState state, SnapshotSettings snapshots)
    {
        readiness.Add(() => state.IsLoading ? "The data is being loaded." : null);
        readiness.Add(() => state.AofErrno == 0
            ? null
            : $"The append-only file cannot be written ({Errno.Text(state.AofErrno)}), so writes are refused.");
        readiness.Add(() => state.HasSnapshotFailed && snapshots.RefusesWritesWithoutSnapshots
            ? "The last snapshot could not be saved, so writes are refused."
            : null);
    }

    public override void Connect(ServerBuilder server)
    {
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 64)));
        server.Get<StartupLoad>().Replay = new AofReplay(
            server.Get<Executor>(), server.Get<Rounds>(), context, server.Get<Databases>(), server.Get<TransactionQueue>(), server.Log,
            server.Workspace);
        var files = new CronFiles(
            server.Get<StartupLoad>(), server.Get<Saver>(), server.Get<SnapshotJobs>(), server.Get<AofControl>(),
            server.Get<ServerStatistics>(), server.Get<ShutdownSignal>(), server.Clock);
        CronSwitch cron = server.Get<CronSwitch>();
        PauseGate pause = server.Get<PauseGate>();
        server.AddCron(new CronTask(CronStage.Files, _ => files.Run(cron.IsPaused, pause.IsTight, server.Raised.Has(Concern.Busy)))
        {
            IgnoresSwitch = true,
            IgnoresLoading = true,
        });
    }

    /// <summary>More has become durable, or could not: who waits for it hears at once, and what failed is dealt with.</summary>
    private static void Tell(CronAlarm alarm, AofWriter log, DurabilityWaits waits)
    {
        if (!waits.IsEmpty || log.HasSyncFailed || log.IsBetweenFiles)
        {
            alarm.RingWithin(0);
        }
    }

    /// <summary>Once the data is there the log goes on behind it; from then on it can be switched on and off.</summary>
    private static string? BeginLog(AofSettings values, AofControl aof, StartupLoad startup)
    {
        values.IsOn.Apply = () =>
        {
            if (values.IsOn.Value)
            {
                return aof.SwitchOn();
            }
            aof.SwitchOff();
            return null;
        };
        values.Rewrite.KeepsHistory.Changed += aof.DeleteHistory;
        return values.IsOn.Value ? aof.Begin(startup.Manifest!, startup.Folder!) : null;
    }
}
