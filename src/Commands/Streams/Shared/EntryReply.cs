using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Answering ids and entries.</summary>
internal static class EntryReply
{
    public static void Id(ReplyWriter reply, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        reply.Bulk(text[..id.Format(text)]);
    }

    /// <summary>The reader's current entry: its id and an array of its fields and values.</summary>
    public static void Entry(ReplyWriter reply, ref StreamEntryReader reader)
    {
        reply.Array(2);
        Content(reply, ref reader);
    }

    /// <summary>The same and the two numbers that CLAIM adds.</summary>
    public static void Delivery(ReplyWriter reply, ref StreamEntryReader reader, long idleMs, long deliveryCount)
    {
        reply.Array(4);
        Content(reply, ref reader);
        reply.Integer(idleMs);
        reply.Integer(deliveryCount);
    }

    /// <summary>An entry that is no longer there.</summary>
    public static void Deleted(ReplyWriter reply, StreamId id)
    {
        reply.Array(2);
        Id(reply, id);
        reply.NullArray();
    }

    /// <summary>The entries from the next one on, as an array; no more than so many where the count is not 0.</summary>
    public static void Range(ReplyWriter reply, ref StreamEntryReader reader, long countMax)
    {
        if (reader.MoveNext())
        {
            Rest(reply, ref reader, countMax);
        }
        else
        {
            reply.Array(0);
        }
    }

    /// <summary>The same from the current one on.</summary>
    public static void Rest(ReplyWriter reply, ref StreamEntryReader reader, long countMax)
    {
        int mark = reply.BeginArray();
        int count = 0;
        do
        {
            Entry(reply, ref reader);
        }
        while (++count != countMax && reader.MoveNext());
        reply.EndArray(mark, count);
    }

    private static void Content(ReplyWriter reply, ref StreamEntryReader reader)
    {
        Id(reply, reader.Id);
        reply.Array(reader.FieldCount * 2L);
        while (reader.NextField(out ListpackEntry field, out ListpackEntry value))
        {
            Text(reply, field);
            Text(reply, value);
        }
    }

    private static void Text(ReplyWriter reply, ListpackEntry text)
    {
        if (text.IsInteger)
        {
            reply.BulkInteger(text.Integer);
        }
        else
        {
            reply.Bulk(text.Bytes);
        }
    }
}
