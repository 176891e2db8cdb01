using System.Net.Sockets;
using Bixbite.Net;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>An address that takes no more connections and refuses none: its backlog is full, and nobody accepts.</summary>
internal sealed class SilentPeer : IDisposable
{
    /// <summary>So many connections in a row that do not come about fill a backlog.</summary>
    private const int SilentEnough = 4;

    private const int WaitingMax = 1000;

    private readonly Socket _listener;
    private readonly List<Socket> _accepted = [];
    private readonly List<int> _waiting = [];
    private readonly string? _path;

    internal SilentPeer(string? unixPath = null)
    {
        _path = unixPath;
        _listener = unixPath is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(
            unixPath is null ? new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(unixPath));
        _listener.Listen(0);
        for (int silent = 0; silent < SilentEnough;)
        {
            silent = HasConnected() ? 0 : silent + 1;
            Assert.True(_waiting.Count < WaitingMax, "the backlog has no end");
        }
    }

    internal ConnectTarget Target => _path is null ? ConnectTarget.Tcp("127.0.0.1", Port) : ConnectTarget.Unix(_path);

    internal int Port => ((System.Net.IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Makes room: accepts everybody who waits.</summary>
    internal void AcceptAll()
    {
        while (_listener.Poll(0, SelectMode.SelectRead))
        {
            _accepted.Add(_listener.Accept());
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _accepted.ForEach(static socket => socket.Dispose());
        _waiting.ForEach(static descriptor => Files.close(descriptor));
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private bool HasConnected()
    {
        int descriptor = Sockets.socket(_path is null ? SocketAddress.AF_INET : SocketAddress.AF_UNIX);
        Assert.True(descriptor >= 0);
        _waiting.Add(descriptor);
        if (_path is not null)
        {
            return Sockets.connect(descriptor, _path) == 0;
        }
        Assert.True(SocketAddress.TryParse("127.0.0.1", Port, out SocketAddress address));
        if (Sockets.connect(descriptor, address) == 0)
        {
            return true;
        }
        Thread.Sleep(20);
        return Sockets.getpeername(descriptor, out SocketAddress _) == 0;
    }
}
