using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Bixbite.Hosting;
using Bixbite.Net;
using Bixbite.Unit.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>A server's loops connect outwards while they serve: clients of a relay are served by the server that it leads to.</summary>
[Collection(AloneCollection.Name)]
public sealed class RelayTests
{
    [Theory]
    [InlineData("1", false)]
    [InlineData("4", false)]
    [InlineData("1", true)]
    [InlineData("4", true)]
    public void ARelaySpeaksWithOurOwnServer(string threads, bool isInProcess)
    {
        using InProcessServer server = new(options => options.Set("io-threads", threads));
        using Listener clients = new(server.Server.Clients);
        ConnectTarget target = isInProcess ? ConnectTarget.To(server.Server.Clients) : ConnectTarget.Tcp("127.0.0.1", Port(clients));
        using Listener relay = new(server.Server.Serve(_ => new RelayHandler(target)));
        int port = Port(relay);
        Socket[] sockets = [.. Enumerable.Range(0, 50).Select(_ => Connect(port))];
        foreach ((int index, Socket socket) in sockets.Index())
        {
            socket.Send(Encoding.ASCII.GetBytes($"SET key:{index} {index}\r\nINCRBY key:{index} 1000\r\nGET key:{index}\r\n"));
        }
        foreach ((int index, Socket socket) in sockets.Index())
        {
            string sum = (index + 1000).ToString(CultureInfo.InvariantCulture);
            Assert.Equal("+OK", Line(socket));
            Assert.Equal($":{sum}", Line(socket));
            Assert.Equal($"${sum.Length}", Line(socket));
            Assert.Equal(sum, Line(socket));
        }
        Assert.Equal(150, server.Server.ConnectionCount);
        sockets[0].Send("SETRANGE big 3000000 x\r\nGET big\r\nQUIT\r\n"u8);
        Assert.Equal(":3000001", Line(sockets[0]));
        Assert.Equal("$3000001", Line(sockets[0]));
        Assert.Equal(3_000_001 + "\r\n+OK\r\n".Length, LineServer.ReadAll(sockets[0]).Length);
        Array.ForEach(sockets, static socket => socket.Dispose());
        Patience.Until(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public void WhereTheTargetIsAwayItsClientsAreTold()
    {
        using InProcessServer server = new();
        using Socket refusing = OutgoingLoops.Refusing(out int refused);
        using Listener relay = new(server.Server.Serve(_ => new RelayHandler(ConnectTarget.Tcp("127.0.0.1", refused))));
        int port = Port(relay);
        for (int round = 0; round < 20; round++)
        {
            using Socket socket = Connect(port);
            Assert.Equal("-ERR Connection refused", Line(socket));
            Assert.Empty(LineServer.ReadAll(socket));
        }
        Patience.Until(() => server.Server.ConnectionCount == 0);
    }

    /// <summary>Clients that leave before the target has answered cancel their connection to it.</summary>
    [Fact]
    public void ClientsThatLeaveLeaveNothing()
    {
        using InProcessServer server = new();
        using SilentPeer silent = new();
        using Listener relay = new(server.Server.Serve(_ => new RelayHandler(silent.Target)));
        int port = Port(relay);
        int descriptors = ConnectTests.Descriptors();
        for (int round = 0; round < 50; round++)
        {
            Socket socket = Connect(port);
            Patience.Until(() => server.Server.ConnectionCount == 1);
            socket.Dispose();
            Patience.Until(() => server.Server.ConnectionCount == 0);
        }
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
    }

    private static int Port(Listener listener)
    {
        Assert.Equal("", listener.BindTcp("127.0.0.1", 0).Message);
        listener.Start();
        return listener.Port;
    }

    private static Socket Connect(int port)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience.LimitMs };
        socket.Connect("127.0.0.1", port);
        return socket;
    }

    private static string Line(Socket socket) => LineServer.ReadLine(socket).TrimEnd('\r');
}
