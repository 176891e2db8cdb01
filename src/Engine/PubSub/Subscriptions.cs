using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.PubSub;

/// <summary>The subscriptions of one session. Changed by the <see cref="PubSubBroker"/> alone.</summary>
public sealed class Subscriptions(Session session)
{
    private readonly SubscribedNames[] _names = [new(session), new(session), new(session)];

    /// <summary>Channels and patterns together, as the replies of SUBSCRIBE and PSUBSCRIBE count them.</summary>
    public int GlobalCount => CountOf(ChannelKind.Channel) + CountOf(ChannelKind.Pattern);

    public int Count => GlobalCount + CountOf(ChannelKind.Shard);

    public int CountOf(ChannelKind kind) => _names[(int)kind].Names.Count;

    /// <summary>The names of a kind.</summary>
    public IReadOnlyCollection<byte[]> NamesOf(ChannelKind kind) => _names[(int)kind].Names;

    internal SubscribedNames Names(ChannelKind kind) => _names[(int)kind];

    /// <summary>Hands over all names of a kind; the session has none then.</summary>
    internal SubscribedNames TakeAll(ChannelKind kind)
    {
        SubscribedNames names = _names[(int)kind];
        _names[(int)kind] = new SubscribedNames(session);
        return names;
    }
}
