using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>A socket that is to be connected; belongs to the attempt, until it becomes a channel.</summary>
internal abstract class ClientSocket : IDisposable
{
    /// <summary>Chooses the address of this side.</summary>
    internal abstract int Bind(in SocketAddress source);

    /// <summary>
    /// Begins to connect over TCP: the last call made, and its result: 0 if it is connected, -EINPROGRESS if an event of the attempt will
    /// tell that <see cref="Outcome"/> is known.
    /// </summary>
    internal abstract (string Call, int Result) Connect(in SocketAddress peer, ConnectAttempt attempt);

    /// <summary>Connects to a Unix socket; -EAGAIN while its backlog is full: then it may be called again.</summary>
    internal abstract int Connect(string unixPath);

    /// <summary>0 if the socket is connected, its error if it cannot be, ENOTCONN if that is not known yet.</summary>
    internal abstract int Outcome();

    /// <summary>The channel over TCP; the socket is no longer this object's.</summary>
    internal abstract ByteChannel ToChannel(in SocketAddress peer, int keepAliveSeconds);

    /// <summary>The channel over a Unix socket; the socket is no longer this object's.</summary>
    internal abstract ByteChannel ToChannel(string unixPath);

    /// <summary>Gives back what is still its own.</summary>
    public abstract void Dispose();
}
