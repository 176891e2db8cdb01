using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>Several event loops share one keyspace: every command stays atomic, and clients of one loop are reached from another.</summary>
public sealed class LoopTests
{
    private const int LoopCount = 3;
    private const int ClientCount = 12;
    private const int IncrementCount = 2000;

    [Fact]
    public async Task Counters_lose_nothing_between_loops()
    {
        using TestServer server = TestServer.Start("--io-threads", "3");
        Task[] clients = Enumerable.Range(0, ClientCount).Select(_ => Task.Run(() => Increment(server))).ToArray();
        await Task.WhenAll(clients);
        using RespConnection client = server.Connect();
        Assert.Equal($"{ClientCount * IncrementCount}", client.Call("GET counter").Text);
    }

    [Fact]
    public void A_client_is_killed_and_unblocked_from_another_loop()
    {
        using TestServer server = TestServer.Start("--io-threads", "3");
        var clients = new List<RespConnection>();
        for (int i = 0; i < LoopCount * 2; i++)
        {
            clients.Add(server.Connect());
        }
        using RespConnection judge = server.Connect();
        foreach (RespConnection client in clients)
        {
            string id = client.Call("CLIENT ID").Text;
            client.Send("WAIT 1 0");
            while (judge.Call($"CLIENT UNBLOCK {id}").Text != "1")
            {
                Thread.Sleep(1);
            }
            Assert.Equal("0", client.Read().Text);
            Assert.Equal("1", judge.Call($"CLIENT KILL ID {id}").Text);
            Assert.Empty(client.ReadToEnd());
            client.Dispose();
        }
        Assert.Equal("PONG", judge.Call("PING").Text);
    }

    private static void Increment(TestServer server)
    {
        using RespConnection client = server.Connect();
        for (int i = 0; i < IncrementCount; i += 100)
        {
            for (int n = 0; n < 100; n++)
            {
                client.Send("INCR counter");
            }
            for (int n = 0; n < 100; n++)
            {
                client.Read();
            }
        }
    }
}
