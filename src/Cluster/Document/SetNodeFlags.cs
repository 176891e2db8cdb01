namespace Bixbite.Cluster.Document;

/// <summary>Whether a node votes, and whether it is to go. That it is a witness never changes.</summary>
public sealed record SetNodeFlags(ClusterId Node, bool IsVoter, bool IsLeaving) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.SetNodeFlags;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Nodes.TryGetValue(Node, out ClusterNode? node))
        {
            return document.Refused(ChangeOutcome.UnknownNode);
        }
        NodeFlags flags = (node.Flags & NodeFlags.Witness) | (IsVoter ? NodeFlags.Voter : 0) | (IsLeaving ? NodeFlags.Leaving : 0);
        int voterCount = document.Voters.Count() - (node.IsVoter ? 1 : 0) + (IsVoter ? 1 : 0);
        return voterCount switch
        {
            0 => document.Refused(ChangeOutcome.LastVoter),
            > ClusterDocument.VotersMax => document.Refused(ChangeOutcome.TooManyVoters),
            _ when flags == node.Flags => document.Refused(ChangeOutcome.NothingChanged),
            _ => document.With(node with { Flags = flags }).Applied(),
        };
    }

    internal static SetNodeFlags Read(ref DocumentReader reader) => new(reader.Id(), reader.Byte());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Node);
        writer.Byte((IsVoter ? 1 : 0) | (IsLeaving ? 2 : 0));
    }

    private SetNodeFlags(ClusterId node, int bits)
        : this(node, (bits & 1) != 0, (bits & 2) != 0)
    {
    }
}
