using System.Text;
using Bixbite.Types.Streams;

namespace Bixbite.Unit.Keyspace;

/// <summary>Random changes of a stream's groups, and what they come to.</summary>
internal static class StreamGroupMix
{
    private const int GroupCount = 3;
    private const int ConsumerCount = 4;

    public static void Change(StreamValue stream, Random random)
    {
        byte[] name = Name("group", random.Next(GroupCount));
        if (!stream.TryFindGroup(name, out StreamGroup group))
        {
            stream.TryCreateGroup(name, StreamId.Min, random.Next(9), out group);
        }
        else if (random.Next(400) == 0)
        {
            stream.TryRemoveGroup(name);
            return;
        }
        byte[] consumerName = Name("consumer", random.Next(ConsumerCount));
        if (group.TryCreateConsumer(consumerName, random.Next(1000), out StreamConsumer consumer))
        {
            consumer.ActiveMs = 5;
        }
        else if (random.Next(200) == 0)
        {
            group.RemoveConsumer(consumer);
            return;
        }
        consumer.SeenMs = random.Next(1000);
        for (int i = random.Next(8); i > 0; i--)
        {
            ChangeEntry(group, consumer, new StreamId((ulong)random.Next(2000), 1), random);
        }
    }

    /// <summary>Hands over the groups as they are.</summary>
    public static void HandOver(StreamValue stream, IGroupSink sink)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            sink.Group(group.Name, new SavedGroup(group.LastDeliveredId, group.EntriesRead, group.PendingCount));
            PendingWalk entries = group.WalkPending();
            while (entries.MoveNext())
            {
                sink.Pending(Saved(entries.Current));
            }
            sink.BeginConsumers((int)group.ConsumerCount);
            StreamConsumerReader consumers = group.ReadConsumers();
            while (consumers.MoveNext())
            {
                sink.Consumer(consumers.Current.Name, consumers.Current.SeenMs, consumers.Current.PendingCount);
                PendingWalk own = consumers.Current.WalkPending();
                while (own.MoveNext())
                {
                    sink.Own(Saved(own.Current));
                }
            }
        }
    }

    private static void ChangeEntry(StreamGroup group, StreamConsumer consumer, StreamId id, Random random)
    {
        if (!group.TryFindPending(id, out PendingEntry entry))
        {
            group.AddPending(id, consumer, random.Next(1000), 1);
            group.LastDeliveredId = id;
            group.EntriesRead++;
            return;
        }
        switch (random.Next(4))
        {
            case 0:
                group.Acknowledge(id);
                break;
            case 1:
                group.Claim(entry, consumer);
                break;
            case 2:
                entry.DeliveryMs = random.Next(1000);
                break;
            default:
                PendingReader pending = entry.Consumer.ReadPending(id, StreamId.Max);
                while (pending.MoveNext() && random.Next(4) != 0)
                {
                    PendingEntry next = pending.Current;
                    next.DeliveryCount++;
                }
                break;
        }
    }

    private static SavedPending Saved(PendingEntry entry) => new(entry.Id, entry.DeliveryMs, entry.DeliveryCount);

    private static byte[] Name(string kind, int number) => Encoding.ASCII.GetBytes($"{kind}:{number}");
}

/// <summary>Groups as text.</summary>
internal sealed class GroupText(Action<string> add) : IGroupSink
{
    public void Group(ReadOnlySpan<byte> name, in SavedGroup group) => add($"group {Encoding.ASCII.GetString(name)} {group}");

    public void Pending(in SavedPending entry) => add($"{entry}");

    public void BeginConsumers(int count) => add($"{count} consumers");

    public void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount) =>
        add($"consumer {Encoding.ASCII.GetString(name)} {seenMs} {pendingCount}");

    public void Own(in SavedPending entry) => add($"own {entry}");
}
