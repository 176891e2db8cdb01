using Bixbite.Net.Channels;

namespace Bixbite.Net;

/// <summary>
/// A channel that has not agreed with its peer yet; its loop's <see cref="Handshakes"/> owns it, and then it is a connection's.
/// </summary>
internal sealed class Handshake : IChannelUser
{
    private readonly Handshakes _owner;

    internal Handshake(Handshakes owner, ByteChannel channel, IConnectionHandler handler, ConnectAttempt? origin)
    {
        _owner = owner;
        Channel = channel;
        Handler = handler;
        Origin = origin;
        AmongAll = new LinkedListNode<Handshake>(this);
        AmongAlike = new LinkedListNode<Handshake>(this);
    }

    internal ByteChannel Channel { get; }

    internal IConnectionHandler Handler { get; }

    /// <summary>If this side has begun the connection.</summary>
    internal ConnectAttempt? Origin { get; }

    /// <summary>Its place in the table, or -1 when it is over.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>When it was accepted.</summary>
    internal long StartedUs { get; init; }

    /// <summary>When the peer's first words were looked at.</summary>
    internal long BegunUs { get; set; }

    /// <summary>The peer has ended its side: no event announces its last words, or that end, once more.</summary>
    internal bool HasPeerEnded { get; set; }

    /// <summary>Its descriptor is watched for room too.</summary>
    internal bool WatchesOutput { get; set; }

    internal LinkedListNode<Handshake> AmongAll { get; }

    /// <summary>Its place in the list of those in the same state.</summary>
    internal LinkedListNode<Handshake> AmongAlike { get; }

    /// <summary>Its attempt is over: it is closed, and nobody is told.</summary>
    internal void Drop() => _owner.Drop(this);

    void IChannelUser.Note(ChannelEvents events) => _owner.Note(this, events);

    bool IChannelUser.Post(Action action, bool mayRun) => _owner.Post(action);
}
