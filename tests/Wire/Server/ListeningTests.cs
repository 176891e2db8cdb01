using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>
/// Addresses that change while the server runs: all or nothing, and the old ones serve until the new ones do. With several loops the one
/// that changes them is not always the one that accepts.
/// </summary>
public sealed class ListeningTests
{
    private const int ClientCount = 4;
    private const string BindRefusal = "Failed to bind to specified addresses";
    private const string PortRefusal = "Unable to listen on this port";

    private static readonly string[] s_unobtainable =
        ["203.0.113.7", "127.0.0.2 203.0.113.7", "203.0.113.7 127.0.0.2", "127.0.0.1 203.0.113.7", "* 203.0.113.7", "nowhere.invalid"];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_port_can_be_changed_and_connections_stay(int threads) => WithClients(threads, (server, clients) =>
    {
        foreach (RespConnection client in clients)
        {
            int port = FreePorts.Next();
            Assert.Equal("OK", client.Call($"CONFIG SET port {port}").Text);
            AssertServes(At("127.0.0.1", port));
            AssertRefuses(server.Address.Tcp);
            Assert.Equal("OK", client.Call($"CONFIG SET port {server.Address.Port}").Text);
            AssertServes(server.Address.Tcp);
            AssertRefuses(At("127.0.0.1", port));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_address_that_cannot_be_had_changes_nothing(int threads) => WithClients(threads, (server, clients) =>
    {
        int port = server.Address.Port;
        foreach (RespConnection client in clients)
        {
            foreach (string bind in s_unobtainable)
            {
                Assert.Contains(BindRefusal, client.Call($"CONFIG SET bind \"{bind}\"").Text, StringComparison.Ordinal);
                AssertServes(server.Address.Tcp);
                AssertRefuses(At("127.0.0.2", port));
            }
            Assert.Equal("OK", client.Call("CONFIG SET bind \"127.0.0.2 -203.0.113.7\"").Text);
            AssertServes(At("127.0.0.2", port));
            AssertRefuses(server.Address.Tcp);
            Assert.Equal("OK", client.Call("CONFIG SET bind 127.0.0.1").Text);
            AssertServes(server.Address.Tcp);
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_port_that_is_taken_changes_nothing(int threads) => WithClients(threads, (server, clients) =>
    {
        using var other = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        other.Start();
        int taken = ((IPEndPoint)other.LocalEndpoint).Port;
        Assert.Equal("OK", clients[0].Call("CONFIG SET bind \"127.0.0.1 127.0.0.2\"").Text);
        foreach (RespConnection client in clients)
        {
            Assert.Contains(PortRefusal, client.Call($"CONFIG SET port {taken}").Text, StringComparison.Ordinal);
            AssertServes(server.Address.Tcp);
            AssertServes(At("127.0.0.2", server.Address.Port));
            AssertRefuses(At("127.0.0.1", taken));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_setting_that_fails_beside_it_takes_the_address_back(int threads) => WithClients(threads, (server, clients) =>
    {
        foreach (RespConnection client in clients)
        {
            int port = FreePorts.Next();
            string refusal = client.Call($"CONFIG SET port {port} bind \"127.0.0.1 127.0.0.2\" maxclients 4000000000").Text;
            Assert.Contains("maxclients", refusal, StringComparison.Ordinal);
            AssertServes(server.Address.Tcp);
            AssertRefuses(At("127.0.0.1", port));
            AssertRefuses(At("127.0.0.2", port));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Addresses_that_overlap_replace_each_other(int threads) => WithClients(threads, (server, clients) =>
    {
        int port = server.Address.Port;
        foreach (RespConnection client in clients)
        {
            Assert.Equal("OK", client.Call("CONFIG SET bind *").Text);
            AssertServes(server.Address.Tcp);
            AssertServes(At("127.0.0.2", port));
            Assert.Equal("OK", client.Call("CONFIG SET bind 127.0.0.1").Text);
            AssertServes(server.Address.Tcp);
            AssertRefuses(At("127.0.0.2", port));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Changes_in_one_pipeline_follow_each_other(int threads) => WithClients(threads, (server, clients) =>
    {
        int port = server.Address.Port;
        foreach (RespConnection client in clients)
        {
            int next = FreePorts.Next();
            string[] changes =
            [
                $"CONFIG SET port {next}", "CONFIG SET bind *", $"CONFIG SET port {port}", $"CONFIG SET bind 127.0.0.2 port {next}",
                "CONFIG SET bind \"127.0.0.2 203.0.113.7\"", $"CONFIG SET port {port}", "CONFIG SET bind \"127.0.0.1 127.0.0.2\"",
            ];
            client.Send([.. changes.SelectMany(CommandLine.Encode)]);
            Assert.Equal(changes.Length - 1, changes.Count(_ => client.Read().Text == "OK"));
            AssertServes(At("127.0.0.1", port));
            AssertServes(At("127.0.0.2", port));
            AssertRefuses(At("127.0.0.1", next));
            AssertRefuses(At("127.0.0.2", next));
            Assert.Equal("OK", client.Call("CONFIG SET bind 127.0.0.1").Text);
        }
    });

    /// <summary>
    /// With as many clients as there are loops, so that every loop changes the addresses once; as a process, whose limit of open files
    /// refuses too many clients.
    /// </summary>
    private static void WithClients(int threads, Action<TestServer, RespConnection[]> story)
    {
        using TestServer server = TestServer.StartProcess("--io-threads", $"{threads}", "--bind", "127.0.0.1");
        RespConnection[] clients = [.. Enumerable.Range(0, ClientCount).Select(_ => server.Connect())];
        try
        {
            story(server, clients);
            Assert.All(clients, client => Assert.Equal("PONG", client.Call("PING").Text));
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    private static IPEndPoint At(string address, int port) => new(IPAddress.Parse(address), port);

    private static void AssertServes(EndPoint address)
    {
        using RespConnection client = RespConnection.Open(address);
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    private static void AssertRefuses(EndPoint address) => Assert.Throws<SocketException>(() => RespConnection.Open(address).Dispose());
}
