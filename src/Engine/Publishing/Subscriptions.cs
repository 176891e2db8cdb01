using Bixbite.Engine.Blocking;

namespace Bixbite.Engine.Publishing;

/// <summary>What one session has subscribed to. Changed by the <see cref="Broker"/> alone.</summary>
public sealed class Subscriptions
{
    private readonly HashSet<byte[]>[] _names =
        [new(KeyBytesComparer.Instance), new(KeyBytesComparer.Instance), new(KeyBytesComparer.Instance)];

    /// <summary>Channels and patterns together, as the replies of SUBSCRIBE and PSUBSCRIBE count them.</summary>
    public int GlobalCount => CountOf(ChannelKind.Channel) + CountOf(ChannelKind.Pattern);

    public int Count => GlobalCount + CountOf(ChannelKind.Shard);

    public int CountOf(ChannelKind kind) => _names[(int)kind].Count;

    public IReadOnlyCollection<byte[]> NamesOf(ChannelKind kind) => Names(kind);

    internal HashSet<byte[]> Names(ChannelKind kind) => _names[(int)kind];
}
