using Bixbite.Cluster;
using Bixbite.Cluster.Routing;
using Bixbite.Cluster.Statistics;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Modules;
using Bixbite.Engine.PubSub;
using Bixbite.Keyspace;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Bixbite.Structures.Checks;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// How much each slot of a node of a cluster is used. It listens to calls, messages and the stream while it is switched on, and only then.
/// </summary>
internal sealed class SlotStatisticsModule : Module
{
    public override void Add(ServerBuilder server) => server.Add(new SlotStatistics(server.Get<ClusterState>()));

    public override void Connect(ServerBuilder server)
    {
        ClusterSettings settings = server.Get<ClusterSettings>();
        if (!settings.Enabled.Value)
        {
            return;
        }
        SlotStatistics statistics = server.Get<SlotStatistics>();
        var calls = new SlotCalls(statistics);
        var stream = new SlotStream(statistics, server.Get<CommandTable>(), server.Get<Replicas>());
        ShardMessageSent sent = (channel, size, count) => statistics.Add(HashSlot.Of(channel), new SlotUse(0, 0, size * count));
        BoolSetting isWanted = settings.KeepsSlotStatistics;
        ServerBuilder.Follow(isWanted, () =>
        {
            statistics.IsOn = isWanted.Value;
            server.Get<CommandRecorder>().CallObserver = isWanted.Value ? calls : null;
            server.Get<ReplicationStream>().Observer = isWanted.Value ? stream : null;
            server.Get<PubSubBroker>().SentToShard = isWanted.Value ? sent : null;
        });
        server.Get<KeyspaceStatistics>().ResetOthers += statistics.Reset;
        server.Get<ClusterState>().Changed += statistics.DropForeign;
    }
}
