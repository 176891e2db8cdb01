using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.PubSub;

/// <summary>
/// Who has subscribed to what, and the way of a message to all of them. A message is encoded once for each protocol version that a
/// subscriber speaks, and handed to the links while the publisher has the execution lock: so each subscriber gets messages in the order in
/// which they were published, whichever loop it lives on.
/// </summary>
/// <param name="heap">Pays for messages.</param>
/// <param name="removal">Takes subscriptions that have ended out of the tables.</param>
/// <param name="parts">Give a place in each session.</param>
public sealed class PubSubBroker(Heap heap, LazyRemoval removal, SessionParts parts) : ISessionPart
{
    private const int ProtocolVersionMax = 3;
    private const int BufferSizeKept = 4096;

    private readonly SessionSlot<Subscriptions> _slot = parts.Slot<Subscriptions>();
    private readonly SubscriberTable[] _tables = [new(removal), new(removal), new(removal)];

    private readonly ReplyWriter[] _encoded =
    [
        .. Enumerable.Range(0, ProtocolVersionMax + 1)
            .Select(version => new ReplyWriter(new NativeBuffer(heap, 64)) { Version = version }),
    ];

    private readonly long[] _numbers = new long[ProtocolVersionMax + 1];
    private long _latestNumber;

    /// <summary>Told when a session has its first subscription, or its last one is gone: other output limits hold then.</summary>
    public event Action<Session>? KindChanged;

    /// <summary>Told of each message to a shard channel that was sent to subscribers.</summary>
    public ShardMessageSent? SentToShard { get; set; }

    /// <summary>Messages are counted, and sent to nobody.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Sessions with a subscription of any kind.</summary>
    public int SubscriberCount { get; private set; }

    /// <summary>Different names that somebody has subscribed to.</summary>
    public int CountOf(ChannelKind kind) => _tables[(int)kind].Count;

    /// <summary>Subscribers of this very name.</summary>
    public int CountOf(ChannelKind kind, ReadOnlySpan<byte> name) => _tables[(int)kind].CountOf(name);

    public IEnumerable<byte[]> NamesOf(ChannelKind kind) => _tables[(int)kind].Names;

    /// <summary>The session's subscriptions; null where it never had any.</summary>
    public Subscriptions? Of(Session session) => _slot.Of(session);

    /// <summary>Nothing happens where the session has subscribed to it already.</summary>
    public void Subscribe(Session session, ChannelKind kind, ReadOnlySpan<byte> name)
    {
        if (Of(session) is not { } own)
        {
            _slot.Put(session, own = new Subscriptions(session));
        }
        if (_tables[(int)kind].Add(own.Names(kind), name) && own.Count == 1)
        {
            SubscriberCount++;
            session.Raise(Concern.Subscriber, true);
            KindChanged?.Invoke(session);
        }
    }

    /// <summary>Nothing happens where the session has not subscribed to it.</summary>
    public void Unsubscribe(Session session, ChannelKind kind, ReadOnlySpan<byte> name)
    {
        if (Of(session) is { } own && _tables[(int)kind].Remove(own.Names(kind), name))
        {
            NoteEnd(session, own);
        }
    }

    /// <summary>Ends all subscriptions of a kind, and returns their names.</summary>
    public IReadOnlyCollection<byte[]> UnsubscribeAll(Session session, ChannelKind kind)
    {
        if (Of(session) is not { } own || own.CountOf(kind) == 0)
        {
            return [];
        }
        SubscribedNames names = own.TakeAll(kind);
        _tables[(int)kind].RemoveAll(names);
        NoteEnd(session, own);
        return names.Names;
    }

    /// <summary>Ends all subscriptions of these shard channels, and tells each subscriber: they are another node's now.</summary>
    public void DropShardChannels(Func<byte[], bool> isDropped)
    {
        SubscriberTable table = _tables[(int)ChannelKind.Shard];
        foreach (byte[] name in table.Names.Where(isDropped).ToArray())
        {
            if (!table.TryFind(name, out HashSet<SubscribedNames>? subscribers))
            {
                continue;
            }
            foreach (Session session in subscribers.Where(static each => !each.IsOver).Select(static each => each.Session).ToArray())
            {
                Unsubscribe(session, ChannelKind.Shard, name);
                TellDropped(session, name);
            }
        }
    }

