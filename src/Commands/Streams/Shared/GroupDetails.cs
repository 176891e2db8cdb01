using Bixbite.Protocol;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>The groups as XINFO STREAM FULL shows them: with their consumers, and of the pending entries the first ones.</summary>
internal static class GroupDetails
{
    /// <summary>The pair "groups" of the answer; a limit of 0 is none.</summary>
    public static void Answer(ReplyWriter reply, StreamValue stream, long countMax)
    {
        reply.Bulk("groups"u8);
        reply.Array(stream.GroupCount);
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            reply.Map(7);
            XInfo.Name(reply, group.Name);
            XInfo.Progress(reply, stream, group);
            XInfo.Number(reply, "pel-count"u8, group.PendingCount);
            Pending(reply, group.WalkPending(), Shown(group.PendingCount, countMax), isOfGroup: true);
            reply.Bulk("consumers"u8);
            reply.Array(group.ConsumerCount);
            StreamConsumerReader consumers = group.ReadConsumers();
            while (consumers.MoveNext())
            {
                Consumer(reply, consumers.Current, countMax);
            }
        }
    }

    private static void Consumer(ReplyWriter reply, StreamConsumer consumer, long countMax)
    {
        reply.Map(5);
        XInfo.Name(reply, consumer.Name);
        XInfo.Number(reply, "seen-time"u8, consumer.SeenMs);
        XInfo.Number(reply, "active-time"u8, consumer.ActiveMs);
        XInfo.Number(reply, "pel-count"u8, consumer.PendingCount);
        Pending(reply, consumer.WalkPending(), Shown(consumer.PendingCount, countMax), isOfGroup: false);
    }

    private static long Shown(long count, long countMax) => countMax == 0 ? count : Math.Min(count, countMax);

    private static void Pending(ReplyWriter reply, PendingWalk pending, long count, bool isOfGroup)
    {
        reply.Bulk("pending"u8);
        reply.Array(count);
        for (long i = 0; i < count && pending.MoveNext(); i++)
        {
            PendingEntry entry = pending.Current;
            reply.Array(isOfGroup ? 4 : 3);
            EntryReply.Id(reply, entry.Id);
            if (isOfGroup)
            {
                reply.Bulk(entry.Consumer.Name);
            }
            reply.Integer(entry.DeliveryMs);
            reply.Integer(entry.DeliveryCount);
        }
    }
}
