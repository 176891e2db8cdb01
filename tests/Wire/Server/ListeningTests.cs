using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>Addresses that change while the server runs.</summary>
public sealed class ListeningTests
{
    [Fact]
    public void The_port_can_be_changed_and_connections_stay()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        int port = ServerAddress.FreePort();
        Assert.Equal("OK", client.Call($"CONFIG SET port {port}").Text);
        using RespConnection other = RespConnection.Open(new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal("PONG", other.Call("PING").Text);
        Assert.Equal("PONG", client.Call("PING").Text);
        Assert.Throws<SocketException>(() => server.Connect().Dispose());
    }

    [Fact]
    public void An_address_that_cannot_be_had_changes_nothing()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Contains("Failed to bind to specified addresses", client.Call("CONFIG SET bind 203.0.113.7").Text, StringComparison.Ordinal);
        using RespConnection other = server.Connect();
        Assert.Equal("PONG", other.Call("PING").Text);
        Assert.Equal("OK", client.Call("CONFIG SET bind 127.0.0.1").Text);
        using RespConnection third = server.Connect();
        Assert.Equal("PONG", third.Call("PING").Text);
    }
}
