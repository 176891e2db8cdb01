using Bixbite.Wire.Harness;
using Bixbite.Wire.Propagation;

namespace Bixbite.Wire.Replication;

/// <summary>A redis-server as replica: all data, the stream, and what it missed while it was away.</summary>
public sealed class RedisReplicaTests
{
    private const int RequestCount = 24_000;
    private const int ClientCount = 4;

    /// <summary>Longer than any of the deadlines that come soon.</summary>
    private const int SettlingMs = 60;

    [Theory]
    [InlineData("")]
    [InlineData("--io-threads 4")]
    [InlineData("--repl-diskless-sync no")]
    [InlineData("--appendonly yes --appendfsync always --io-threads 2")]
    public void It_has_what_random_requests_have_made_of_the_data(string options)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Random random = new(seed);
        using TestServer server = Start(options);
        using RespConnection primary = server.Connect();
        RandomRequests requests = new(random, isForRedis7: true, [.. RandomRequests.Rewritten]);
        requests.Play(server.Connect, ClientCount, RequestCount / 3);
        using RedisPeer redis = Follow(server);
        using RespConnection replica = redis.Connect();
        requests.Play(server.Connect, ClientCount, RequestCount / 3);
        ReplicaPair.AwaitOnline(primary, 1);
        AssertSame(primary, replica, seed);
        requests.Play(server.Connect, ClientCount, RequestCount);
        AssertSame(primary, replica, seed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--io-threads 4")]
    public void It_goes_on_where_it_was_after_the_connection_was_cut(string options)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        RandomRequests requests = new(new Random(seed), isForRedis7: true);
        using TestServer server = Start(options + " --repl-backlog-size 16mb");
        using RespConnection primary = server.Connect();
        using RedisPeer redis = Follow(server);
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitOnline(primary, 1);
        for (int round = 1; round <= 3; round++)
        {
            requests.Play(server.Connect, ClientCount, 1000);
            Assert.Equal("1", primary.Call("CLIENT KILL TYPE replica").Text);
            requests.Play(server.Connect, ClientCount, 1000);
            Patience.Until(() => ReplicaPair.Number(primary, "sync_partial_ok") == round);
            requests.Play(server.Connect, ClientCount, 1000);
            AssertSame(primary, replica, seed);
        }
        Assert.Equal(1, ReplicaPair.Number(primary, "sync_full"));
    }

    [Fact]
    public void It_gets_everything_where_the_backlog_does_not_reach()
    {
        using TestServer server = Start("--repl-backlog-size 16kb");
        using RespConnection primary = server.Connect();
        using RedisPeer redis = Follow(server);
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitOnline(primary, 1);
        replica.Send("DEBUG SLEEP 0.3");
        primary.Call("CLIENT KILL TYPE replica");
        string value = new('v', 100_000);
        primary.Call($"SET k {value}");
        primary.Call("SET k2 v");
        Assert.Equal("OK", replica.Read().Text);
        Patience.Until(() => ReplicaPair.Number(primary, "sync_full") == 2);
        Assert.Equal(1, ReplicaPair.Number(primary, "sync_partial_err"));
        ReplicaPair.AwaitOnline(primary, 1);
        AssertSame(primary, replica, seed: 0);
    }

    [Fact]
    public void Several_get_one_snapshot()
    {
        using TestServer server = Start("--repl-diskless-sync-delay 60 --repl-diskless-sync-max-replicas 3 --io-threads 4");
        using RespConnection primary = server.Connect();
        new RandomRequests(new Random(1), isForRedis7: true).Play(server.Connect, ClientCount, 2000);
        RedisPeer[] peers = [Follow(server), Follow(server), Follow(server)];
        ReplicaPair.AwaitOnline(primary, 3);
        primary.Call("SET last 1");
        foreach (RedisPeer peer in peers)
        {
            using RespConnection replica = peer.Connect();
            AssertSame(primary, replica, seed: 1);
        }
        Assert.Equal("3", primary.Call("WAIT 3 0").Text);
        foreach (RedisPeer peer in peers)
        {
            peer.Dispose();
        }
        Patience.Until(() => ReplicaPair.Number(primary, "connected_slaves") == 0);
    }

    /// <summary>In other words, so that it does not say that it has come to what it does not know.</summary>
    [Fact]
    public void It_is_told_what_it_does_not_know()
    {
        using TestServer server = Start("");
        using RespConnection primary = server.Connect();
        using RedisPeer redis = Follow(server);
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitOnline(primary, 1);
        foreach (string command in (string[])[
            "MSETEX 2 a 1 b 2 EX 1000", "MSETEX 2 c 1 d 2", "SET a 2 IFEQ 1", "DELIFEQ b 2", "DELEX c", "RPUSH l 1 2 3 4 5 6 7 8 9",
            "LMOVEM l m LEFT RIGHT COUNT 3 OBO", "LMOVEM l l LEFT LEFT COUNT 100 OBO", "HSETEX h FIELDS 1 f v", "HSET h g 1",
            "XADD x KEEPREF 1-1 f v", "XADD x 2-1 f v", "XADD x 3-1 f v", "XADD x 4-1 f v", "XGROUP CREATE x g 0", "XGROUP CREATE x i 0",
            "XREADGROUP GROUP g c STREAMS x >", "XREADGROUP GROUP i c STREAMS x >", "XACKDEL x g IDS 1 1-1", "XDELEX x DELREF IDS 1 2-1",
            "MULTI", "XACKDEL x g ACKED IDS 2 3-1 9-1", "XADD x MAXLEN 1 ACKED 5-1 f v", "DELEX d IFNE 1", "EXEC"])
        {
            Assert.False(primary.Call(command).IsError, command);
        }
        ReplicaPair.AssertSame(primary, replica, "newer commands");
        Assert.Equal("0", ReplicaPair.Field(replica, "total_error_replies"));
    }

    [Fact]
    public void It_acknowledges()
    {
        using TestServer server = Start("");
        using RespConnection primary = server.Connect();
        using RedisPeer redis = Follow(server);
        ReplicaPair.AwaitOnline(primary, 1);
        primary.Call("SET a 1");
        Assert.Equal("1", primary.Call("WAIT 1 0").Text);
        Assert.Equal("1", primary.Call("WAIT 2 5").Text);
        Assert.Equal("master", primary.Call("ROLE").Items[0].Text);
        Reply replica = primary.Call("ROLE").Items[2].Items[0];
        Assert.Equal(["127.0.0.1", $"{redis.Address.Port}"], replica.Items.Take(2).Select(static item => item.Text));
        Assert.StartsWith(
            $"ip=127.0.0.1,port={redis.Address.Port},state=online,", ReplicaPair.Field(primary, "slave0"), StringComparison.Ordinal);
        Assert.Contains(" flags=S ", primary.Call("CLIENT LIST TYPE replica").Text, StringComparison.Ordinal);
    }

    private static TestServer Start(string options) => TestServer.Start(
        [
            "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

    private static RedisPeer Follow(TestServer server) =>
        RedisPeer.Start("--enable-debug-command", "yes", "--replicaof", "127.0.0.1", $"{server.Address.Port}");

    /// <summary>Nothing is due any more, so that the next changes are those of requests.</summary>
    private static void AssertSame(RespConnection primary, RespConnection replica, int seed)
    {
        Thread.Sleep(SettlingMs);
        ReplicaPair.AssertSame(primary, replica, $"seed {seed}");
    }
}
