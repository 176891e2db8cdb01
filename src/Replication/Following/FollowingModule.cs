using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Receiving;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Protocol;
using Bixbite.Replication.History;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Following;

/// <summary>A replica of another server: REPLICAOF, and what it means for everybody else.</summary>
public sealed class FollowingModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new FollowingSettings(settings));

    public override void Add(ServerBuilder server)
    {
        FollowingSettings settings = server.Get<FollowingSettings>();
        ReplicationStream stream = server.Get<ReplicationStream>();
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 64)));
        var applier = new StreamApplier(
            server.Get<Executor>(), server.Get<Rounds>(), context, stream, server.Log, server.Workspace);
        var sessions = new PrimarySessions(server.Get<SessionTable>(), server.Sessions, server.Get<Databases>(), server.Clock);
        server.Sessions.Add(sessions);
        FollowerTools tools = server.Add(new FollowerTools(
            stream, server.Get<ReplicationHistory>(), server.Get<Replicas>(), server.Get<SnapshotReceiver>(), applier, sessions)
        {
            Raised = server.Raised,
            LongCommand = server.Get<LongCommand>(),
            Logged = new LoggedPosition(server.Get<AofWriter>(), server.Get<DurabilityWaits>(), stream),
            Disk = new DiskTrouble(
                server.Get<DataState>(), server.Get<SnapshotSettings>(), settings.Intake, server.Clock, server.Log),
            Alarm = server.Get<CronAlarm>(),
            Clock = server.Clock,
            Log = server.Log,
        });
        MemoryGauge memory = server.Get<MemoryGauge>();
        AddLocalDeadlines(server, applier, settings, memory);
        void ApplyRole()
        {
            memory.IsLimitSuspended = server.Role.IsReplica && settings.IgnoresMaxMemory.Value;
            server.Log.Role = server.Role.IsReplica ? 'S' : 'M';
        }
        server.Role.Changed += ApplyRole;
        Follower follower = server.Add(new Follower(
            tools, settings, server.Get<ReplicationSettings>(), server.Role, server.Get<BlockedSessions>()));
        ServerBuilder.Follow(settings.IgnoresMaxMemory, ApplyRole);
        ServerBuilder.Follow(settings.IsReadOnly, follower.NoteState);
        ServerBuilder.Follow(settings.ServesStaleData, follower.NoteState);
        server.Get<SnapshotJobs>().Place = () => follower.Place;
        server.AddGate(new ReadOnlyReplicaGate());
        server.AddGate(new StaleDataGate());
        server.AddCron(new CronTask(CronStage.Files, follower.Run) { IgnoresSwitch = true, IgnoresLoading = true });
        StartupLoad startup = server.Get<StartupLoad>();
        startup.Loaded += () => follower.Start(startup.Place);
        startup.KeepsDueKeys = () => server.Role.IsReplica;
        FollowerFacts.AddTo(server);
    }

    private static void AddLocalDeadlines(ServerBuilder server, StreamApplier applier, FollowingSettings settings, MemoryGauge memory)
    {
        var deadlines = new LocalDeadlines(
            server.Get<Databases>(), server.Get<KeyAccess>(), server.Role, server.Get<CommandTime>(), server.Clock);
        applier.Applying = isOn => deadlines.IsPrimarys = isOn;
        bool isOn = false;
        void Apply()
        {
            bool isWanted = server.Role.IsReplica && !settings.IsReadOnly.Value;
            if (isWanted == isOn)
            {
                return;
            }
            isOn = isWanted;
            ChangeFeed changes = server.Get<ChangeFeed>();
            if (isWanted)
            {
                changes.Subscribe(deadlines);
            }
            else
            {
                changes.Unsubscribe(deadlines);
            }
        }
        server.Role.Changed += Apply;
        ServerBuilder.Follow(settings.IsReadOnly, Apply);
        memory.AddTable(() => deadlines.Bytes);
        server.AddCron(new CronTask(CronStage.Removal, _ => deadlines.Run()) { TouchesKeys = true });
        server.Info["Stats"].Gauge("slave_expires_tracked_keys", () => deadlines.Count);
    }
}
