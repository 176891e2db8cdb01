using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Engine.Modules;

namespace Bixbite.Wire.Cluster;

/// <summary>The server is one of two nodes; the other one is not there, but has slots, and lets tests change who has them.</summary>
internal sealed class NeighbourModule(SlotSet foreign, bool isPrimaryHere = true) : Module
{
    public const int Port = 7001;

    private readonly ClusterId _neighbour = ClusterId.Draw();
    private ClusterState _state = null!;
    private ClusterId _self;

    public string Neighbour => _neighbour.ToString();

    public override void Add(ServerBuilder server)
    {
    }

    public override void Connect(ServerBuilder server)
    {
        _state = server.Get<ClusterState>();
        _self = _state.View.Self.Id;
        var address = new NodeAddress("10.0.0.1", Port, 0, Port + 10_000, "neighbour.example");
        ClusterId shard = isPrimaryHere ? ClusterId.Draw() : _state.View.Self.Shard;
        Change(new JoinNode(new ClusterNode(_neighbour, address, shard, NodeFlags.None), isPrimaryHere ? foreign : SlotSet.Empty, 0));
        Change(new AssignSlots(_state.View.Self.Shard, SlotSet.Full.Without(isPrimaryHere ? foreign : SlotSet.Empty)));
        if (!isPrimaryHere)
        {
            ClusterShard shared = _state.View.Shard!;
            Change(new LeadShard(shared.Id, _neighbour, shared.Epoch));
        }
    }

    private void Change(ClusterChange change) => _state.Plane!.Propose(change, result => Assert.True(result.IsDone, $"{change}: {result}"));
}
