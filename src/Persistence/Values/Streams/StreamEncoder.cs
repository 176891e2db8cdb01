using System.Buffers.Binary;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Values.Streams;

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
        WriteState(writer, stream);
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            WriteGroup(writer, groups.Current);
        }
    }

    public static void WriteNode(RdbWriter writer, StreamId masterId, ReadOnlySpan<byte> pack)
    {
        BeginNode(writer, masterId);
        writer.String(pack);
    }

    /// <summary>Writes the part before a node's listpack.</summary>
    public static void BeginNode(RdbWriter writer, StreamId masterId)
    {
        Span<byte> id = stackalloc byte[RdbFormat.StreamIdSize];
        WriteBytes(masterId, id);
        writer.String(id);
    }

    /// <summary>Writes the part after the nodes, up to the number of groups.</summary>
    public static void WriteState(RdbWriter writer, scoped StreamValue stream)
    {
        writer.Length((ulong)stream.Count);
        WriteId(writer, stream.LastId);
        WriteId(writer, stream.FirstId);
        WriteId(writer, stream.MaxDeletedId);
        writer.Length((ulong)stream.EntriesAdded);
        writer.Length((ulong)stream.GroupCount);
    }

    /// <summary>The beginning of a group; its pending entries follow.</summary>
    public static void BeginGroup(RdbWriter writer, ReadOnlySpan<byte> name, in SavedGroup group)
    {
        writer.String(name);
        WriteId(writer, group.LastDeliveredId);
        writer.Length(unchecked((ulong)group.EntriesRead));
        writer.Length((ulong)group.PendingCount);
    }

    /// <summary>A pending entry of a group.</summary>
    public static void WritePending(RdbWriter writer, in SavedPending entry)
    {
        WriteRawId(writer, entry.Id);
        writer.Fixed64(unchecked((ulong)entry.DeliveryMs));
        writer.Length(unchecked((ulong)entry.DeliveryCount));
    }

    /// <summary>The beginning of a consumer; the IDs of its entries follow.</summary>
    public static void BeginConsumer(RdbWriter writer, ReadOnlySpan<byte> name, long seenMs, long pendingCount)
    {
        writer.String(name);
        writer.Fixed64(unchecked((ulong)seenMs));
        writer.Length((ulong)pendingCount);
    }

    /// <summary>The ID of a consumer's entry.</summary>
    public static void WriteRawId(RdbWriter writer, StreamId id)
    {
        Span<byte> bytes = stackalloc byte[RdbFormat.StreamIdSize];
        WriteBytes(id, bytes);
        writer.Raw(bytes);
    }

    private static void WriteGroup(RdbWriter writer, StreamGroup group)
    {
        BeginGroup(writer, group.Name, new SavedGroup(group.LastDeliveredId, group.EntriesRead, group.PendingCount));
        PendingWalk entries = group.WalkPending();
        while (entries.MoveNext())
        {
            PendingEntry entry = entries.Current;
            WritePending(writer, new SavedPending(entry.Id, entry.DeliveryMs, entry.DeliveryCount));
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
        BeginConsumer(writer, consumer.Name, consumer.SeenMs, consumer.PendingCount);
        PendingWalk entries = consumer.WalkPending();
        while (entries.MoveNext())
        {
            WriteRawId(writer, entries.Current.Id);
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
