using Bixbite.Wire.Harness;
using Bixbite.Wire.Propagation;

namespace Bixbite.Wire.Replication;

/// <summary>A replica of Redis, of Bixbite, and in chains of both: all data, the stream, and what it missed while it was away.</summary>
public sealed class FollowingTests
{
    private const int RequestCount = 12_000;
    private const int ClientCount = 4;

    [Theory]
    [InlineData("", "")]
    [InlineData("", "--io-threads 4 --repl-diskless-load swapdb")]
    [InlineData("--repl-diskless-sync no", "--appendonly yes --appendfsync always --io-threads 2")]
    public void It_has_what_random_requests_have_made_of_a_redis_primary(string primaryOptions, string options)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        RandomRequests requests = new(new Random(seed), isForRedis7: true);
        using RedisPeer redis = Redis(primaryOptions);
        using RespConnection primary = redis.Connect();
        requests.Play(redis.Connect, ClientCount, RequestCount / 3);
        using TestServer server = Ours(options);
        using RespConnection replica = server.Connect();
        replica.Call("SET old 1");
        Assert.Equal("OK", replica.Call($"REPLICAOF 127.0.0.1 {redis.Address.Port}").Text);
        requests.Play(redis.Connect, ClientCount, RequestCount / 3);
        AssertSame(primary, replica, seed);
        requests.Play(redis.Connect, ClientCount, RequestCount);
        AssertSame(primary, replica, seed);
        Assert.Equal("0", ReplicaPair.Field(replica, "unexpected_error_replies"));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("--io-threads 4", "--io-threads 4", false)]
    [InlineData("--repl-diskless-sync no", "--appendonly yes", false)]
    [InlineData("--repl-diskless-sync no", "--appendonly yes --repl-diskless-load swapdb", false)]
    [InlineData("", "--repl-diskless-load on-empty-db", false)]
    public void It_has_what_random_requests_have_made_of_ours(string primaryOptions, string options, bool isForRedis7)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        RandomRequests requests = new(new Random(seed), isForRedis7);
        using TestServer first = Ours(primaryOptions);
        using RespConnection primary = first.Connect();
        requests.Play(first.Connect, ClientCount, RequestCount / 3);
        using TestServer second = Ours(options + $" --replicaof 127.0.0.1 {first.Address.Port}");
        using RespConnection replica = second.Connect();
        requests.Play(first.Connect, ClientCount, RequestCount / 3);
        AssertSame(primary, replica, seed, comparesCounts: true);
        requests.Play(first.Connect, ClientCount, RequestCount);
        AssertSame(primary, replica, seed, comparesCounts: true);
        Assert.Equal("0", ReplicaPair.Field(replica, "unexpected_error_replies"));
    }

    [Theory]
    [InlineData("redis ours redis")]
    [InlineData("ours redis ours")]
    [InlineData("ours ours ours")]
    [InlineData("redis ours ours")]
    public void Chains_have_the_same_history(string kinds)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        RandomRequests requests = new(new Random(seed), isForRedis7: true);
        using ReplicationChain chain = new(kinds.Split(' '));
        requests.Play(chain.ConnectFirst, ClientCount, RequestCount / 3);
        chain.Follow();
        for (int round = 0; round < 3; round++)
        {
            requests.Play(chain.ConnectFirst, ClientCount, RequestCount / 6);
            chain.Clients[1].Call(round == 1 ? "CLIENT KILL TYPE master" : "CLIENT KILL TYPE replica");
            requests.Play(chain.ConnectFirst, ClientCount, RequestCount / 6);
            foreach (RespConnection replica in chain.Clients.Skip(1))
            {
                AssertSame(chain.Clients[0], replica, seed);
                Assert.Equal(ReplicaPair.Field(chain.Clients[0], "master_replid"), ReplicaPair.Field(replica, "master_replid"));
                // Keys go on expiring, and primaries pinging.
                Patience.Until(() =>
                    ReplicaPair.Number(chain.Clients[0], "master_repl_offset") == ReplicaPair.Number(replica, "master_repl_offset"));
            }
        }
        foreach (RespConnection primary in chain.Clients.SkipLast(1))
        {
            Assert.Equal(1, ReplicaPair.Number(primary, "sync_full"));
        }
    }

    [Fact]
    public void It_goes_on_where_it_was_after_the_connection_was_cut()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        RandomRequests requests = new(new Random(seed), isForRedis7: true);
        using RedisPeer redis = Redis("--repl-backlog-size 16mb");
        using RespConnection primary = redis.Connect();
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port}");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        for (int round = 1; round <= 5; round++)
        {
            requests.Play(redis.Connect, ClientCount, 1000);
            Reply killed = round % 2 == 0 ? primary.Call("CLIENT KILL TYPE replica") : replica.Call("CLIENT KILL TYPE master");
            Assert.Equal("1", killed.Text);
            requests.Play(redis.Connect, ClientCount, 1000);
            AssertSame(primary, replica, seed);
            Assert.Equal(round, ReplicaPair.Number(primary, "sync_partial_ok"));
        }
        Assert.Equal(1, ReplicaPair.Number(primary, "sync_full"));
    }

    [Fact]
    public void Large_values_come_with_the_snapshot_and_with_the_stream()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        string value = new('x', 20_000_000);
        primary.Call($"SET before {value}");
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port}");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call($"SET after {value}y");
        primary.Call("MULTI");
        primary.Call($"SET within {value}z");
        primary.Call($"APPEND within {value}");
        primary.Call("EXEC");
        ReplicaPair.AssertSame(primary, replica, "large values");
        Assert.Equal("40000001", replica.Call("STRLEN within").Text);
    }

    [Fact]
    public void Functions_come_with_the_snapshot_and_with_the_stream()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        primary.Call("FUNCTION LOAD \"#!lua name=one\\nredis.register_function{function_name='f', callback=function() return 1 end, "
            + "flags={'no-writes'}}\"");
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port}");
        using RespConnection replica = server.Connect();
        replica.Call("FUNCTION LOAD \"#!lua name=old\\nredis.register_function('o', function() return 1 end)\"");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("1", replica.Call("FCALL_RO f 0").Text);
        primary.Call("FUNCTION LOAD \"#!lua name=two\\nredis.register_function{function_name='g', callback=function() return 2 end, "
            + "flags={'no-writes'}}\"");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("2", replica.Call("FCALL_RO g 0").Text);
        Assert.Equal(2, replica.Call("FUNCTION LIST").Items.Count);
        primary.Call("FUNCTION FLUSH");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Empty(replica.Call("FUNCTION LIST").Items);
    }

    [Fact]
    public void Whoever_waits_on_a_replica_is_served_by_the_stream()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port} --notify-keyspace-events KEA");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        using RespConnection waiting = server.Connect();
        waiting.Send("XREAD BLOCK 0 STREAMS x $");
        replica.AwaitBlocked(1);
        using RespConnection subscriber = server.Connect();
        subscriber.Call("SUBSCRIBE channel __keyevent@0__:xadd");
        subscriber.Read();
        using RespConnection caching = server.Connect();
        caching.Call("HELLO 3");
        caching.Call("CLIENT TRACKING ON");
        caching.Call("GET cached");
        primary.Call("XADD x 1-1 a b");
        primary.Call("PUBLISH channel hello");
        primary.Call("SET cached 1");
        Assert.Contains("1-1", waiting.Read().ToString(), StringComparison.Ordinal);
        Assert.Equal("x", subscriber.Read().Items[2].Text);
        Assert.Equal("hello", subscriber.Read().Items[2].Text);
        Assert.Equal("invalidate", caching.Read().Items[0].Text);
    }

    [Fact]
    public void Nothing_expires_by_itself()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        primary.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port} --maxmemory 1mb");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call("SET due v PX 20");
        primary.Call("DEBUG POPULATE 20000 key 100");
        for (int i = 0; i < 20_000; i += 1000)
        {
            IEnumerable<string> pairs = Enumerable.Range(i, 1000).Select(static number => $"key:{number} {new string('v', 200)}");
            primary.Call($"MSET {string.Join(' ', pairs)}");
        }
        ReplicaPair.AwaitSame(primary, replica);
        Patience.Until(() => replica.Call("GET due").Text == "");
        Assert.Equal("0", replica.Call("EXISTS due").Text);
        Assert.Equal("-2", replica.Call("TTL due").Text);
        Assert.Equal("20001", replica.Call("DBSIZE").Text);
        Assert.Equal("0", ReplicaPair.Field(replica, "evicted_keys"));
        primary.Call("GET due");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("20000", replica.Call("DBSIZE").Text);
    }

    [Fact]
    public void Deadlines_that_clients_of_a_writable_replica_give_are_kept_here()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        primary.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port} --replica-read-only no");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call("SET primary v PX 1");
        ReplicaPair.AwaitSame(primary, replica);
        replica.Call("SELECT 5");
        string[] changes =
        [
            "SET a v PX 30", "PSETEX b 30 v", "SET c v", "PEXPIRE c 30", "SET d v PX 30", "PERSIST d", "SET e v PX 30", "RENAME e f",
            "SET g v PX 30", "COPY g h", "SET i v PX 1000000", "EVAL \"redis.call('set', 'j', 'v', 'px', 30)\" 0",
        ];
        foreach (string change in changes)
        {
            Assert.False(replica.Call(change).IsError);
        }
        Patience.Until(() => replica.Call("DBSIZE").Text == "2");
        Assert.Equal("2", replica.Call("EXISTS d i").Text);
        Assert.Equal("1", ReplicaPair.Field(replica, "slave_expires_tracked_keys"));
        replica.Call("SELECT 0");
        Assert.Equal("1", replica.Call("DBSIZE").Text);
        primary.Call("FLUSHALL");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("0", ReplicaPair.Field(replica, "slave_expires_tracked_keys"));
    }

    [Fact]
    public void A_primary_may_send_more_at_once_than_clients()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        using TestServer server = Ours($"--replicaof 127.0.0.1 {redis.Address.Port} --client-query-buffer-limit 1mb");
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call($"SET large {new string('v', 3_000_000)}");
        primary.Call("MULTI");
        for (int i = 0; i < 30; i++)
        {
            primary.Call($"SET key{i} {new string('v', 100_000)}");
        }
        primary.Call("EXEC");
        ReplicaPair.AssertSame(primary, replica, "large requests");
        Assert.Equal(1, ReplicaPair.Number(primary, "sync_full"));
        Assert.Equal(0, ReplicaPair.Number(primary, "sync_partial_ok"));
    }

    [Fact]
    public void A_field_that_is_due_here_is_there_for_the_primary()
    {
        using TestServer first = Ours("");
        using TestServer second = Ours($"--replicaof 127.0.0.1 {first.Address.Port}");
        using RespConnection primary = first.Connect();
        using RespConnection replica = second.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        primary.Call("HSET h a 1 b 2 c 3");
        primary.Call("HPEXPIRE h 20 FIELDS 2 a b");
        ReplicaPair.AwaitSame(primary, replica);
        Patience.Until(() => replica.Call("HGET h a").Text == "");
        Assert.Equal("1", replica.Call("HLEN h").Text);
        primary.Call("HSET h d 4");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("2", replica.Call("HLEN h").Text);
        ReplicaPair.AssertSame(primary, replica, "fields");
    }

    [Fact]
    public void Failover_by_hand_needs_no_snapshot()
    {
        using TestServer first = Ours("");
        using TestServer second = Ours($"--replicaof 127.0.0.1 {first.Address.Port}");
        using RedisPeer third = Redis($"--replicaof 127.0.0.1 {first.Address.Port}");
        using RespConnection a = first.Connect();
        using RespConnection b = second.Connect();
        using RespConnection c = third.Connect();
        ReplicaPair.AwaitSame(a, b);
        ReplicaPair.AwaitSame(a, c);
        a.Call("SELECT 3");
        a.Call("SET x 1");
        ReplicaPair.AwaitSame(a, b);
        ReplicaPair.AwaitSame(a, c);
        string id = ReplicaPair.Field(a, "master_replid");
        Assert.Equal("OK", b.Call("REPLICAOF NO ONE").Text);
        Assert.Equal(id, ReplicaPair.Field(b, "master_replid2"));
        b.Call("SET y 2");
        // As Sentinel does.
        a.Call("MULTI");
        a.Call($"SLAVEOF 127.0.0.1 {second.Address.Port}");
        a.Call("CLIENT KILL TYPE normal");
        Assert.Equal("OK", a.Call("EXEC").Items[0].Text);
        c.Call($"REPLICAOF 127.0.0.1 {second.Address.Port}");
        ReplicaPair.AssertSame(b, a, "the former primary");
        ReplicaPair.AssertSame(b, c, "the other replica");
        Assert.Equal(0, ReplicaPair.Number(b, "sync_full"));
        Assert.Equal(2, ReplicaPair.Number(b, "sync_partial_ok"));
        Assert.Equal("2", a.Call("SELECT 0") is { IsError: false } ? a.Call("GET y").Text : "");
    }

    [Fact]
    public void A_transaction_that_was_kept_before_does_not_run_while_data_is_loaded()
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        primary.Call("DEBUG POPULATE 1000 key 10");
        using TestServer server = Ours("");
        using RespConnection replica = server.Connect();
        using RespConnection client = server.Connect();
        replica.Call("CONFIG SET key-load-delay 2000");
        foreach (string request in (string[])["MULTI", "GET a", "REPLICAOF NO ONE"])
        {
            client.Call(request);
        }
        replica.Call($"REPLICAOF 127.0.0.1 {redis.Address.Port}");
        Patience.Until(() => ReplicaPair.Field(replica, "loading") == "1");
        Assert.StartsWith("EXECABORT Transaction discarded because of: LOADING", client.Call("EXEC").Text, StringComparison.Ordinal);
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("1000", replica.Call("DBSIZE").Text);
    }

    [Fact]
    public void A_role_that_changes_ends_waits()
    {
        using TestServer server = Ours("");
        using RespConnection client = server.Connect();
        using RespConnection waiting = server.Connect();
        waiting.Send("BLPOP l 0");
        client.AwaitBlocked(1);
        client.Call("REPLICAOF 127.0.0.1 1");
        Assert.StartsWith("UNBLOCKED force unblock", waiting.Read().Text, StringComparison.Ordinal);
        Assert.Empty(waiting.ReadToEnd());
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("swapdb")]
    public void Its_log_is_that_of_the_new_data(string way)
    {
        using RedisPeer redis = Redis("");
        using RespConnection primary = redis.Connect();
        primary.Call("SET a 1");
        string digest;
        using (TestServer server = Ours($"--appendonly yes --repl-diskless-load {way}"))
        {
            using RespConnection replica = server.Connect();
            replica.Call("SET old 1");
            replica.Call($"REPLICAOF 127.0.0.1 {redis.Address.Port}");
            ReplicaPair.AwaitSame(primary, replica);
            primary.Call("SET b 2");
            primary.Call("RPUSH l 1 2 3");
            ReplicaPair.AwaitSame(primary, replica);
            Patience.UntilAtRest(() => replica.Call("INFO persistence").Text);
            Assert.Equal("1", ReplicaPair.Field(replica, "aof_enabled"));
            primary.Call("SET c 3");
            ReplicaPair.AwaitSame(primary, replica);
            digest = replica.Call("DEBUG DIGEST").Text;
            Assert.Equal("OK", replica.Call("DEBUG LOADAOF").Text);
            Assert.Equal(digest, replica.Call("DEBUG DIGEST").Text);
        }
        Assert.Equal(digest, primary.Call("DEBUG DIGEST").Text);
    }

    private static RedisPeer Redis(string options) => RedisPeer.Start(
        [
            "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

    private static TestServer Ours(string options) => TestServer.Start(
        [
            "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

    /// <summary>
    /// Once nothing is due any more, the content is the same; but Redis 7.0 does not tell its replicas how much a consumer group has read.
    /// </summary>
    private static void AssertSame(RespConnection primary, RespConnection replica, int seed, bool comparesCounts = false) =>
        ReplicaPair.AssertSame(primary, replica, $"seed {seed}", comparesCounts);
}
