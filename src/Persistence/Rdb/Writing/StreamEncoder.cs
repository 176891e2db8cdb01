using System.Buffers.Binary;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>
/// Writes streams: nodes as they are, each behind the ID of its master; what the stream knows of itself; groups, each with all its pending
/// entries, then its consumers with the IDs of theirs.
/// </summary>
internal static class StreamEncoder
{
    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        var stream = new StreamValue(slot);
        writer.Length((ulong)stream.NodeCount);
        StreamNodeReader nodes = stream.ReadNodes();
        while (nodes.MoveNext())
        {
            WriteNode(writer, nodes.MasterId, nodes.Pack);
        }
        WriteRest(writer, stream);
    }

    public static void WriteNode(RdbWriter writer, StreamId masterId, ReadOnlySpan<byte> pack)
    {
        BeginNode(writer, masterId);
        writer.String(pack);
    }

    /// <summary>What stands before a node's listpack.</summary>
    public static void BeginNode(RdbWriter writer, StreamId masterId)
    {
        Span<byte> id = stackalloc byte[RdbFormat.StreamIdSize];
        WriteBytes(masterId, id);
        writer.String(id);
    }

    /// <summary>What stands after the nodes.</summary>
    public static void WriteRest(RdbWriter writer, scoped StreamValue stream)
    {
        writer.Length((ulong)stream.Count);
        WriteId(writer, stream.LastId);
        WriteId(writer, stream.FirstId);
        WriteId(writer, stream.MaxDeletedId);
        writer.Length((ulong)stream.EntriesAdded);
        writer.Length((ulong)stream.GroupCount);
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            WriteGroup(writer, groups.Current);
        }
    }

    private static void WriteGroup(RdbWriter writer, StreamGroup group)
    {
        writer.String(group.Name);
        WriteId(writer, group.LastDeliveredId);
        writer.Length(unchecked((ulong)group.EntriesRead));
        writer.Length((ulong)group.PendingCount);
        Span<byte> id = stackalloc byte[RdbFormat.StreamIdSize];
        PendingWalk entries = group.WalkPending();
        while (entries.MoveNext())
        {
            PendingEntry entry = entries.Current;
            WriteBytes(entry.Id, id);
            writer.Raw(id);
            writer.Fixed64(unchecked((ulong)entry.DeliveryMs));
            writer.Length(unchecked((ulong)entry.DeliveryCount));
        }
        writer.Length((ulong)group.ConsumerCount);
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            WriteConsumer(writer, consumers.Current);
        }
    }

    private static void WriteConsumer(RdbWriter writer, StreamConsumer consumer)
    {
        writer.String(consumer.Name);
        writer.Fixed64(unchecked((ulong)consumer.SeenMs));
        writer.Length((ulong)consumer.PendingCount);
        Span<byte> id = stackalloc byte[RdbFormat.StreamIdSize];
        PendingWalk entries = consumer.WalkPending();
        while (entries.MoveNext())
        {
            WriteBytes(entries.Current.Id, id);
            writer.Raw(id);
        }
    }

    private static void WriteId(RdbWriter writer, StreamId id)
    {
        writer.Length(id.Ms);
        writer.Length(id.Sequence);
    }

    private static void WriteBytes(StreamId id, Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, id.Ms);
        BinaryPrimitives.WriteUInt64BigEndian(target[sizeof(ulong)..], id.Sequence);
    }
}
