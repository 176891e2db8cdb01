using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>Linux' own calls: non-blocking descriptors, watched by epoll.</summary>
internal sealed class EpollTransport : SocketTransport
{
    public override string Name => "epoll";

    internal override Poller CreatePoller() => new EpollPoller();

    internal override int OpenServer(int family, out ServerSocket? socket)
    {
        int result = Sockets.socket(family);
        socket = result < 0 ? null : new EpollServerSocket(result);
        return Math.Min(result, 0);
    }

    internal override int OpenClient(int family, out ClientSocket? socket)
    {
        int result = Sockets.socket(family);
        socket = result < 0 ? null : new EpollClientSocket(result);
        return Math.Min(result, 0);
    }

    internal override string? Resolve(string host, int port, int family, ICollection<SocketAddress> addresses) =>
        Sockets.getaddrinfo(host, port, family, addresses);
}
