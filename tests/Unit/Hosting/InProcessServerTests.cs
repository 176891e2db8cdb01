using System.Net.Sockets;
using System.Text;
using Bixbite.Hosting;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Unit.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>A server may live without sockets; its clients within the process are clients like others.</summary>
[Collection(AloneCollection.Name)]
public sealed class InProcessServerTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ClientsAreServed(string threads)
    {
        using InProcessServer server = new(options => options.Set("io-threads", threads));
        using InProcessStream first = server.Connect();
        using InProcessStream second = server.Connect();
        Assert.Equal("+PONG", InProcessServer.Call(first, "PING"));
        Assert.Equal("+OK", InProcessServer.Call(first, "SET key value"));
        Assert.Equal("value", InProcessServer.Call(second, "GET key"));
        first.Write("BLPOP list 0\r\n"u8);
        while (InProcessServer.Call(second, "INFO clients") is var text && !text.Contains("blocked_clients:1", StringComparison.Ordinal))
        {
            Assert.Contains("blocked_clients:0", text, StringComparison.Ordinal);
        }
        Assert.Equal(":1", InProcessServer.Call(second, "RPUSH list element"));
        Assert.Equal("*2", InProcessServer.ReadLine(first));
    }

    [Fact]
    public void TheyAreListedAndKilledByTheirAddress()
    {
        using InProcessServer server = new();
        using InProcessStream first = server.Connect();
        using InProcessStream second = server.Connect();
        Assert.Contains("addr=pipe:1 laddr=pipe:0 fd=-1 ", InProcessServer.Call(first, "CLIENT INFO"), StringComparison.Ordinal);
        Assert.Contains("addr=pipe:2 laddr=pipe:0 fd=-1 ", InProcessServer.Call(second, "CLIENT LIST"), StringComparison.Ordinal);
        Assert.Equal("+OK", InProcessServer.Call(first, "CLIENT KILL pipe:2"));
        Assert.Equal("", InProcessServer.ReadLine(second));
        Assert.Equal("+PONG", InProcessServer.Call(first, "PING"));
    }

    [Fact]
    public void NoMoreThanMaxClientsAreLetIn()
    {
        using InProcessServer server = new(static options => options.Set("maxclients", "1"));
        using InProcessStream first = server.Connect();
        Assert.Equal("+PONG", InProcessServer.Call(first, "PING"));
        using InProcessStream second = server.Connect();
        Assert.Equal("-ERR max number of clients reached", InProcessServer.ReadLine(second));
        Assert.Equal(-1, second.ReadByte());
        first.Dispose();
        Patience.Until(() => server.Server.ConnectionCount == 0);
        using InProcessStream third = server.Connect();
        Assert.Equal("+PONG", InProcessServer.Call(third, "PING"));
    }

    [Fact]
    public void WhoDoesNotReadIsClosedByTheOutputLimit()
    {
        using InProcessServer server = new(static options => options.Set("client-output-buffer-limit", "normal 1mb 0 0"));
        using InProcessStream client = server.Connect();
        Assert.Equal(":300001", InProcessServer.Call(client, "SETRANGE key 300000 x"));
        IOException failure = Assert.Throws<IOException>(() =>
        {
            for (int count = 0; count < 1_000_000; count++)
            {
                client.Write("GET key\r\n"u8);
            }
        });
        Assert.Null(failure.InnerException);
        Patience.Until(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public void RequestsBeforeTheEndAreAnswered()
    {
        using InProcessServer server = new();
        using InProcessStream client = server.Connect();
        for (int index = 0; index < 1000; index++)
        {
            client.Write("INCR counter\r\n"u8);
        }
        client.CompleteWrites();
        for (int index = 1; index <= 1000; index++)
        {
            Assert.Equal($":{index}", InProcessServer.ReadLine(client));
        }
        Assert.Equal(-1, client.ReadByte());
    }

    [Fact]
    public void NoAddressIsOpenedWhateverIsSet()
    {
        using InProcessServer server = new();
        using InProcessStream client = server.Connect();
        Assert.Equal("+PONG", InProcessServer.Call(client, "PING"));
        int before = Sockets();
        Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG SET port 0"));
        Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG SET port 6379 bind 127.0.0.1"));
        Assert.Equal(before, Sockets());
        Assert.Equal(0, server.Server.Port);
    }

    [Fact]
    public void HundredsLiveAtOnceAndGiveEverythingBack()
    {
        const int count = 200;
        using (InProcessServer warm = new())
        {
            using InProcessStream client = warm.Connect();
            Assert.Equal("+PONG", InProcessServer.Call(client, "PING"));
        }
        int descriptors = Descriptors();
        List<InProcessServer> servers = [];
        List<InProcessStream> clients = [];
        for (int index = 0; index < count; index++)
        {
            servers.Add(new InProcessServer());
            clients.Add(servers[index].Connect());
        }
        for (int index = 0; index < count; index++)
        {
            Assert.Equal("+OK", InProcessServer.Call(clients[index], $"SET key {index}"));
        }
        for (int index = 0; index < count; index++)
        {
            Assert.Equal($"{index}", InProcessServer.Call(clients[index], "GET key"));
        }
        Assert.InRange(Descriptors(), 0, descriptors + (3 * count) + 20);
        servers.ForEach(static server => server.Dispose());
        foreach (InProcessStream client in clients)
        {
            Assert.Equal(-1, client.ReadByte());
        }
        Patience.Until(() => Descriptors() <= descriptors);
    }

    [Fact]
    public void WithoutATransportNobodyConnects()
    {
        using ServerInstance server = ServerInstance.Create(new ServerOptions { Transport = Transport.None });
        server.Start();
        Assert.Throws<InvalidOperationException>(server.Connect);
    }

    [Fact]
    public void AListenerOfAnotherKindServesBesideTheClients()
    {
        using InProcessServer server = new();
        Service echo = server.Server.Serve(static _ => new EchoHandler());
        using Listener listener = new(echo);
        Assert.True(listener.BindTcp("127.0.0.1", 0).IsBound);
        listener.Start();
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience.LimitMs };
        socket.Connect("127.0.0.1", listener.Port);
        using InProcessStream client = server.Connect();
        for (int index = 0; index < 100; index++)
        {
            socket.Send(Encoding.ASCII.GetBytes("PING\n"));
            client.Write("PING\r\n"u8);
            Assert.Equal("PING", LineServer.ReadLine(socket));
            Assert.Equal("+PONG", InProcessServer.ReadLine(client));
        }
        Assert.Single(InProcessServer.Call(client, "CLIENT LIST").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int Sockets() => Directory.GetFiles("/proc/self/fd").Count(
        static path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
