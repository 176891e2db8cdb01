using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.BadInput;

/// <summary>Clients that want too much, or take their time: memory stays bounded and other clients are served.</summary>
public sealed class GreedyTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly ServerProcess _server = ServerProcess.Start(Programs.Server, "--maxclients", "12000");

    [Fact]
    public void An_announced_half_gigabyte_costs_nothing_until_it_comes()
    {
        long before = _server.ResidentBytes;
        List<RespConnection> connections = [];
        for (int i = 0; i < 20; i++)
        {
            connections.Add(_server.Connect());
            connections[i].Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nabc"u8);
        }

        AssertServed();
        Assert.InRange(_server.ResidentBytes - before, long.MinValue, 32 * Megabyte);
        connections.ForEach(connection => connection.Dispose());
        AssertServed();
    }

    [Fact]
    public void A_million_arguments_are_one_request()
    {
        StringBuilder request = new("*1000000\r\n$3\r\nDEL\r\n");
        for (int i = 1; i < 1_000_000; i++)
        {
            request.Append("$1\r\nk\r\n");
        }
        using RespConnection connection = _server.Connect();
        connection.Call("SET k v");
        connection.Send(Encoding.ASCII.GetBytes(request.ToString()));
        Assert.Equal(1, connection.Read().Integer);
        AssertServed();
    }

    [Fact]
    public void Replies_that_nobody_reads_stop_their_client_and_no_other()
    {
        Assert.SkipWhen(Programs.Server == Programs.RedisServer, "redis-server keeps such replies without limit");
        using RespConnection setter = _server.Connect();
        setter.Call($"SET k {new string('x', 10_000)}");
        long before = _server.ResidentBytes;
        using RespConnection greedy = _server.Connect();
        byte[] requests = Enumerable.Repeat(CommandLine.Encode("GET k"), 500).SelectMany(request => request).ToArray();
        // A gigabyte of requests would bring 500 gigabytes of replies.
        long sent = greedy.Flood(requests, sizeMax: 1024 * Megabyte, stillnessMs: 300);
        AssertServed();
        Assert.InRange(_server.ResidentBytes - before, long.MinValue, 128 * Megabyte);
        Assert.InRange(sent, 1, 1024 * Megabyte - 1);
    }

    [Fact]
    public void A_slow_client_is_served_in_the_end()
    {
        using RespConnection slow = _server.Connect();
        foreach (byte value in CommandLine.Encode("ECHO patience"))
        {
            slow.Send([value]);
            AssertServed();
        }

        Assert.Equal("patience", slow.Read().Text);
    }

    [Fact]
    public void Ten_thousand_connections_come_and_go()
    {
        List<RespConnection> connections = [];
        for (int i = 0; i < 10_000; i++)
        {
            connections.Add(_server.Connect());
        }
        for (int i = 0; i < connections.Count; i += 100)
        {
            Assert.Equal("PONG", connections[i].Call("PING").Text);
        }
        // Half of them end with a reset, the others politely.
        for (int i = 0; i < connections.Count; i++)
        {
            if (i % 2 == 0)
            {
                connections[i].Reset();
            }
            else
            {
                connections[i].Dispose();
            }
        }

        AssertServed();
        using RespConnection last = _server.Connect();
        Patience.Until(
            () => last.Call("INFO clients").Text.Contains("connected_clients:1\r", StringComparison.Ordinal),
            () => last.Call("INFO clients").Text);
    }

    public void Dispose() => _server.Dispose();

    private void AssertServed()
    {
        using RespConnection other = _server.Connect();
        Assert.Equal("PONG", other.Call("PING").Text);
    }
}
