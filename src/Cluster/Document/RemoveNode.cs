namespace Bixbite.Cluster.Document;

/// <summary>A node is no member any more. A primary goes only without slots and replicas.</summary>
public sealed record RemoveNode(ClusterId Node) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.RemoveNode;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        if (document.Nodes.Count == 1)
        {
            return document.Refused(ChangeOutcome.LastNode);
        }
        if (node.IsVoter && document.Voters.Count() == 1)
        {
            return document.Refused(ChangeOutcome.LastVoter);
        }
        return ShardRules.WhyBound(document, node) is { } reason
            ? document.Refused(reason)
            : (document with { Nodes = document.Nodes.Remove(Node) }).WithoutEmpty(node.Shard).Applied();
    }

    internal static RemoveNode Read(ref DocumentReader reader) => new(reader.Id());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Node);
    }
}
