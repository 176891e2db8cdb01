using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>FAILOVER between real servers, ours and Redis': who has which role then, and that nothing is lost or sent twice.</summary>
public sealed class FailoverTests
{
    private const int KeyCount = 200;

    [Fact]
    public void It_is_refused_as_in_redis()
    {
        using Pair ours = new("ours", "ours");
        using Pair redis = new("redis", "redis");
        string[] requests =
        [
            "FAILOVER ABORT", "FAILOVER ABORT TIMEOUT 5", "FAILOVER ABORT ABORT", "FAILOVER NOW", "FAILOVER TIMEOUT", "FAILOVER TIMEOUT x",
            "FAILOVER TIMEOUT 0", "FAILOVER TIMEOUT -1", "FAILOVER TIMEOUT 99999999999999999999", "FAILOVER TIMEOUT 5 TIMEOUT 6",
            "FAILOVER TO", "FAILOVER TO a", "FAILOVER TO a x", "FAILOVER TO a 1 TO b 2", "FAILOVER TO a 1", "FAILOVER TO a 70000",
            "FAILOVER TO a -1 TIMEOUT 1", "FAILOVER FORCE", "FAILOVER FORCE FORCE", "FAILOVER FORCE TIMEOUT 100", "FAILOVER TO a 1 FORCE",
            "FAILOVER TO a 1 TIMEOUT 100 FORCE", "failover to force 1 force timeout 5", "EVAL \"return redis.call('failover')\" 0",
            "PSYNC x", "COMMAND INFO FAILOVER", "COMMAND GETKEYS FAILOVER TO a 1", "PSYNC x y FAILOVER",
        ];
        foreach (string request in requests)
        {
            Assert.Equal(redis.Primary.Call(request).ToString(), ours.Primary.Call(request).ToString());
            Assert.Equal(redis.Replica.Call(request).ToString(), ours.Replica.Call(request).ToString());
        }
        using Pair alone = new("ours", "ours", follows: false);
        using Pair redisAlone = new("redis", "redis", follows: false);
        foreach (string request in requests.Append("FAILOVER"))
        {
            Assert.Equal(redisAlone.Primary.Call(request).ToString(), alone.Primary.Call(request).ToString());
        }
        foreach (RespConnection client in (RespConnection[])[redis.Primary, ours.Primary, ours.Replica])
        {
            Assert.Equal("no-failover", ReplicaPair.Field(client, "master_failover_state"));
        }
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "redis")]
    [InlineData("redis", "ours")]
    public void A_replica_takes_over_and_nothing_is_sent_twice(string first, string second)
    {
        using Pair pair = new(first, second);
        using Node other = new("ours", $"--replicaof 127.0.0.1 {pair.First.Port}");
        using RespConnection third = other.Connect();
        ReplicaPair.AwaitOnline(pair.Primary, 2);
        pair.Primary.Call("SELECT 3");
        for (int i = 0; i < KeyCount; i++)
        {
            pair.Primary.Call($"SET key:{i} {i}");
        }
        using RespConnection waiting = pair.First.Connect();
        waiting.Send("BLPOP l 0");
        pair.Primary.AwaitBlocked(1);
        string id = ReplicaPair.Field(pair.Primary, "master_replid");
        Assert.Equal("OK", pair.Primary.Call($"FAILOVER TO 127.0.0.1 {pair.Second.Port}").Text);
        pair.AwaitHandedOver();

        Assert.Equal("UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", waiting.Read().Text);
        Assert.Empty(waiting.ReadToEnd());
        Assert.StartsWith("READONLY", pair.Primary.Call("SET a 1").Text, StringComparison.Ordinal);
        Assert.Equal("OK", pair.Replica.Call("SET a 2").Text);
        Assert.Equal(id, ReplicaPair.Field(pair.Replica, "master_replid2"));
        ReplicaPair.AssertSame(pair.Replica, pair.Primary, "the former primary");
        ReplicaPair.AssertSame(pair.Primary, third, "its replica");
        Assert.Equal(ReplicaPair.Field(pair.Replica, "master_replid"), ReplicaPair.Field(third, "master_replid"));
        third.Call($"REPLICAOF 127.0.0.1 {pair.Second.Port}");
        pair.Replica.Call("SET b 3");
        ReplicaPair.AssertSame(pair.Replica, third, "the other replica");
        Assert.Equal(0, ReplicaPair.Number(pair.Replica, "sync_full"));
        Assert.Equal(2, ReplicaPair.Number(pair.Replica, "sync_partial_ok"));
        Assert.Equal(2, ReplicaPair.Number(pair.Primary, "sync_full"));
        Assert.Equal("none", first == "ours" ? ReplicaPair.Field(pair.Primary, "paused_reason") : "none");
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "redis")]
    [InlineData("redis", "ours")]
    public void The_place_goes_there_and_back(string first, string second)
    {
        using Pair pair = new(first, second);
        for (int round = 0; round < 6; round++)
        {
            (RespConnection from, RespConnection to) = round % 2 == 0 ? (pair.Primary, pair.Replica) : (pair.Replica, pair.Primary);
            ReplicaPair.AwaitOnline(from, 1);
            Assert.Equal("OK", from.Call($"SET round {round}").Text);
            Assert.Equal("OK", from.Call("FAILOVER").Text);
            AwaitHandedOver(from, to);
            Assert.Equal($"{round}", to.Call("GET round").Text);
        }
        ReplicaPair.AssertSame(pair.Primary, pair.Replica, "after six failovers");
        Assert.Equal(1, ReplicaPair.Number(pair.Primary, "sync_full") + ReplicaPair.Number(pair.Replica, "sync_full"));
    }

    [Fact]
    public void A_replica_is_found_by_the_address_that_it_announces()
    {
        using Pair pair = new("ours", "ours", options: "--replica-announce-ip localhost");
        Assert.Equal(
            "ERR FAILOVER target HOST and PORT is not a replica.",
            pair.Primary.Call($"FAILOVER TO 127.0.0.1 {pair.Second.Port}").Text);
        Assert.Equal("OK", pair.Primary.Call($"FAILOVER TO LOCALHOST {pair.Second.Port}").Text);
        pair.AwaitHandedOver();
    }

    [Fact]
    public void The_former_primary_logs_in()
    {
        using Pair pair = new("ours", "ours");
        pair.Replica.Call("CONFIG SET requirepass secret");
        Assert.Equal("OK", pair.Primary.Call("FAILOVER").Text);
        Patience.Until(() => ReplicaPair.Field(pair.Primary, "master_failover_state") == "no-failover");
        Assert.Equal("master", ReplicaPair.Field(pair.Primary, "role"));
        AwaitLog(pair.First, "aborted: Failover target rejected psync request: -NOAUTH");
        ReplicaPair.AwaitOnline(pair.Primary, 1);
        pair.Primary.Call("CONFIG SET masterauth wrong");
        Assert.Equal("OK", pair.Primary.Call("FAILOVER").Text);
        AwaitLog(pair.First, "aborted: Unable to AUTH to primary: -WRONGPASS");
        ReplicaPair.AwaitOnline(pair.Primary, 1);
        pair.Primary.Call("CONFIG SET masterauth secret");
        Assert.Equal("OK", pair.Primary.Call("FAILOVER").Text);
        pair.AwaitHandedOver();
    }

    [Fact]
    public void Who_waits_for_replicas_is_answered()
    {
        using Pair pair = new("ours", "ours", primaryOptions: "--io-threads 4");
        for (int round = 0; round < 4; round++)
        {
            (RespConnection from, RespConnection to, Node node) = round % 2 == 0
                ? (pair.Primary, pair.Replica, pair.First)
                : (pair.Replica, pair.Primary, pair.Second);
            ReplicaPair.AwaitOnline(from, 1);
            using RespConnection client = node.Connect();
            client.Call("CLIENT DURABILITY REPLICAS 1");
            client.Send($"SET durable {round}");
            Patience.Until(() => from.Call("GET durable").Text == $"{round}");
            Assert.Equal("OK", from.Call("FAILOVER").Text);
            Assert.Equal("OK", client.Read().Text);
            AwaitHandedOver(from, to);
            Assert.Equal($"{round}", to.Call("GET durable").Text);
            Assert.StartsWith("READONLY", client.Call("SET durable x").Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Within_a_transaction_it_begins_when_that_is_over()
    {
        using Pair pair = new("ours", "ours");
        foreach (string request in (string[])["MULTI", "SET a 1", "FAILOVER", "SET b 2", "FAILOVER", "PUBLISH c d"])
        {
            pair.Primary.Call(request);
        }
        IReadOnlyList<Reply> replies = pair.Primary.Call("EXEC").Items;
        Assert.Equal("OK", replies[1].Text);
        Assert.Equal("OK", replies[2].Text);
        Assert.Equal("ERR FAILOVER already in progress.", replies[3].Text);
        pair.AwaitHandedOver();
        Assert.Equal("2", pair.Replica.Call("GET b").Text);
        Assert.Equal(0, ReplicaPair.Number(pair.Replica, "sync_full"));
    }

    private static void AwaitLog(Node node, string text) =>
        Patience.Until(() => node.Log.Contains(text, StringComparison.Ordinal), () => node.Log);

    private static void AwaitHandedOver(RespConnection from, RespConnection to) => Patience.Until(
        () => ReplicaPair.Field(to, "role") == "master" && ReplicaPair.Field(from, "master_failover_state") == "no-failover"
            && ReplicaPair.Field(from, "master_link_status") == "up",
        () => $"{from.Call("INFO replication").Text}\n{to.Call("INFO replication").Text}");

    /// <summary>A server of some kind.</summary>
    private sealed class Node : IDisposable
    {
        private readonly TestServer? _ours;
        private readonly RedisPeer? _redis;

        public Node(string kind, string options)
        {
            string[] all =
            [
                "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0",
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ];
            if (kind == "redis")
            {
                _redis = RedisPeer.Start(all);
            }
            else
            {
                _ours = TestServer.Start(all);
            }
        }

        public int Port => _redis?.Address.Port ?? _ours!.Address.Port;

        public string Log => _ours!.Log;

        public RespConnection Connect() => _redis?.Connect() ?? _ours!.Connect();

        public void Dispose()
        {
            _redis?.Dispose();
            _ours?.Dispose();
        }
    }

    /// <summary>A primary and its replica, by what they were at the beginning.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(string first, string second, string options = "", string primaryOptions = "", bool follows = true)
        {
            First = new Node(first, primaryOptions);
            Second = new Node(second, $"{options} {(follows ? $"--replicaof 127.0.0.1 {First.Port}" : "")}");
            Primary = First.Connect();
            Replica = Second.Connect();
            if (follows)
            {
                ReplicaPair.AwaitOnline(Primary, 1);
                ReplicaPair.AwaitSame(Primary, Replica);
            }
        }

        public Node First { get; }

        public Node Second { get; }

        public RespConnection Primary { get; }

        public RespConnection Replica { get; }

        public void AwaitHandedOver() => FailoverTests.AwaitHandedOver(Primary, Replica);

        public void Dispose()
        {
            Primary.Dispose();
            Replica.Dispose();
            First.Dispose();
            Second.Dispose();
        }
    }
}
