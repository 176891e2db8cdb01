using System.Diagnostics.CodeAnalysis;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Structures.Checks;

namespace Bixbite.Cluster.Storage;

/// <summary>
/// A node keeps in its file who it is, the document, and its marks of open slots.
/// <code>
///   | "BIXBITE-CLUSTER 1\n" | node: 20 bytes | migrating: 2 + (slot: 2, node: 20) each | importing: the same | document | CRC-64 |
/// </code>
/// </summary>
/// <param name="Self">This node.</param>
/// <param name="Document">All that the cluster has agreed on.</param>
/// <param name="Open">The marks.</param>
public sealed record ClusterFileContent(ClusterId Self, ClusterDocument Document, OpenSlots Open)
{
    private static ReadOnlySpan<byte> Head => "BIXBITE-CLUSTER 1\n"u8;

    public byte[] ToBytes()
    {
        DocumentWriter writer = new();
        writer.Raw(Head);
        writer.Id(Self);
        Write(Open.Migrating, writer);
        Write(Open.Importing, writer);
        writer.Raw(Document.ToBytes());
        byte[] bytes = writer.ToArray();
        DocumentWriter whole = new();
        whole.Raw(bytes);
        whole.Long((long)Crc64.Append(0, bytes));
        return whole.ToArray();
    }

    /// <summary>False for anything that is not such a file, whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ClusterFileContent? content)
    {
        content = null;
        if (!bytes.StartsWith(Head) || bytes.Length < Head.Length + sizeof(ulong))
        {
            return false;
        }
        var sum = new DocumentReader(bytes[^sizeof(ulong)..]);
        bytes = bytes[..^sizeof(ulong)];
        if ((ulong)sum.Long() != Crc64.Append(0, bytes))
        {
            return false;
        }
        var reader = new DocumentReader(bytes[Head.Length..]);
        ClusterId self = reader.Id();
        OpenSlots open = new();
        Read(ref reader, open.Migrate);
        Read(ref reader, open.Import);
        if (reader.IsFailed || !ClusterDocument.TryRead(reader.Rest, out ClusterDocument? document) || !document.Nodes.ContainsKey(self))
        {
            return false;
        }
        content = new ClusterFileContent(self, document, open);
        return true;
    }

    private static void Write(IReadOnlyDictionary<int, ClusterId> marks, DocumentWriter writer)
    {
        writer.Short(marks.Count);
        foreach ((int slot, ClusterId node) in marks)
        {
            writer.Short(slot);
            writer.Id(node);
        }
    }

    private static void Read(ref DocumentReader reader, Action<int, ClusterId> add)
    {
        for (int left = reader.Short(); left > 0 && !reader.IsFailed; left--)
        {
            int slot = reader.Short();
            ClusterId node = reader.Id();
            if (slot >= SlotSet.SlotCount)
            {
                reader.Fail();
                return;
            }
            add(slot, node);
        }
    }
}
