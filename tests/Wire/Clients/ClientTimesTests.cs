using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>CLIENT TIMES: where the time of each connection's requests went.</summary>
public sealed class ClientTimesTests
{
    private static readonly string[] s_stages = ["read", "lock", "queue", "execute", "hold", "send"];

    [Fact]
    public void Each_round_of_a_connection_counts_once_in_each_stage()
    {
        using TestServer server = TestServer.Start();
        using RespConnection watcher = server.Connect();
        using RespConnection client = server.Connect();
        watcher.Call("HELLO 3");
        client.Call("CLIENT SETNAME shop");
        long id = client.Call("CLIENT ID").Integer;
        client.Call("PING");
        Patience.Until(() => TimesOf(watcher, id)["send"]["count"] == 3);
        Reply told = Assert.Single(watcher.Call($"CLIENT TIMES ID {id}").Items);
        Assert.Equal(["id", "addr", "name", .. s_stages], told.Items.Where((_, i) => i % 2 == 0).Select(name => name.Text));
        Assert.Equal("shop", told.Items[5].Text);
        Dictionary<string, Dictionary<string, long>> times = TimesOf(watcher, id);
        Assert.Equal([3L, 3L, 3L, 3L, 0L, 3L], s_stages.Select(stage => times[stage]["count"]));
        Assert.All(times.Values, time => Assert.InRange(time["max-usec"], time["last-usec"], time["total-usec"]));
        Assert.Equal(2, watcher.Call("CLIENT TIMES").Items.Count);
    }

    [Fact]
    public void A_slow_request_shows_where_it_ran_and_who_waited_for_it()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection watcher = server.Connect();
        using RespConnection client = server.Connect();
        watcher.Call("HELLO 3");
        long id = client.Call("CLIENT ID").Integer;
        client.Call("DEBUG SLEEP 0.1");
        Assert.InRange(TimesOf(watcher, id)["execute"]["max-usec"], 100_000, long.MaxValue);
        Assert.Equal(0, TimesOf(watcher, id)["hold"]["count"]);
    }

    /// <summary>Unless the disk is faster than the loop: then there is nothing to wait for.</summary>
    [Fact]
    public void What_waits_for_the_disk_is_held()
    {
        using TestServer server = TestServer.Start("--appendonly", "yes", "--appendfsync", "always");
        using RespConnection watcher = server.Connect();
        using RespConnection client = server.Connect();
        watcher.Call("HELLO 3");
        long id = client.Call("CLIENT ID").Integer;
        Patience.Until(() =>
        {
            client.Call("SET k v");
            return TimesOf(watcher, id)["hold"]["count"] > 0;
        });
        Dictionary<string, Dictionary<string, long>> times = TimesOf(watcher, id);
        Assert.Equal(times["execute"]["count"], times["send"]["count"]);
    }

    /// <summary>A wait of the client's own is no time of sending.</summary>
    [Fact]
    public void A_blocked_client_is_not_sent_to()
    {
        using TestServer server = TestServer.Start();
        using RespConnection watcher = server.Connect();
        using RespConnection client = server.Connect();
        watcher.Call("HELLO 3");
        long id = client.Call("CLIENT ID").Integer;
        client.Send("BLPOP list 0");
        watcher.AwaitBlocked(1);
        watcher.Call("RPUSH list x");
        client.Read();
        Dictionary<string, Dictionary<string, long>> times = TimesOf(watcher, id);
        Assert.Equal((2L, 1L), (times["execute"]["count"], times["send"]["count"]));
    }

    [Fact]
    public void What_a_client_does_not_read_is_being_sent()
    {
        using TestServer server = TestServer.Start();
        using RespConnection watcher = server.Connect();
        using RespConnection client = server.Connect();
        watcher.Call("HELLO 3");
        long id = client.Call("CLIENT ID").Integer;
        watcher.Call("SETRANGE large 50000000 x");
        client.Send("GET large");
        Patience.Until(() => TimesOf(watcher, id)["execute"]["count"] == 2);
        Assert.Equal(1, TimesOf(watcher, id)["send"]["count"]);
        client.Read();
        Patience.Until(() => TimesOf(watcher, id)["send"]["count"] == 2);
    }

    [Theory]
    [InlineData("CLIENT TIMES ID x", "ERR Invalid client ID")]
    [InlineData("CLIENT TIMES ID", "ERR syntax error")]
    [InlineData("CLIENT TIMES NAME x", "ERR syntax error")]
    public void What_is_wrong_is_told(string request, string error)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(error, client.Call(request).Text);
        Assert.Empty(client.Call("CLIENT TIMES ID 1000000").Items);
    }

    private static Dictionary<string, Dictionary<string, long>> TimesOf(RespConnection client, long id)
    {
        IReadOnlyList<Reply> items = Assert.Single(client.Call($"CLIENT TIMES ID {id}").Items).Items;
        Dictionary<string, Dictionary<string, long>> times = [];
        for (int i = 6; i < items.Count; i += 2)
        {
            IReadOnlyList<Reply> numbers = items[i + 1].Items;
            times.Add(
                items[i].Text,
                Enumerable.Range(0, numbers.Count / 2).ToDictionary(at => numbers[2 * at].Text, at => numbers[(2 * at) + 1].Integer));
        }
        return times;
    }
}
