using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Hosting;
using Bixbite.Net.Channels;
using Bixbite.Unit.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>Ports beside that of the clients, on an address that no other test uses.</summary>
public sealed class EndpointTests
{
    private const string Address = "127.77.0.1";

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ItsSettingOpensMovesAndClosesIt(string threads)
    {
        int first = FreePort();
        int second = FreePort();
        using InProcessServer server = Start(threads, first);
        using InProcessStream client = server.Connect();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("PING", Echo(first, "PING\n"));
        }
        string info = InProcessServer.Call(client, "INFO server");
        Assert.Contains($"listener3:name=echo,bind={Address},port={first}", info, StringComparison.Ordinal);
        Assert.Equal("+OK", InProcessServer.Call(client, $"CONFIG SET echo-port {second}"));
        Assert.Equal("moved", Echo(second, "moved\n"));
        Assert.Throws<SocketException>(() => Echo(first, "x\n"));
        Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG SET echo-port 0"));
        Assert.Throws<SocketException>(() => Echo(second, "x\n"));
        Assert.DoesNotContain("listener", InProcessServer.Call(client, "INFO server"), StringComparison.Ordinal);
        Assert.Equal("+OK", InProcessServer.Call(client, $"CONFIG SET echo-port {first}"));
        Assert.Equal("again", Echo(first, "again\n"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void APortThatCannotBeHadChangesNothing(string threads)
    {
        using TcpListener other = new(IPAddress.Parse(Address), 0);
        other.Start();
        int taken = ((IPEndPoint)other.LocalEndpoint).Port;
        int port = FreePort();
        using InProcessServer server = Start(threads, port);
        using InProcessStream client = server.Connect();
        Assert.StartsWith("-ERR", InProcessServer.Call(client, $"CONFIG SET echo-port {taken}"), StringComparison.Ordinal);
        Assert.Equal("here", Echo(port, "here\n"));
        Assert.StartsWith("-ERR", InProcessServer.Call(client, $"CONFIG SET port {port}"), StringComparison.Ordinal);
        Assert.Equal("here", Echo(port, "here\n"));
        string refusal = InProcessServer.Call(client, $"CONFIG SET echo-port {FreePort()} bind 203.0.113.7");
        Assert.StartsWith("-ERR", refusal, StringComparison.Ordinal);
        Assert.Equal("here", Echo(port, "here\n"));
    }

    [Fact]
    public void TwoPortsAreSwappedInOneChange()
    {
        int first = FreePort();
        int second = FreePort();
        using InProcessServer server = Start("2", first);
        using InProcessStream client = server.Connect();
        Assert.Equal("+OK", InProcessServer.Call(client, $"CONFIG SET port {second}"));
        Assert.Equal("+PONG", Resp(second));
        Assert.Equal("+OK", InProcessServer.Call(client, $"CONFIG SET port {first} echo-port {second}"));
        Assert.Equal("+PONG", Resp(first));
        Assert.Equal("swapped", Echo(second, "swapped\n"));
    }

    /// <summary>A server with the echo on a port and no port for clients.</summary>
    private static InProcessServer Start(string threads, int echoPort) => new(
        options =>
        {
            options.Transport = Transport.Sockets;
            options.Set("io-threads", threads).Set("bind", Address).Set("port", "0").Set("echo-port", $"{echoPort}");
        },
        new EchoModule());

    private static string Resp(int port) => Echo(port, "PING\r\n").TrimEnd();

    private static string Echo(int port, string line)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience.LimitMs };
        socket.Connect(Address, port);
        socket.Send(Encoding.ASCII.GetBytes(line));
        return LineServer.ReadLine(socket);
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Parse(Address), 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
