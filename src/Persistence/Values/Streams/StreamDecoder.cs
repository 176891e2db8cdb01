using System.Buffers.Binary;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Values.Streams;

/// <summary>
/// Reads streams of all three forms. The oldest does not know how many entries there were, nor how far groups have read: that is told
/// from what is there, as far as it can be. The newest also knows when consumers were active last.
/// </summary>
internal static class StreamDecoder
{
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        var stream = new StreamValue(slot);
        return TryReadNodes(ref reader, stream)
            && TryReadCounts(type, ref reader, stream)
            && TryReadGroups(type, ref reader, stream);
    }

    private static bool TryReadNodes(ref RdbReader reader, scoped StreamValue stream)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> masterId = reader.Text();
            ReadOnlySpan<byte> pack = reader.SecondText();
            if (reader.HasFailed || masterId.Length != RdbFormat.StreamIdSize || !stream.TryAppendNode(IdFrom(masterId), pack))
            {
                return false;
            }
        }
        return !reader.HasFailed;
    }

    /// <summary>Reads the stream's counts, which must fit its content; the first ID is not checked.</summary>
    private static bool TryReadCounts(RdbType type, ref RdbReader reader, scoped StreamValue stream)
    {
        ulong count = reader.Length();
        stream.LastId = ReadId(ref reader);
        stream.EntriesAdded = stream.Count;
        if (type != RdbType.Stream)
        {
            ReadId(ref reader);
            stream.MaxDeletedId = ReadId(ref reader);
            stream.EntriesAdded = unchecked((long)reader.Length());
        }
        StreamEntryReader last = stream.ReadBackward(StreamId.Max, StreamId.Min);
        return !reader.HasFailed
            && count == (ulong)stream.Count
            && stream.EntriesAdded >= stream.Count
            && (!last.MoveNext() || last.Id <= stream.LastId);
    }

    private static bool TryReadGroups(RdbType type, ref RdbReader reader, scoped StreamValue stream)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.Text();
            StreamId lastDeliveredId = ReadId(ref reader);
            long entriesRead = type == RdbType.Stream
                ? stream.EntriesReadAt(lastDeliveredId)
                : unchecked((long)reader.Length());
            if (reader.HasFailed || entriesRead < StreamGroup.EntriesReadUnknown
                || !stream.TryCreateGroup(name, lastDeliveredId, entriesRead, out StreamGroup group)
                || !TryReadPending(ref reader, group)
                || !TryReadConsumers(type, ref reader, group))
            {
                return false;
            }
        }
        return !reader.HasFailed;
    }

    private static bool TryReadPending(ref RdbReader reader, StreamGroup group)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            StreamId id = ReadRawId(ref reader);
            long deliveryMs = unchecked((long)reader.Fixed64());
            long deliveryCount = unchecked((long)reader.Length());
            if (reader.HasFailed || !group.TryAddUnowned(id, deliveryMs, deliveryCount))
            {
                return false;
            }
        }
        return !reader.HasFailed;
    }

    /// <summary>Every pending entry must be one consumer's.</summary>
    private static bool TryReadConsumers(RdbType type, ref RdbReader reader, StreamGroup group)
    {
        long ownedCount = 0;
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.Text();
            if (reader.HasFailed || !group.TryCreateConsumer(name, nowMs: 0, out StreamConsumer consumer))
            {
                return false;
            }
            consumer.SeenMs = unchecked((long)reader.Fixed64());
            consumer.ActiveMs = type == RdbType.StreamWithActiveTimes ? unchecked((long)reader.Fixed64()) : consumer.SeenMs;
            if (!TryReadOwn(ref reader, group, consumer))
            {
                return false;
            }
            ownedCount += consumer.PendingCount;
        }
        return !reader.HasFailed && ownedCount == group.PendingCount;
    }

    private static bool TryReadOwn(ref RdbReader reader, StreamGroup group, StreamConsumer consumer)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            StreamId id = ReadRawId(ref reader);
            if (reader.HasFailed || !group.TryAdopt(id, consumer))
            {
                return false;
            }
        }
        return !reader.HasFailed;
    }

    private static StreamId ReadId(ref RdbReader reader)
    {
        ulong ms = reader.Length();
        return new StreamId(ms, reader.Length());
    }

    private static StreamId ReadRawId(ref RdbReader reader) =>
        reader.Raw(RdbFormat.StreamIdSize) is { Length: RdbFormat.StreamIdSize } bytes ? IdFrom(bytes) : default;

    private static StreamId IdFrom(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));
}
