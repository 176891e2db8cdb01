using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Statistics;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Replication.History;
using Bixbite.Replication.Levels;
using Bixbite.Replication.Migration;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication;

/// <summary>A primary and its replicas: the stream of changes, snapshots for who comes, acknowledgements.</summary>
public sealed class ReplicationModule : Module
{
    public override void AddSettings(Settings settings)
    {
        settings.Add(new ReplicationSettings(settings));
        settings.Add(new FullSyncSettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        ReplicationSettings settings = server.Get<ReplicationSettings>();
        FullSyncSettings fullSyncSettings = server.Get<FullSyncSettings>();
        ReplicationHistory history = server.Add(new ReplicationHistory());
        var questions = new AcknowledgementQuestions(server.Clock, server.Get<CronAlarm>());
        ReplicationStream stream = server.Add(
            new ReplicationStream(
                server.Get<Propagator>(), history, settings, server.Raised, questions,
                new StreamTools(server.Get<IDisk>(), server.Clock, server.Get<CronAlarm>(), server.Log)
                {
                    Places = server.Get<AofWriter>().Places,
                }));
        server.AddCron(new CronTask(
            CronStage.Files,
            _ =>
            {
                stream.Tidy();
                return CronTask.Never;
            })
        {
            IgnoresSwitch = true, IgnoresLoading = true,
        });
        server.AddLine(new StreamLine(stream));
        MemoryGauge memory = server.Get<MemoryGauge>();
        memory.AddTable(() => stream.UsedBytes);
        memory.AddExcused(() => stream.ExcessBytes);
        Replicas replicas = server.AddPart(
            new Replicas(stream, settings, server.Raised, server.Sessions, server.Clock, server.Log));
        SyncStatistics statistics = server.Add(new SyncStatistics());
        ReplicaVersions versions = server.Add(new ReplicaVersions(server.Get<SnapshotTransfers>(), fullSyncSettings, server.Log));
        var tools = new FullSyncTools(server.Workspace, server.Raised, server.Get<CronAlarm>(), server.Log, versions);
        FullSyncs fullSyncs = server.Add(
            new FullSyncs(server.Get<SnapshotTransfers>(), stream, history, fullSyncSettings, settings, replicas, tools));
        server.Add(new SyncRequests(stream, history, replicas, fullSyncs, versions, statistics, server.Log));
        server.AddGate(new GoodReplicasGate(server.Role));
        ServerBuilder.Follow(settings.GoodReplicaCountMin, replicas.CountGood);
        ServerBuilder.Follow(settings.GoodReplicaLagMaxSeconds, replicas.CountGood);
        DurabilityLevels levels = server.AddPart(
            new DurabilityLevels(server.Sessions, server.Get<DurabilityLines>(), server.Get<LocalLine>(), stream, replicas, settings));
        server.Role.Changed += () =>
        {
            if (server.Role.IsReplica)
            {
                levels.DropAwaiting();
            }
        };
        GracefulShutdown shutdown = server.Add(
            new GracefulShutdown(
                replicas, stream, server.Get<PauseGate>(), server.Get<ShutdownSave>(), server.Get<ShutdownSignal>(),
                server.Get<ServerSettings>(), server.Log));
        server.AddCron(
            new CronTask(CronStage.Files, _ => shutdown.Run()) { IgnoresSwitch = true, IgnoresLoading = true });
        AddMigrations(server);
        AddWaits(server, replicas, stream);
        var cron = new PrimaryCron(stream, replicas, fullSyncs, versions, settings, server.Log);
        server.AddCron(new CronTask(CronStage.Files, cron.Run) { TouchesKeys = true, IgnoresSwitch = true });
        ReplicationFacts.AddTo(server);
    }

    public override void Connect(ServerBuilder server)
    {
        server.Get<Executor>().ReplicaAnswered = server.Get<Replicas>().RefuseAnswer;
        ReplicationFacts.AddHistory(server);
    }

    private static void AddMigrations(ServerBuilder server)
    {
        Migrations migrations = server.Add(new Migrations(
            server.Get<ChangeFeed>(), server.Raised, server.Get<WaitReruns>(), server.Get<PauseGate>(), server.Get<CronAlarm>(),
            server.Clock));
        server.AddGate(server.AddPart(new MigrationGate(migrations)));
        server.AddCron(new CronTask(CronStage.Waits, _ => migrations.Run()) { IgnoresSwitch = true });
        server.Info["Stats"].Gauge("migrate_cached_sockets", () => migrations.ConnectionCount);
    }

    private static void AddWaits(ServerBuilder server, Replicas replicas, ReplicationStream stream)
    {
        GracefulShutdown shutdown = server.Get<GracefulShutdown>();
        DurabilityLevels levels = server.Get<DurabilityLevels>();
        CronAlarm alarm = server.Get<CronAlarm>();
        ReplicaWaits waits = server.Add(new ReplicaWaits(replicas, stream, server.Get<BlockedSessions>()));
        DurabilityWaits durability = server.Get<DurabilityWaits>();
        durability.Replicas = replicas;
        replicas.Acknowledged = () =>
        {
            waits.Serve();
            durability.Serve();
            levels.NoteAcknowledged();
            if (shutdown.IsWaiting)
            {
                alarm.RingWithin(0);
            }
        };
    }
}
