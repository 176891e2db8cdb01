namespace Bixbite.Cluster.Document;

/// <summary>A node becomes a replica in a shard. A primary does so only without slots and replicas.</summary>
public sealed record FollowShard(ClusterId Node, ClusterId Shard) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.FollowShard;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        if (!document.Shards.ContainsKey(Shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        if (node.IsWitness)
        {
            return document.Refused(ChangeOutcome.IsWitness);
        }
        if (node.Shard == Shard)
        {
            return document.Refused(ChangeOutcome.NothingChanged);
        }
        return ShardRules.WhyBound(document, node) is { } reason
            ? document.Refused(reason)
            : document.With(node with { Shard = Shard }).WithoutEmpty(node.Shard).Applied();
    }

    internal static FollowShard Read(ref DocumentReader reader) => new(reader.Id(), reader.Id());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Node);
        writer.Id(Shard);
    }
}
