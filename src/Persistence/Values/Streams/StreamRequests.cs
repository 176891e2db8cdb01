using System.Buffers;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Values.Streams;

/// <summary>
/// The requests that make a stream: its entries, what it knows of those that are gone, its groups, and to whom each pending entry was
/// delivered.
/// </summary>
internal static class StreamRequests
{
    public static void Write(IBufferWriter<byte> target, ReadOnlySpan<byte> key, scoped ValueSlot slot)
    {
        var stream = new StreamValue(slot);
        WriteBeginning(target, key, stream);
        WriteEntries(target, key, stream.Read());
        WriteState(target, key, stream);
        WriteGroups(target, key, stream);
    }

    /// <summary>Writes the requests before the entries.</summary>
    public static void WriteBeginning(IBufferWriter<byte> target, ReadOnlySpan<byte> key, scoped StreamValue stream)
    {
        if (stream.Count == 0)
        {
            WriteEmpty(target, key);
        }
    }

    public static void WriteEntries(IBufferWriter<byte> target, ReadOnlySpan<byte> key, scoped StreamEntryReader entries)
    {
        while (entries.MoveNext())
        {
            WriteEntry(target, key, ref entries);
        }
    }

    /// <summary>Writes the requests after the entries and before the groups.</summary>
    public static void WriteState(IBufferWriter<byte> target, ReadOnlySpan<byte> key, scoped StreamValue stream)
    {
        target.Begin(7);
        target.Add("XSETID"u8);
        target.Add(key);
        Add(target, stream.LastId);
        target.Add("ENTRIESADDED"u8);
        target.Add(stream.EntriesAdded);
        target.Add("MAXDELETEDID"u8);
        Add(target, stream.MaxDeletedId);
    }

    /// <summary>The groups with their consumers and pending entries.</summary>
    public static void WriteGroups(IBufferWriter<byte> target, ReadOnlySpan<byte> key, scoped StreamValue stream)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            WriteGroup(target, key, groups.Current);
        }
    }

    public static void BeginGroup(
        IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group, StreamId lastDeliveredId, long entriesRead)
    {
        target.Begin(7);
        target.Add("XGROUP"u8);
        target.Add("CREATE"u8);
        target.Add(key);
        target.Add(group);
        Add(target, lastDeliveredId);
        target.Add("ENTRIESREAD"u8);
        target.Add(entriesRead);
    }

    /// <summary>For a consumer without pending entries: others come with these.</summary>
    public static void WriteConsumer(
        IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group, ReadOnlySpan<byte> consumer)
    {
        target.Begin(5);
        target.Add("XGROUP"u8);
        target.Add("CREATECONSUMER"u8);
        target.Add(key);
        target.Add(group);
        target.Add(consumer);
    }

    public static void WritePending(
        IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group, ReadOnlySpan<byte> consumer, in SavedPending entry)
    {
        target.Begin(12);
        target.Add("XCLAIM"u8);
        target.Add(key);
        target.Add(group);
        target.Add(consumer);
        target.Add("0"u8);
        Add(target, entry.Id);
        target.Add("TIME"u8);
        target.Add(entry.DeliveryMs);
        target.Add("RETRYCOUNT"u8);
        target.Add(entry.DeliveryCount);
        target.Add("JUSTID"u8);
        target.Add("FORCE"u8);
    }

    /// <summary>An entry that is trimmed as it comes leaves a stream without entries.</summary>
    private static void WriteEmpty(IBufferWriter<byte> target, ReadOnlySpan<byte> key)
    {
        target.Begin(7);
        target.Add("XADD"u8);
        target.Add(key);
        target.Add("MAXLEN"u8);
        target.Add("0"u8);
        target.Add("0-1"u8);
        target.Add("x"u8);
        target.Add("y"u8);
    }

    private static void WriteEntry(IBufferWriter<byte> target, ReadOnlySpan<byte> key, ref StreamEntryReader entries)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        target.Begin(3 + (2 * entries.FieldCount));
        target.Add("XADD"u8);
        target.Add(key);
        Add(target, entries.Id);
        while (entries.NextField(out ListpackEntry field, out ListpackEntry value))
        {
            target.Add(field.Text(digits));
            target.Add(value.Text(digits));
        }
    }

    private static void WriteGroup(IBufferWriter<byte> target, ReadOnlySpan<byte> key, StreamGroup group)
    {
        BeginGroup(target, key, group.Name, group.LastDeliveredId, group.EntriesRead);
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            StreamConsumer consumer = consumers.Current;
            if (consumer.PendingCount == 0)
            {
                WriteConsumer(target, key, group.Name, consumer.Name);
                continue;
            }
            PendingWalk pending = consumer.WalkPending();
            while (pending.MoveNext())
            {
                PendingEntry entry = pending.Current;
                WritePending(target, key, group.Name, consumer.Name, new SavedPending(entry.Id, entry.DeliveryMs, entry.DeliveryCount));
            }
        }
    }

    private static void Add(IBufferWriter<byte> target, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        target.Add(text[..id.Format(text)]);
    }
}
