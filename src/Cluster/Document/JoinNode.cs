namespace Bixbite.Cluster.Document;

/// <summary>
/// A node becomes a member, with the slots that it has served alone: it leads a shard of its own, follows in one that is there, or is a
/// witness.
/// </summary>
/// <param name="Node">Its shard is a new one, in which it is the primary, or one that it joins as a replica.</param>
/// <param name="Slots">Without owner in the cluster; none for a replica and a witness.</param>
/// <param name="Epoch">Of the shard that it brings.</param>
public sealed record JoinNode(ClusterNode Node, SlotSet Slots, long Epoch) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.JoinNode;

    internal override bool IsValid => Node.IsValid && Epoch is >= 0 and < ClusterDocument.EpochMax;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (document.Nodes.ContainsKey(Node.Id))
        {
            return document.Refused(ChangeOutcome.NodeExists);
        }
        if (document.Nodes.Count == ClusterDocument.NodesMax)
        {
            return document.Refused(ChangeOutcome.TooManyNodes);
        }
        if (document.Nodes.Values.Any(other => other.Address.IsSameBus(Node.Address)))
        {
            return document.Refused(ChangeOutcome.AddressInUse);
        }
        if (Node.IsVoter && document.Voters.Count() == ClusterDocument.VotersMax)
        {
            return document.Refused(ChangeOutcome.TooManyVoters);
        }
        ClusterDocument next = document.With(Node);
        if (Node.IsWitness)
        {
            return Slots.IsEmpty ? next.Applied() : document.Refused(ChangeOutcome.IsWitness);
        }
        if (document.Shards.ContainsKey(Node.Shard))
        {
            return Slots.IsEmpty ? next.Applied() : document.Refused(ChangeOutcome.ShardExists);
        }
        int owned = Slots.FirstCommon(document.AssignedSlots());
        return owned < 0
            ? next.With(new ClusterShard(Node.Shard, Node.Id, Epoch, Slots)).Applied()
            : document.Refused(ChangeOutcome.SlotOwned, owned);
    }

    internal static JoinNode Read(ref DocumentReader reader) => new(DocumentFormat.ReadNode(ref reader), reader.Slots(), reader.Long());

    private protected override void Write(DocumentWriter writer)
    {
        DocumentFormat.Write(Node, writer);
        writer.Slots(Slots);
        writer.Long(Epoch);
    }
}
