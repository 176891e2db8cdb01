using Bixbite.Cluster;
using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Hosting.Modules;

/// <summary>The data and what looks after it: time, deadlines, the limit of memory, freeing and putting in order.</summary>
/// <param name="seed">Of the hashes of keys.</param>
internal sealed class KeyspaceModule(ulong seed) : Module
{
    private const int ExpiryTickMs = 10;
    private const long ExpirySliceUs = 1000;
    private const long LazyFreeSliceUs = 1000;

    /// <summary>Databases that are looked at, whether they are empty, in one period.</summary>
    private const int GivenBackCount = 1024;

    public override void AddSettings(Settings settings) => KeyspaceSettings.AddTo(settings);

    public override void Add(ServerBuilder server)
    {
        Heap heap = server.Add(new Heap());
        CommandTime time = server.Add(new CommandTime());
        AccessClock access = server.Add(new AccessClock(time));
        LazyFree lazyFree = server.Add(new LazyFree());
        ChangeFeed changes = server.Add(new ChangeFeed());
        KeyspaceStatistics statistics = server.Add(new KeyspaceStatistics());
        ValueContext values = server.Add(new ValueContext(heap, seed) { Types = server.Get<ValueTypes>() });
        ClusterSettings cluster = server.Get<ClusterSettings>();
        int count = cluster.Enabled.Value ? cluster.DatabaseCount.Value : server.Get<DatabaseSettings>().Count.Value;
        Databases databases = server.Add(new Databases(count, values, access, lazyFree, hasSlots: cluster.Enabled.Value));
        KeyAccess keys = server.Add(new KeyAccess(time, access, statistics, changes));
        server.Add(new Propagator(changes, keys, server.Workspace));
        MemoryGauge memory = server.Add(new MemoryGauge(heap, server.Raised));
        memory.AddWorkspace(() => server.Workspace.UsedBytes);
        memory.AddWorkspace(() => values.Saving.AsideHeapBytes);
        memory.SavedBytes = () => values.Saving.OrphanBytes;
        Eviction eviction = server.Add(new Eviction(databases, access, lazyFree, statistics, changes, memory, server.Clock));
        keys.HasRoom = eviction.HasRoomFor;
        server.Add(new ActiveExpiry(databases, keys, statistics, time, server.Clock));
        Defragmentation defragmentation = server.Add(new Defragmentation(databases, lazyFree, server.Clock));
        statistics.ResetOthers = lazyFree.ResetStatistics;
        statistics.ResetOthers += defragmentation.ResetStatistics;
        KeyspaceSettings.Connect(server);
        MemoryFacts.AddTo(server);
        KeyspaceFacts.AddTo(server);
        StatsFacts.AddKeyspaceTo(server);
    }

    public override void Connect(ServerBuilder server)
    {
        PauseGate pause = server.Get<PauseGate>();
        Databases databases = server.Get<Databases>();
        ActiveExpiry expiry = server.Get<ActiveExpiry>();
        Eviction eviction = server.Get<Eviction>();
        LazyFree lazyFree = server.Get<LazyFree>();
        Defragmentation defragmentation = server.Get<Defragmentation>();
        var freedPages = new FreedPages(server.Get<Heap>(), server.Workspace);
        server.AddGate(new MemoryLimitGate(server.Get<MemoryGauge>(), eviction, pause, server.Raised));
        server.AddCron(new CronTask(CronStage.Sampling, _ => GiveBack(databases))
        {
            PeriodMs = 100, IgnoresLoading = true, TouchesKeys = true,
        });
        server.AddCron(new CronTask(CronStage.Removal, _ => pause.IsOn ? CronTask.Never : Remove(expiry, eviction, server.Role))
        {
            TouchesKeys = true,
        });
        server.AddCron(CronTask.Freeing(server.Clock, LazyFreeSliceUs, () => lazyFree.IsIdle, lazyFree.Run));
        server.AddCron(new CronTask(CronStage.Memory, _ => freedPages.GiveBackSome() ? 0 : CronTask.Never)
        {
            IgnoresSwitch = true,
            IgnoresLoading = true,
        });
        server.AddCron(new CronTask(CronStage.Memory, _ => (defragmentation.Run() + 999) / 1000) { TouchesKeys = true });
    }

    private static long GiveBack(Databases databases)
    {
        databases.GiveBackSome(GivenBackCount);
        return CronTask.Never;
    }

    /// <summary>Removes keys whose time has come, unless a primary does, and keys for which there is no room.</summary>
    private static long Remove(ActiveExpiry expiry, Eviction eviction, ServerRole role)
    {
        bool isLeft = (!role.IsReplica && expiry.Run(ExpirySliceUs)) | eviction.RunSlice();
        return isLeft ? 0 : expiry.HasWork && !role.IsReplica ? ExpiryTickMs : CronTask.Never;
    }
}
