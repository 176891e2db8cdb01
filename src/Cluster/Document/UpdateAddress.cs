namespace Bixbite.Cluster.Document;

/// <summary>A node is found elsewhere, or is called differently.</summary>
public sealed record UpdateAddress(ClusterId Node, NodeAddress Address) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.UpdateAddress;

    internal override bool IsValid => Address.IsValid;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        if (node.Address == Address)
        {
            return document.Refused(ChangeOutcome.NothingChanged);
        }
        return document.Nodes.Values.Any(other => other.Id != Node && other.Address.IsSameBus(Address))
            ? document.Refused(ChangeOutcome.AddressInUse)
            : document.With(node with { Address = Address }).Applied();
    }

    internal static UpdateAddress Read(ref DocumentReader reader) => new(reader.Id(), DocumentFormat.ReadAddress(ref reader));

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Node);
        DocumentFormat.Write(Address, writer);
    }
}
