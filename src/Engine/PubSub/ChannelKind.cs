namespace Bixbite.Engine.PubSub;

/// <summary>The kinds of names that a client can subscribe to.</summary>
public enum ChannelKind
{
    /// <summary>A channel by its name.</summary>
    Channel,

    /// <summary>All channels whose names match a pattern.</summary>
    Pattern,

    /// <summary>A channel of a cluster's shard: a name space of its own, without patterns.</summary>
    Shard,
}
