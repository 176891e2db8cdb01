using System.Net;
using System.Net.Sockets;

namespace Bixbite.Load.Client;

/// <summary>A connection without buffers of its own that says PING once and is silent from then on.</summary>
internal sealed class IdleConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };

    public IdleConnection(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Send("*1\r\n$4\r\nPING\r\n"u8);
        Span<byte> reply = stackalloc byte[64];
        int length = _socket.Receive(reply);
        if (!reply[..length].SequenceEqual("+PONG\r\n"u8))
        {
            throw new IOException("no PONG on a new connection");
        }
    }

    public void Dispose() => _socket.Dispose();
}
