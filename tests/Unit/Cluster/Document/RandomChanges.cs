using Bixbite.Cluster.Document;

namespace Bixbite.Unit.Cluster.Document;

/// <summary>Draws changes of which many have an effect and many do not.</summary>
internal sealed class RandomChanges(Random random)
{
    private int _port = 7000;

    public ClusterDocument First() => ClusterDocument.Alone(Id(), NewNode());

    public ClusterChange Next(ClusterDocument document)
    {
        ClusterNode node = Pick(document.Nodes.Values);
        ClusterShard shard = Pick(document.Shards.Values);
        ClusterShard other = Pick(document.Shards.Values);
        SlotSet few = Few(shard);
        return (ChangeKind)random.Next(1, 15) switch
        {
            ChangeKind.JoinNode => Join(document),
            ChangeKind.RemoveNode => new RemoveNode(document.Nodes.Count > 6 ? node.Id : Id()),
            ChangeKind.UpdateAddress => new UpdateAddress(node.Id, random.Next(3) == 0 ? Pick(document.Nodes.Values).Address : Address()),
            ChangeKind.SetNodeFlags => new SetNodeFlags(node.Id, random.Next(2) == 0, random.Next(8) == 0),
            ChangeKind.AssignSlots => new AssignSlots(shard.Id, random.Next(2) == 0 ? Some() : Some().Without(document.AssignedSlots()) is
                { IsEmpty: false } free ? free : Some()),
            ChangeKind.ReleaseSlots => new ReleaseSlots(shard.Id, random.Next(3) == 0 ? Some() : few),
            ChangeKind.GiveSlots when shard.Id != other.Id =>
                new GiveSlots(shard.Id, other.Id, random.Next(4) == 0 && !shard.Slots.IsEmpty ? shard.Slots : few),
            ChangeKind.FollowShard => new FollowShard(node.Id, random.Next(8) == 0 ? Id() : shard.Id),
            ChangeKind.LeadShard => new LeadShard(
                node.IsWitness ? shard.Id : node.Shard, node.Id, (document.ShardOf(node.Id)?.Epoch ?? 0) + (random.Next(4) == 0 ? 1 : 0)),
            ChangeKind.LeaveShard => new LeaveShard(node.Id, random.Next(4) == 0 ? shard.Id : Id()),
            ChangeKind.SetReplicasMin => new SetReplicasMin(shard.Id, random.Next(4)),
            ChangeKind.BeginMove when shard.Id != other.Id => new BeginMove(Id(), shard.Id, other.Id, few),
            ChangeKind.EndMove => new EndMove(
                document.Moves.IsEmpty ? Id() : Pick(document.Moves).Id, (MoveState)random.Next(1, 4)),
            _ => new RaiseEpoch(shard.Id, random.Next(2) == 0 ? 0 : random.Next(1, 1_000)),
        };
    }

    private JoinNode Join(ClusterDocument document)
    {
        ClusterNode node = NewNode();
        return random.Next(6) switch
        {
            0 => new JoinNode(node with { Shard = default, Flags = NodeFlags.Witness }, SlotSet.Empty, 0),
            1 or 2 => new JoinNode(node with { Shard = Pick(document.Shards.Values).Id }, SlotSet.Empty, 0),
            3 => new JoinNode(node with { Flags = NodeFlags.Voter }, SlotSet.Empty, random.Next(100)),
            _ => new JoinNode(node, Some(), random.Next(100)),
        };
    }

    /// <summary>Slots of a shard, or others if it has none.</summary>
    private SlotSet Few(ClusterShard shard)
    {
        if (shard.Slots.IsEmpty)
        {
            return Some();
        }
        SlotRange range = Pick(shard.Slots.Ranges);
        int first = random.Next(range.First, range.Last + 1);
        return SlotSet.Of(new SlotRange(first, random.Next(first, range.Last + 1)));
    }

    private SlotSet Some()
    {
        int first = random.Next(SlotSet.SlotCount);
        int second = random.Next(SlotSet.SlotCount);
        return SlotSet.Of(
            new SlotRange(first, Math.Min(first + random.Next(500), SlotSet.SlotCount - 1)), new SlotRange(second, second));
    }

    private ClusterNode NewNode() => new(Id(), Address(), Id(), NodeFlags.None);

    private NodeAddress Address() => new("10.0.0.1", ++_port, 0, _port % 60_000, random.Next(2) == 0 ? "" : "host-" + _port, "name");

    private ClusterId Id() => new(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()), (uint)random.Next());

    private T Pick<T>(IEnumerable<T> from) => from.ElementAt(random.Next(from.Count()));
}
