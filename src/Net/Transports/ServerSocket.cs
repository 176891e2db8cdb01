using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>A socket that is bound and then listens. Belongs to whoever opened it, and then to the loop that accepts.</summary>
internal abstract class ServerSocket : IDisposable
{
    /// <summary>The address that it is bound to; none for a Unix socket.</summary>
    internal abstract SocketAddress LocalAddress { get; }

    /// <summary>Binds to an address of TCP: the last call made, and its result.</summary>
    /// <param name="address">Port 0 takes a free one.</param>
    /// <param name="isShared">The address may overlap with one of another socket that is shared.</param>
    internal abstract (string Call, int Result) Bind(in SocketAddress address, bool isShared);

    /// <summary>Binds to the path of a Unix socket, at which nothing is.</summary>
    internal abstract int Bind(string unixPath);

    internal abstract int Listen(int backlog);

    /// <summary>As when it was bound.</summary>
    internal abstract void Share(bool isShared);

    /// <summary>From now on whoever arrives after <see cref="Accept"/> has found nobody marks the tag at the loop's acceptor.</summary>
    internal abstract int Watch(EventLoop loop, ulong tag);

    /// <summary>Takes the next who waits: 0, -EAGAIN if nobody does, or why it cannot be taken.</summary>
    /// <param name="unixPath">That which the socket is bound to; null for TCP.</param>
    /// <param name="keepAliveSeconds">Of a TCP connection: seconds of silence until the peer is probed, 0 for never.</param>
    /// <param name="channel">Connected.</param>
    internal abstract int Accept(string? unixPath, int keepAliveSeconds, out ByteChannel? channel);

    /// <summary>Nobody is accepted any more, and the address is free. Any thread.</summary>
    internal abstract void Shut();

    public abstract void Dispose();
}
