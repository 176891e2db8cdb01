using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Publishing;

/// <summary>
/// Who has subscribed to what, and the way of a message to all of them. A message is encoded once for each protocol version that a
/// subscriber speaks, and handed to the links while the publisher has the execution lock: so each subscriber gets messages in the order in
/// which they were published, whichever loop it lives on.
/// </summary>
public sealed class Broker(Heap heap)
{
    private const int ProtocolVersionMax = 3;
    private const int BufferSizeKept = 4096;

    /// <summary>What a subscription takes beside its name, roughly: its places in the sets of the name and of the session.</summary>
    private const long SubscriptionSize = 160;

    private readonly Dictionary<byte[], HashSet<Session>>[] _subscribers =
        [new(KeyBytesComparer.Instance), new(KeyBytesComparer.Instance), new(KeyBytesComparer.Instance)];

    private readonly ReplyWriter[] _encoded =
    [
        .. Enumerable.Range(0, ProtocolVersionMax + 1)
            .Select(version => new ReplyWriter(new NativeBuffer(heap, 64)) { Version = version }),
    ];

    private readonly long[] _numbers = new long[ProtocolVersionMax + 1];
    private long _latestNumber;

    /// <summary>Told when a session has its first subscription, or its last one is gone: other output limits hold then.</summary>
    public event Action<Session>? KindChanged;

    /// <summary>Sessions with a subscription of any kind.</summary>
    public int SubscriberCount { get; private set; }

    /// <summary>Different names that somebody has subscribed to.</summary>
    public int CountOf(ChannelKind kind) => _subscribers[(int)kind].Count;

    /// <summary>Subscribers of this very name.</summary>
    public int CountOf(ChannelKind kind, ReadOnlySpan<byte> name) =>
        TryFind(kind, name, out HashSet<Session>? sessions) ? sessions.Count : 0;

    public IEnumerable<byte[]> NamesOf(ChannelKind kind) => _subscribers[(int)kind].Keys;

    /// <summary>Nothing happens where the session has subscribed to it already.</summary>
    public void Subscribe(Session session, ChannelKind kind, ReadOnlySpan<byte> name)
    {
        Subscriptions own = session.Subscriptions ??= new Subscriptions();
        HashSet<byte[]> names = own.Names(kind);
        if (names.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(name))
        {
            return;
        }
        byte[] key = name.ToArray();
        names.Add(key);
        if (!_subscribers[(int)kind].TryGetValue(key, out HashSet<Session>? sessions))
        {
            _subscribers[(int)kind].Add(key, sessions = []);
        }
        sessions.Add(session);
        session.Hold(SubscriptionSize + name.Length);
        if (own.Count == 1)
        {
            SubscriberCount++;
            KindChanged?.Invoke(session);
        }
    }

    /// <summary>Nothing happens where the session has not subscribed to it.</summary>
    public void Unsubscribe(Session session, ChannelKind kind, ReadOnlySpan<byte> name)
    {
        if (session.Subscriptions is not { } own
            || !own.Names(kind).GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name)
            || !TryFind(kind, name, out HashSet<Session>? sessions))
        {
            return;
        }
        sessions.Remove(session);
        session.Hold(-SubscriptionSize - name.Length);
        if (sessions.Count == 0)
        {
            _subscribers[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name);
        }
        if (own.Count == 0)
        {
            SubscriberCount--;
            KindChanged?.Invoke(session);
        }
    }

    /// <summary>Takes a session out of everything, without a word to it.</summary>
    public void Forget(Session session)
    {
        if (session.Subscriptions is not { Count: > 0 } own)
        {
            return;
        }
        foreach (ChannelKind kind in Enum.GetValues<ChannelKind>())
        {
            foreach (byte[] name in own.Names(kind).ToArray())
            {
                Unsubscribe(session, kind, name);
            }
        }
    }

    /// <summary>Sends a message to a channel's subscribers and to those of matching patterns; returns how many got it.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        int count = 0;
        if (TryFind(ChannelKind.Channel, channel, out HashSet<Session>? sessions))
        {
            count += Send(sessions, "message"u8, default, channel, message);
        }
        foreach ((byte[] pattern, HashSet<Session> matching) in _subscribers[(int)ChannelKind.Pattern])
        {
            if (Glob.IsMatch(pattern, channel))
            {
                count += Send(matching, "pmessage"u8, pattern, channel, message);
            }
        }
        return count;
    }

    /// <summary>Sends a message to a shard channel's subscribers; returns how many got it.</summary>
    public int PublishToShard(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message) =>
        TryFind(ChannelKind.Shard, channel, out HashSet<Session>? sessions) ? Send(sessions, "smessage"u8, default, channel, message) : 0;

    private bool TryFind(ChannelKind kind, ReadOnlySpan<byte> name, [NotNullWhen(true)] out HashSet<Session>? sessions) =>
        _subscribers[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out sessions);

    private int Send(
        HashSet<Session> sessions, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> channel,
        ReadOnlySpan<byte> message)
    {
        foreach (Session session in sessions)
        {
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
            session.Link.Send(encoded.Buffer.Written(0), _numbers[session.ProtocolVersion]);
        }
        foreach (ReplyWriter encoded in _encoded)
        {
            encoded.Buffer.Truncate(0);
            encoded.Buffer.Shrink(BufferSizeKept);
        }
        return sessions.Count;
    }
}
