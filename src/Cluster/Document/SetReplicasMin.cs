namespace Bixbite.Cluster.Document;

/// <summary>How many replicas of a shard have a write before it is acknowledged.</summary>
public sealed record SetReplicasMin(ClusterId Shard, int ReplicasMin) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.SetReplicasMin;

    internal override bool IsValid => ReplicasMin is >= 0 and <= ClusterDocument.NodesMax;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Shard, out ClusterShard? shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        return shard.ReplicasMin == ReplicasMin
            ? document.Refused(ChangeOutcome.NothingChanged)
            : document.With(shard with { ReplicasMin = ReplicasMin }).Applied();
    }

    internal static SetReplicasMin Read(ref DocumentReader reader) => new(reader.Id(), reader.Short());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Shard);
        writer.Short(ReplicasMin);
    }
}
