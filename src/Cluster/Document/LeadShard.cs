namespace Bixbite.Cluster.Document;

/// <summary>
/// A node of a shard becomes its primary, at the epoch after the one that is expected. Moves of the old primary have failed.
/// </summary>
public sealed record LeadShard(ClusterId Shard, ClusterId Node, long ExpectedEpoch) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.LeadShard;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Shard, out ClusterShard? shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        if (node.Shard != Shard)
        {
            return document.Refused(ChangeOutcome.NotInShard);
        }
        if (shard.Epoch != ExpectedEpoch)
        {
            return document.Refused(ChangeOutcome.EpochChanged);
        }
        return shard.Primary == Node
            ? document.Refused(ChangeOutcome.NothingChanged)
            : document.WithRaised(shard with { Primary = Node })
                .FailMoves(move => move.SourcePrimary == shard.Primary || move.TargetPrimary == shard.Primary).Applied();
    }

    internal static LeadShard Read(ref DocumentReader reader) => new(reader.Id(), reader.Id(), reader.Long());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Shard);
        writer.Id(Node);
        writer.Long(ExpectedEpoch);
    }
}