    private void TellDropped(Session session, byte[] name)
    {
        ReplyWriter encoded = _encoded[session.ProtocolVersion];
        encoded.Push(3);
        encoded.Bulk("sunsubscribe"u8);
        encoded.Bulk(name);
        encoded.Integer(CountOf(session, ChannelKind.Shard));
        session.Send(encoded.Buffer.Written(0), ++_latestNumber);
        encoded.Buffer.Truncate(0);
    }

    /// <summary>Takes a session out of everything, without a word to it.</summary>
    public void Forget(Session session)
    {
        foreach (ChannelKind kind in Enum.GetValues<ChannelKind>())
        {
            UnsubscribeAll(session, kind);
        }
    }

    /// <summary>Sends a message to a channel's subscribers and to those of matching patterns; returns how many got it.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        int count = 0;
        if (_tables[(int)ChannelKind.Channel].TryFind(channel, out HashSet<SubscribedNames>? subscribers))
        {
            count += Send(subscribers, "message"u8, default, channel, message);
        }
        foreach ((byte[] pattern, HashSet<SubscribedNames> matching) in _tables[(int)ChannelKind.Pattern].All)
        {
            if (Glob.IsMatch(pattern, channel))
            {
                count += Send(matching, "pmessage"u8, pattern, channel, message);
            }
        }
        return count;
    }

    /// <summary>Sends a message to a shard channel's subscribers; returns how many got it.</summary>
    public int PublishToShard(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        if (!_tables[(int)ChannelKind.Shard].TryFind(channel, out HashSet<SubscribedNames>? subscribers))
        {
            return 0;
        }
        int count = Send(subscribers, "smessage"u8, default, channel, message);
        if (!IsMuted)
        {
            SentToShard?.Invoke(channel, MessageSizeOf("smessage"u8, channel, message), count);
        }
        return count;
    }

    void ISessionPart.End(Session session) => Forget(session);

    void ISessionPart.Describe(ClientText text)
    {
        text.Add("sub", session => CountOf(session, ChannelKind.Channel));
        text.Add("psub", session => CountOf(session, ChannelKind.Pattern));
        text.Add("ssub", session => CountOf(session, ChannelKind.Shard));
        text.AddFlag('P', static session => session.IsSubscriber);
    }

    /// <summary>The bytes of a message that names no pattern; they are as many in both protocols.</summary>
    private static long MessageSizeOf(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message) =>
        "*3\r\n".Length + RequestFormat.ArgumentSizeOf(kind.Length) + RequestFormat.ArgumentSizeOf(channel.Length)
            + RequestFormat.ArgumentSizeOf(message.Length);

    private int CountOf(Session session, ChannelKind kind) => Of(session)?.CountOf(kind) ?? 0;

    private void NoteEnd(Session session, Subscriptions own)
    {
        if (own.Count == 0)
        {
            SubscriberCount--;
            session.Raise(Concern.Subscriber, false);
            KindChanged?.Invoke(session);
        }
    }

    private int Send(
        HashSet<SubscribedNames> subscribers, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> channel,
        ReadOnlySpan<byte> message)
    {
        int count = 0;
        foreach (SubscribedNames subscriber in subscribers)
        {
            if (subscriber.IsOver)
            {
                continue;
            }
            count++;
            if (IsMuted)
            {
                continue;
            }
            Session session = subscriber.Session;
            ReplyWriter encoded = _encoded[session.ProtocolVersion];
            if (encoded.Buffer.Length == 0)
            {
                encoded.Push(pattern.IsEmpty ? 3 : 4);
                encoded.Bulk(kind);
                if (!pattern.IsEmpty)
                {
                    encoded.Bulk(pattern);
                }
                encoded.Bulk(channel);
                encoded.Bulk(message);
                _numbers[session.ProtocolVersion] = ++_latestNumber;
            }
            session.Send(encoded.Buffer.Written(0), _numbers[session.ProtocolVersion]);
        }
        foreach (ReplyWriter encoded in _encoded)
        {
            encoded.Buffer.Truncate(0);
            encoded.Buffer.Shrink(BufferSizeKept);
        }
        return count;
    }
}

/// <summary>A message was sent to the subscribers of a shard channel.</summary>
/// <param name="channel">Its name.</param>
/// <param name="size">Bytes that each of them gets.</param>
/// <param name="count">How many they are.</param>
public delegate void ShardMessageSent(ReadOnlySpan<byte> channel, long size, int count);
