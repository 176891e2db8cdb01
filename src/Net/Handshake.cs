using Bixbite.Net.Channels;

namespace Bixbite.Net;

/// <summary>
/// A channel that has not agreed with its peer yet; its loop's <see cref="Handshakes"/> owns it, and then it is a connection's.
/// </summary>
internal sealed class Handshake(Handshakes owner, ByteChannel channel, IConnectionHandler handler, ConnectAttempt? origin) : IChannelUser
{
    internal ByteChannel Channel { get; } = channel;

    internal IConnectionHandler Handler { get; } = handler;

    /// <summary>If this side has begun the connection.</summary>
    internal ConnectAttempt? Origin { get; } = origin;

    /// <summary>Its place in the table, or -1 when it is over.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>When it began.</summary>
    internal long StartedUs { get; set; }

    /// <summary>It stands among those that can go on.</summary>
    internal bool IsReady { get; set; }

    /// <summary>The peer has said something, or this side has.</summary>
    internal bool IsUnderWay { get; set; }

    /// <summary>Its descriptor is watched for room too.</summary>
    internal bool WatchesOutput { get; set; }

    /// <summary>The one that began before it, of those that are not over.</summary>
    internal Handshake? Older { get; set; }

    internal Handshake? Newer { get; set; }

    /// <summary>Its attempt is over: it is closed, and nobody is told.</summary>
    internal void Drop() => owner.Drop(this);

    void IChannelUser.Note(ChannelEvents events) => owner.Wake(this);

    bool IChannelUser.Post(Action action) => owner.Post(action);
}
