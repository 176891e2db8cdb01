using Bixbite.Memory;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>Adds entries behind all others: to the tail node while it has room by its limits, else to a new one.</summary>
internal static class NodeWriting
{
    /// <summary>No node is made larger on purpose, whatever the settings say.</summary>
    private const long NodeSizeLimit = 1 << 30;

    /// <summary>The most room that a new node gets in advance.</summary>
    private const long SizeInAdvanceMax = 64 * 1024;

    /// <summary>A node that is too small for an entry grows by this share.</summary>
    private const int GrowthShare = 4;

    /// <summary>The listpack's frame, and the master's numbers but for the fields' count.</summary>
    private const int MasterFrameSize = Listpack.EmptySize + 6;

    /// <summary>More than any number takes.</summary>
    private const int NumberSizeMax = 10;

    internal static void Append<TFields>(StreamNodes nodes, StreamId id, scoped ref TFields fields)
        where TFields : IStreamFields, allows ref struct
    {
        long textLength = 0;
        for (int i = 0; i < fields.Count; i++)
        {
            textLength += fields.Field(i).Length + fields.Value(i).Length;
        }
        StreamNode node = nodes.HasTail ? nodes.NodeAt(NodePosition.Tail) : default;
        long liveCount = nodes.HasTail ? node.LiveCount : 0;
        if (!nodes.HasTail || IsFull(nodes.Context.Limits, node, liveCount, textLength))
        {
            Begin(nodes, id, ref fields);
            node = nodes.NodeAt(NodePosition.Tail);
            liveCount = 0;
        }
        bool hasSameFields = HasFields(node, ref fields);
        int size = node.Pack.Length;
        Span<byte> room = Reserve(nodes, size + EntrySizeMax(ref fields, hasSameFields));
        WriteEntry(room, node.MasterId, id, ref fields, hasSameFields);
        if (liveCount < 127)
        {
            room[StreamNode.LiveOffset] = (byte)(liveCount + 1);
        }
        else
        {
            Listpack.Replace(nodes.Edit(NodePosition.Tail), StreamNode.LiveOffset, liveCount + 1);
        }
    }

    private static bool IsFull(ValueLimits limits, StreamNode tail, long liveCount, long textLength) =>
        tail.Pack.Length + textLength >= NodeSizeMax(limits)
            || (limits.StreamNodeEntriesMax > 0 && liveCount + tail.DeletedCount >= limits.StreamNodeEntriesMax);

    private static long NodeSizeMax(ValueLimits limits) =>
        limits.StreamNodeSizeMax is > 0 and < NodeSizeLimit ? limits.StreamNodeSizeMax : NodeSizeLimit;

    private static void Begin<TFields>(StreamNodes nodes, StreamId id, scoped ref TFields fields)
        where TFields : IStreamFields, allows ref struct
    {
        int count = fields.Count;
        long size = MasterFrameSize + Listpack.EntrySizeOf(count);
        for (int i = 0; i < count; i++)
        {
            size += TextSizeMax(fields.Field(i).Length);
        }
        nodes.BeginTail(id, Math.Max(size + EntrySizeMax(ref fields, hasSameFields: true), SizeInAdvance(nodes)));
        Span<byte> room = nodes.Edit(NodePosition.Tail).Bytes((int)size);
        Listpack.WriteEmpty(room);
        var master = new ListpackAppender(room);
        master.Add(0);
        master.Add(0);
        master.Add(count);
        for (int i = 0; i < count; i++)
        {
            master.Add(fields.Field(i));
        }
        master.Add(0);
        master.Finish();
    }

    /// <summary>A node behind another will probably get as big as that; a first one may stay small.</summary>
    private static long SizeInAdvance(StreamNodes nodes) => nodes.HasTail
        ? Math.Min(nodes.Heap.SizeOf(nodes.Root.Tail.Address) - StreamNode.HeaderSize, SizeInAdvanceMax)
        : 0;

    private static bool HasFields<TFields>(StreamNode node, scoped ref TFields fields)
        where TFields : IStreamFields, allows ref struct
    {
        bool areEqual = fields.Count == node.FieldCount;
        int offset = node.FieldsOffset;
        for (int i = 0; areEqual && i < node.FieldCount; i++)
        {
            areEqual = Listpack.At(node.Pack, offset).Equals(fields.Field(i));
            offset = Listpack.After(node.Pack, offset);
        }
        return areEqual;
    }

    private static long EntrySizeMax<TFields>(scoped ref TFields fields, bool hasSameFields)
        where TFields : IStreamFields, allows ref struct
    {
        long size = (StreamNode.HeadLength + 2) * NumberSizeMax;
        for (int i = 0; i < fields.Count; i++)
        {
            size += TextSizeMax(fields.Value(i).Length) + (hasSameFields ? 0 : TextSizeMax(fields.Field(i).Length));
        }
        return size;
    }

    /// <summary>The most bytes a text takes, whether it is stored as one or as an integer.</summary>
    private static long TextSizeMax(int length) => length <= 63 ? length + 2 : ListpackEnds.EntrySizeMax(length);

    private static void WriteEntry<TFields>(
        Span<byte> room, StreamId masterId, StreamId id, scoped ref TFields fields, bool hasSameFields)
        where TFields : IStreamFields, allows ref struct
    {
        int count = fields.Count;
        var entry = new ListpackAppender(room);
        entry.Add(hasSameFields ? StreamNode.SameFields : 0);
        entry.Add(unchecked((long)(id.Ms - masterId.Ms)));
        entry.Add(unchecked((long)(id.Sequence - masterId.Sequence)));
        if (!hasSameFields)
        {
            entry.Add(count);
        }
        for (int i = 0; i < count; i++)
        {
            if (!hasSameFields)
            {
                entry.Add(fields.Field(i));
            }
            entry.Add(fields.Value(i));
        }
        entry.Add(StreamNode.HeadLength + (hasSameFields ? count : (2L * count) + 1));
        entry.Finish();
    }

    /// <summary>The tail's listpack with room for so many bytes in all.</summary>
    private static Span<byte> Reserve(StreamNodes nodes, long size)
    {
        nodes.Edit(NodePosition.Tail);
        ref Link tail = ref nodes.Root.Tail;
        if (StreamNode.HeaderSize + size > nodes.Heap.SizeOf(tail.Address))
        {
            long grown = Math.Max(size, Math.Min(size + (size / GrowthShare), NodeSizeMax(nodes.Context.Limits)));
            tail.Address = nodes.Heap.Resize(tail.Address, StreamNode.HeaderSize + grown);
        }
        return nodes.Edit(NodePosition.Tail).Bytes((int)size);
    }
}
