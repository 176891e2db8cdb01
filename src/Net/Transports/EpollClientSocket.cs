using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>A descriptor that connects; the end of that is an event of its loop's epoll instance.</summary>
internal sealed class EpollClientSocket(int descriptor) : ClientSocket
{
    private int _descriptor = descriptor;
    private Poller? _watching;

    internal override int Bind(in SocketAddress source) => Sockets.bind(_descriptor, source);

    internal override (string Call, int Result) Connect(in SocketAddress peer, ConnectAttempt attempt)
    {
        int result = Sockets.connect(_descriptor, peer);
        if (result is not (-Errno.EINPROGRESS or -Errno.EINTR))
        {
            return ("connect", result);
        }
        _watching = attempt.Loop.Poller;
        int watched = _watching.AddAttempt(_descriptor, attempt.Slot);
        return watched < 0 ? ("epoll_ctl", watched) : ("connect", -Errno.EINPROGRESS);
    }

    internal override int Connect(string unixPath)
    {
        int result = Sockets.connect(_descriptor, unixPath);
        return result == -Errno.EINTR ? -Errno.EAGAIN : result;
    }

    internal override int Outcome()
    {
        int result = Sockets.getsockopt(_descriptor, Sockets.SOL_SOCKET, Sockets.SO_ERROR, out int error);
        if (result < 0 || error != 0)
        {
            return result < 0 ? -result : error;
        }
        if (Sockets.getpeername(_descriptor, out SocketAddress peer) is < 0 and var unconnected)
        {
            return -unconnected;
        }
        bool isItsOwnPeer = Sockets.getsockname(_descriptor, out SocketAddress local) == 0 && local.Is(peer);
        return isItsOwnPeer ? Errno.ECONNREFUSED : 0;
    }

    internal override ByteChannel ToChannel(in SocketAddress peer, int keepAliveSeconds)
    {
        _watching?.Remove(_descriptor);
        TcpOptions.Apply(_descriptor, keepAliveSeconds);
        return new SocketChannel(Take(), peer);
    }

    internal override ByteChannel ToChannel(string unixPath) => new SocketChannel(Take(), unixPath);

    public override void Dispose()
    {
        if (_descriptor >= 0)
        {
            Files.close(Take());
        }
    }

    private int Take()
    {
        int taken = _descriptor;
        _descriptor = -1;
        return taken;
    }
}
