using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>A listening descriptor. It is shut down by any thread, but closed by the one that accepts, which may be using it.</summary>
internal sealed class EpollServerSocket(int descriptor) : ServerSocket
{
    private readonly int _descriptor = descriptor;

    internal override SocketAddress LocalAddress =>
        Sockets.getsockname(_descriptor, out SocketAddress address) == 0 && address.Family != SocketAddress.AF_UNIX ? address : default;

    internal override (string Call, int Result) Bind(in SocketAddress address, bool isShared)
    {
        if (address.Family == SocketAddress.AF_INET6
            && Sockets.setsockopt(_descriptor, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 1) is < 0 and var noV6Only)
        {
            return ("setsockopt", noV6Only);
        }
        if (Sockets.setsockopt(_descriptor, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1) is < 0 and var noReuse)
        {
            return ("setsockopt SO_REUSEADDR", noReuse);
        }
        if (isShared && SetShared(true) is < 0 and var unshared)
        {
            return ("setsockopt SO_REUSEPORT", unshared);
        }
        return ("bind", Sockets.bind(_descriptor, address));
    }

    internal override int Bind(string unixPath) => Sockets.bind(_descriptor, unixPath);

    internal override int Listen(int backlog) => Sockets.listen(_descriptor, backlog);

    internal override void Share(bool isShared) => _ = SetShared(isShared);

    internal override int Watch(EventLoop loop, ulong tag) => loop.Poller.Add(_descriptor, tag);

    internal override int Accept(string? unixPath, int keepAliveSeconds, out ByteChannel? channel)
    {
        channel = null;
        int result = Sockets.accept4(_descriptor, out SocketAddress peer);
        if (result < 0)
        {
            return result;
        }
        if (unixPath is null)
        {
            TcpOptions.Apply(result, keepAliveSeconds);
        }
        channel = unixPath is null ? new SocketChannel(result, peer) : new SocketChannel(result, unixPath);
        return 0;
    }

    internal override void Shut() => _ = Sockets.shutdown(_descriptor, Sockets.SHUT_RDWR);

    public override void Dispose() => Files.close(_descriptor);

    private int SetShared(bool isShared) =>
        Sockets.setsockopt(_descriptor, Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT, isShared ? 1 : 0);
}
