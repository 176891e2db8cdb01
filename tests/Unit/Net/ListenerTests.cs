using System.Net.Sockets;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

public sealed class ListenerTests
{
    [Fact]
    public void ErrorsNameAddressAndReason()
    {
        using LineServer server = new();
        LineHandler handler = new();
        using EventLoop loop = new(handler, SystemClock.Instance);
        using Listener second = new(new Service([loop], _ => handler));
        int port = server.Listener.Port;
        BindResult result = second.BindTcp("127.0.0.1", port);
        const string failure = "Could not create server TCP listening socket ";
        Assert.Equal($"{failure}127.0.0.1:{port}: bind: Address already in use", result.Message);
        Assert.Equal(Errno.EADDRINUSE, result.Errno);
        result = second.BindTcp("203.0.113.7", 7777);
        Assert.Equal($"{failure}203.0.113.7:7777: bind: Cannot assign requested address", result.Message);
        Assert.Equal(Errno.EADDRNOTAVAIL, result.Errno);
        result = second.BindTcp("no.such.host.invalid", 7777);
        Assert.StartsWith(failure + "no.such.host.invalid:7777: ", result.Message, StringComparison.Ordinal);
        result = second.BindUnix("/nowhere/at/all", 0);
        Assert.Equal("Failed opening Unix socket: bind: No such file or directory", result.Message);
        result = second.BindUnix("/" + new string('x', 107), 0);
        Assert.Equal("Failed opening Unix socket: unix socket path too long (108), must be under 108", result.Message);
    }

    [Fact]
    public void AddressesAreThoseOfClientList()
    {
        using LineServer server = new();
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        (string peer, string local, bool isUnix, bool isLocal) = server.OnLoop(() => Describe(server.Handler.Open.Single()));
        Assert.Equal(client.LocalEndPoint!.ToString(), peer);
        Assert.Equal(client.RemoteEndPoint!.ToString(), local);
        Assert.False(isUnix);
        Assert.True(isLocal);
    }

    [Fact]
    public void UnixSocketsHavePermissionsAndVanish()
    {
        string path = Path.Combine(Path.GetTempPath(), $"bixbite-net-{Guid.NewGuid():N}");
        using (LineServer server = new(address: path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new FileInfo(path).UnixFileMode);
            using Socket client = server.Connect();
            Patience.Until(() => server.OpenedCount == 1);
            Assert.Equal((path + ":0", path + ":0", true, true), server.OnLoop(() => Describe(server.Handler.Open.Single())));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void KeepAliveHoldsForLaterConnections()
    {
        using LineServer server = new();
        server.Listener.KeepAliveSeconds = 60;
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        (int on, int idle, int interval, int noDelay) = server.OnLoop(() =>
        {
            int descriptor = server.Handler.Open.Single().Descriptor;
            Sockets.getsockopt(descriptor, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE, out int isOn);
            Sockets.getsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, out int idleSeconds);
            Sockets.getsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, out int intervalSeconds);
            Sockets.getsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, out int isNoDelay);
            return (isOn, idleSeconds, intervalSeconds, isNoDelay);
        });
        Assert.Equal((1, 60, 20, 1), (on, idle, interval, noDelay));
    }

    [Fact]
    public void SocketsGoToTheLoopsInTurn()
    {
        using LineServer server = new(loopCount: 3);
        Socket[] clients = [.. Enumerable.Range(0, 30).Select(_ => server.Connect())];
        Patience.Until(() => server.OpenedCount == 30);
        foreach (LineHandler handler in server.Handlers)
        {
            Assert.Equal(10, handler.OpenedCount);
        }
        foreach (Socket client in clients)
        {
            client.Send("hello\n"u8);
        }
        foreach (Socket client in clients)
        {
            Assert.Equal("hello", LineServer.ReadLine(client));
        }
        foreach (Socket client in clients)
        {
            client.Dispose();
        }
        Patience.Until(() => server.ClosedCount == 30);
    }

    [Fact]
    public void ADisposedListenerAcceptsNoMoreAndConnectionsStay()
    {
        using LineServer server = new();
        using Socket client = server.Connect();
        client.Send("a\n"u8);
        Assert.Equal("a", LineServer.ReadLine(client));
        server.Listener.Dispose();
        server.OnLoop(() => 0);
        Assert.Throws<SocketException>(() => server.Connect());
        client.Send("b\n"u8);
        Assert.Equal("b", LineServer.ReadLine(client));
    }

    private static (string Peer, string Local, bool IsUnix, bool IsLocal) Describe(Connection connection) =>
        (connection.PeerAddress, connection.LocalAddress, connection.IsUnixSocket, connection.IsLocal);
}
