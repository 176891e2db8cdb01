using System.Net;
using System.Net.Sockets;
using Bixbite.Platform.OpenSsl;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>One of many honest clients on one thread: it speaks when it is connected, and goes on when it is answered.</summary>
internal sealed class TlsCrowdClient : IDisposable
{
    private static readonly byte[] s_room = new byte[64 * 1024];
    private static readonly byte[] s_input = new byte[64 * 1024];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
    private readonly TlsSession _session;
    private bool _isConnected;
    private int _stepCount;

    internal TlsCrowdClient(TlsContext context, int port)
    {
        _session = TlsSession.Connect(context, "localhost")!;
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It is under way.
        }
    }

    internal bool HasAgreed { get; private set; }

    /// <summary>How it was lost; null as long as it is not.</summary>
    internal string? Loss { get; private set; }

    /// <summary>Does what can be done without waiting.</summary>
    internal void GoOn()
    {
        if (!_isConnected)
        {
            if (!_socket.Poll(0, SelectMode.SelectWrite))
            {
                return;
            }
            _isConnected = true;
            Step(0);
        }
        while (!HasAgreed && Loss is null && _socket.Poll(0, SelectMode.SelectRead))
        {
            int count = _socket.Receive(s_input, SocketFlags.None, out SocketError error);
            if (count == 0)
            {
                Loss = $"sent away ({error}) after {_stepCount} steps";
                return;
            }
            Step(count);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _socket.Dispose();
    }

    private void Step(int count)
    {
        _stepCount++;
        TlsBytes bytes = new(s_input.AsSpan(0, count), s_room);
        TlsProgress progress = _session.Handshake(ref bytes);
        Assert.True(progress is TlsProgress.Done or TlsProgress.WantsInput, _session.Failure);
        HasAgreed = progress == TlsProgress.Done;
        if (bytes.Written > 0)
        {
            Assert.Equal(bytes.Written, _socket.Send(s_room.AsSpan(0, bytes.Written)));
        }
    }
}
