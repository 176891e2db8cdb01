using System.Net;
using System.Net.Sockets;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using SocketAddress = Bixbite.Platform.SocketAddress;

namespace Bixbite.Net.Transports;

/// <summary>
/// A listening socket of .NET. At most one accept is under way; whom it brings is kept here until the loop asks, which may be never.
/// </summary>
internal sealed class PortableServerSocket(Socket socket) : ServerSocket
{
    private readonly Lock _lock = new();
    private Socket _socket = socket;
    private Arrival? _arrival;
    private bool _isShut;

    internal override SocketAddress LocalAddress => _socket.LocalEndPoint is IPEndPoint end ? SocketAddress.Of(end) : default;

    internal override (string Call, int Result) Bind(in SocketAddress address, bool isShared)
    {
        IPEndPoint end = address.ToEndPoint();
        if (end.AddressFamily == AddressFamily.InterNetworkV6
            && PortableTransport.Result(() => _socket.DualMode = false) is < 0 and var noV6Only)
        {
            return ("setsockopt", noV6Only);
        }
        // .NET sets SO_REUSEADDR itself where that is what it is on Linux.
        if (isShared && SetShared(true) is < 0 and var unshared)
        {
            return ("setsockopt SO_REUSEPORT", unshared);
        }
        return ("bind", PortableTransport.Result(() => _socket.Bind(end)));
    }

    internal override int Bind(string unixPath)
    {
        int result = PortableTransport.Result(unixPath, _socket.Bind);
        if (result == 0)
        {
            ForgetPath();
        }
        return result;
    }

    internal override int Listen(int backlog) => PortableTransport.Result(() => _socket.Listen(backlog));

    internal override void Share(bool isShared) => _ = SetShared(isShared);

    internal override int Watch(EventLoop loop, ulong tag)
    {
        _arrival = new Arrival(() => loop.Post(() => loop.Acceptor.Mark(tag)));
        return 0;
    }

    internal override int Accept(string? unixPath, int keepAliveSeconds, out ByteChannel? channel)
    {
        channel = null;
        int result = Take(out Socket? accepted);
        if (accepted is null)
        {
            return result;
        }
        accepted.Blocking = false;
        if (unixPath is not null)
        {
            channel = new PortableChannel(accepted, unixPath);
            return 0;
        }
        SocketAddress peer = default;
        _ = PortableTransport.Result(() => peer = accepted.RemoteEndPoint is IPEndPoint end ? SocketAddress.Of(end) : default);
        TcpOptions.Apply(accepted, keepAliveSeconds);
        channel = new PortableChannel(accepted, peer);
        return 0;
    }

    internal override void Shut()
    {
        lock (_lock)
        {
            _isShut = true;
            _socket.Dispose();
        }
    }

    public override void Dispose()
    {
        Shut();
        _arrival?.Abandon();
    }

    /// <summary>Who has come, or null and -EAGAIN, or the error.</summary>
    private int Take(out Socket? accepted)
    {
        accepted = null;
        Arrival arrival = _arrival!;
        if (!arrival.IsUnderWay && !arrival.HasOutcome)
        {
            lock (_lock)
            {
                if (_isShut || arrival.Begin(_socket))
                {
                    return -Errno.EAGAIN;
                }
            }
        }
        return arrival.IsUnderWay ? -Errno.EAGAIN : arrival.Take(out accepted);
    }

    /// <summary>
    /// .NET removes the path when the socket is closed, though something else may be there by then: UnixSocketFile knows better. So the
    /// descriptor is given to an object that did not bind it.
    /// </summary>
    private void ForgetPath()
    {
        Socket bound = _socket;
        _socket = new Socket(new SafeSocketHandle(bound.SafeHandle.DangerousGetHandle(), ownsHandle: true)) { Blocking = false };
        bound.SafeHandle.SetHandleAsInvalid();
#pragma warning disable CA1816 // Not an implementation of Dispose: nobody else may keep the object from removing the path.
        GC.SuppressFinalize(bound);
#pragma warning restore CA1816
    }

    private int SetShared(bool isShared) => OperatingSystem.IsLinux()
        ? PortableTransport.Result(() => _socket.SetRawSocketOption(
            Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT, [isShared ? (byte)1 : (byte)0, 0, 0, 0]))
        : PortableTransport.Result(() => _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, isShared));

    /// <summary>The accept that is under way, or was.</summary>
    private sealed class Arrival(Action happened) : SocketAsyncEventArgs(true)
    {
        private const int Idle = 0;
        private const int UnderWay = 1;
        private const int Over = 2;
        private const int Abandoned = 3;

        private int _state;

        internal bool IsUnderWay => Volatile.Read(ref _state) == UnderWay;

        internal bool HasOutcome => Volatile.Read(ref _state) == Over;

        /// <summary>True if the outcome is told later; false if it is there.</summary>
        internal bool Begin(Socket socket)
        {
            AcceptSocket = null;
            Volatile.Write(ref _state, UnderWay);
            if (socket.AcceptAsync(this))
            {
                return true;
            }
            Volatile.Write(ref _state, Over);
            return false;
        }

        internal int Take(out Socket? accepted)
        {
            accepted = SocketError == SocketError.Success ? AcceptSocket : null;
            AcceptSocket = null;
            Volatile.Write(ref _state, Idle);
            return accepted is null ? -SocketErrors.Number(SocketError) : 0;
        }

        /// <summary>Nobody asks any more.</summary>
        internal void Abandon()
        {
            if (Interlocked.Exchange(ref _state, Abandoned) == Over)
            {
                AcceptSocket?.Dispose();
            }
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (Interlocked.CompareExchange(ref _state, Over, UnderWay) == UnderWay)
            {
                happened();
            }
            else
            {
                AcceptSocket?.Dispose();
            }
        }
    }
}
