namespace Bixbite.Cluster.Document;

/// <summary>A replica leads a new shard of its own, without slots.</summary>
public sealed record LeaveShard(ClusterId Node, ClusterId NewShard) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.LeaveShard;

    internal override bool IsValid => !NewShard.IsNone;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        if (node.IsWitness)
        {
            return document.Refused(ChangeOutcome.IsWitness);
        }
        if (document.Shards.ContainsKey(NewShard))
        {
            return document.Refused(ChangeOutcome.ShardExists);
        }
        if (document.IsPrimary(Node))
        {
            return document.Refused(ChangeOutcome.NothingChanged);
        }
        return document.With(node with { Shard = NewShard })
            .With(new ClusterShard(NewShard, Node, document.Epoch, SlotSet.Empty)).Applied();
    }

    internal static LeaveShard Read(ref DocumentReader reader) => new(reader.Id(), reader.Id());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Node);
        writer.Id(NewShard);
    }
}
