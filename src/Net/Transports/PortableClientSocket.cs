using System.Net;
using System.Net.Sockets;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using SocketAddress = Bixbite.Platform.SocketAddress;

namespace Bixbite.Net.Transports;

/// <summary>A socket of .NET that connects; the end of that comes on a thread of .NET's, which tells the attempt's loop.</summary>
internal sealed class PortableClientSocket(Socket socket) : ClientSocket
{
    private Socket? _socket = socket;
    private Progress? _progress;

    internal override int Bind(in SocketAddress source)
    {
        IPEndPoint end = source.ToEndPoint();
        return PortableTransport.Result(() => _socket!.Bind(end));
    }

    internal override (string Call, int Result) Connect(in SocketAddress peer, ConnectAttempt attempt)
    {
        _progress = new Progress(attempt) { RemoteEndPoint = peer.ToEndPoint() };
        int result = PortableTransport.Result(() => _progress.Begin(_socket!));
        if (result < 0)
        {
            return ("connect", result);
        }
        int outcome = Outcome();
        return ("connect", outcome == Errno.ENOTCONN ? -Errno.EINPROGRESS : -outcome);
    }

    internal override int Connect(string unixPath)
    {
        int result = PortableTransport.Result(unixPath, _socket!.Connect);
        if (result == -Errno.EAGAIN && PortableTransport.TryOpen(SocketAddress.AF_UNIX, out Socket? another) == 0)
        {
            // .NET lets a socket that has failed once not try again.
            Dispose();
            _socket = another;
        }
        return result;
    }

    internal override int Outcome()
    {
        if (!_progress!.IsOver)
        {
            return Errno.ENOTCONN;
        }
        if (_progress.SocketError != SocketError.Success)
        {
            return SocketErrors.Number(_progress.SocketError);
        }
        bool isItsOwnPeer = false;
        int result = PortableTransport.Result(() => isItsOwnPeer = Equals(_socket!.LocalEndPoint, _socket.RemoteEndPoint));
        return isItsOwnPeer ? Errno.ECONNREFUSED : -result;
    }

    internal override ByteChannel ToChannel(in SocketAddress peer, int keepAliveSeconds)
    {
        TcpOptions.Apply(_socket!, keepAliveSeconds);
        return new PortableChannel(Take(), peer);
    }

    internal override ByteChannel ToChannel(string unixPath) => new PortableChannel(Take(), unixPath);

    public override void Dispose()
    {
        if (_socket is not null)
        {
            Take().Dispose();
        }
    }

    private Socket Take()
    {
        Socket taken = _socket!;
        _socket = null;
        _progress?.Dispose();
        return taken;
    }

    private sealed class Progress(ConnectAttempt attempt) : SocketAsyncEventArgs(true)
    {
        private volatile bool _isOver;

        internal bool IsOver => _isOver;

        internal void Begin(Socket socket)
        {
            if (!socket.ConnectAsync(this))
            {
                _isOver = true;
            }
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            _isOver = true;
            attempt.Loop.Post(attempt.NoteEvent);
        }
    }
}
