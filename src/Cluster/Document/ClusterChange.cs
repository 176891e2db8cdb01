using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Cluster.Document;

/// <summary>
/// One change of the document, with what it expects: every node applies it to the same document with the same outcome. The kinds of changes
/// are a closed set, a record each.
/// <code>
///   | version of the format: 1 byte | kind: 1 byte | the fields of its record in their order |
/// </code>
/// </summary>
public abstract record ClusterChange
{
    private const int FormatVersion = 1;

    private protected ClusterChange()
    {
    }

    public abstract ChangeKind Kind { get; }

    /// <summary>Whether its values are such as a document may have; asked before it is applied.</summary>
    internal virtual bool IsValid => true;

    internal abstract ChangeResult ApplyTo(ClusterDocument document);

    public byte[] ToBytes()
    {
        DocumentWriter writer = new();
        writer.Byte(FormatVersion);
        writer.Byte((int)Kind);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> made, from anybody.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ClusterChange? change)
    {
        var reader = new DocumentReader(bytes);
        change = reader.Byte() == FormatVersion ? Read((ChangeKind)reader.Byte(), ref reader) : null;
        if (!reader.IsComplete || change?.IsValid != true)
        {
            change = null;
        }
        return change is not null;
    }

    private protected abstract void Write(DocumentWriter writer);

    private static ClusterChange? Read(ChangeKind kind, ref DocumentReader reader) => kind switch
    {
        ChangeKind.JoinNode => JoinNode.Read(ref reader),
        ChangeKind.RemoveNode => RemoveNode.Read(ref reader),
        ChangeKind.UpdateAddress => UpdateAddress.Read(ref reader),
        ChangeKind.SetNodeFlags => SetNodeFlags.Read(ref reader),
        ChangeKind.AssignSlots => AssignSlots.Read(ref reader),
        ChangeKind.ReleaseSlots => ReleaseSlots.Read(ref reader),
        ChangeKind.GiveSlots => GiveSlots.Read(ref reader),
        ChangeKind.FollowShard => FollowShard.Read(ref reader),
        ChangeKind.LeadShard => LeadShard.Read(ref reader),
        ChangeKind.LeaveShard => LeaveShard.Read(ref reader),
        ChangeKind.SetReplicasMin => SetReplicasMin.Read(ref reader),
        ChangeKind.BeginMove => BeginMove.Read(ref reader),
        ChangeKind.EndMove => EndMove.Read(ref reader),
        ChangeKind.RaiseEpoch => RaiseEpoch.Read(ref reader),
        _ => null,
    };
}
