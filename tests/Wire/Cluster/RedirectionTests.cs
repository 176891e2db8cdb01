using Bixbite.Cluster.Document;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>
/// A node that has half of the slots, and a neighbour who has the others: of the keys used here <c>a</c> (15495) and those of <c>{d}</c>
/// are its, <c>b</c> (3300) and those of <c>{b}</c> are the neighbour's.
/// </summary>
public sealed class RedirectionTests
{
    private static readonly SlotSet s_foreign = SlotSet.Of(new SlotRange(0, 8191));

    [Fact]
    public void Keys_of_others_are_moved()
    {
        using TestServer server = Start(out _);
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            SET a 1 => +OK
            SET b 1 => -MOVED 3300 10.0.0.1:7001
            MGET {b}x {b}y => -MOVED 3300 10.0.0.1:7001
            MGET a b => -CROSSSLOT Keys in request don't hash to the same slot
            EVAL "return redis.call('get', KEYS[1])" 1 b => -MOVED 3300 10.0.0.1:7001
            SPUBLISH b x => -MOVED 3300 10.0.0.1:7001
            SSUBSCRIBE b => -MOVED 3300 10.0.0.1:7001
            PUBLISH b x => :0
            WATCH b => -MOVED 3300 10.0.0.1:7001
            MULTI => +OK
            SET a 2 => +QUEUED
            SET b 2 => -MOVED 3300 10.0.0.1:7001
            EXEC => -EXECABORT Transaction discarded because of previous errors.
            GET a => "1"
            READONLY => +OK
            GET b => -MOVED 3300 10.0.0.1:7001
            CONFIG SET cluster-preferred-endpoint-type hostname => +OK
            GET b => -MOVED 3300 neighbour.example:7001
            CONFIG SET cluster-preferred-endpoint-type unknown-endpoint => +OK
            GET b => -MOVED 3300 :7001
            """);
    }

    [Fact]
    public void Scripts_touch_no_keys_of_others()
    {
        using TestServer server = Start(out _);
        using RespConnection client = server.Connect();
        Assert.StartsWith(
            "ERR Script attempted to access a non local key in a cluster node",
            client.Call("EVAL \"return redis.call('get', 'b')\" 0").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("EVAL \"return redis.call('set', 'a', 1)\" 0").Text);
    }

    [Fact]
    public void A_transaction_is_checked_again_when_it_runs()
    {
        using TestServer server = Start(out NeighbourModule neighbour);
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        Assert.Equal("OK", client.Call("MULTI").Text);
        Assert.Equal("QUEUED", client.Call("SET a 1").Text);
        Assert.Equal("OK", other.Call($"CLUSTER SETSLOT 15495 NODE {neighbour.Neighbour}").Text);
        Assert.Equal("MOVED 15495 10.0.0.1:7001", client.Call("EXEC").Text);
        Assert.Equal("ERR EXEC without MULTI", client.Call("EXEC").Text);
    }

    [Fact]
    public void Keys_on_their_way_are_asked_for()
    {
        using TestServer server = Start(out NeighbourModule neighbour);
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            $$"""
            SET {a}1 here => +OK
            CLUSTER SETSLOT 15495 MIGRATING {{neighbour.Neighbour}} => +OK
            GET {a}1 => "here"
            GET {a}2 => -ASK 15495 10.0.0.1:7001
            MGET {a}1 {a}2 => -TRYAGAIN Multiple keys request during rehashing of slot
            MGET {a}2 {a}3 => -ASK 15495 10.0.0.1:7001
            MULTI => +OK
            GET {a}1 => +QUEUED
            EXEC => *["here"]
            CLUSTER SETSLOT 15495 STABLE => +OK
            GET {a}2 => (nil)
            CLUSTER SETSLOT 15495 IMPORTING {{neighbour.Neighbour}} => -ERR I'm already the owner of hash slot 15495
            CLUSTER SETSLOT 3300 MIGRATING {{neighbour.Neighbour}} => -ERR I'm not the owner of hash slot 3300
            """);
        Assert.Equal(
            "ERR Can't assign hashslot 15495 to a different node while I still hold keys for this hash slot.",
            client.Call($"CLUSTER SETSLOT 15495 NODE {neighbour.Neighbour}").Text);
    }

    [Fact]
    public void Keys_that_come_are_for_who_asks()
    {
        using TestServer server = Start(out NeighbourModule neighbour);
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            $$"""
            CLUSTER SETSLOT 3300 IMPORTING {{neighbour.Neighbour}} => +OK
            SET {b}1 x => -MOVED 3300 10.0.0.1:7001
            ASKING => +OK
            SET {b}1 x => +OK
            GET {b}1 => -MOVED 3300 10.0.0.1:7001
            ASKING => +OK
            MGET {b}1 {b}2 => -TRYAGAIN Multiple keys request during rehashing of slot
            ASKING => +OK
            MULTI => +OK
            GET {b}1 => +QUEUED
            GET {b}1 => +QUEUED
            EXEC => *["x", "x"]
            ASKING => +OK
            PING => +PONG
            GET {b}1 => -MOVED 3300 10.0.0.1:7001
            ASKING => +OK
            RESET => +RESET
            GET {b}1 => -MOVED 3300 10.0.0.1:7001
            CLUSTER COUNTKEYSINSLOT 3300 => :1
            CLUSTER GETKEYSINSLOT 3300 5 => *["{b}1"]
            """);
        string self = client.Call("CLUSTER MYID").Text;
        Assert.Contains($"[3300-<-{neighbour.Neighbour}]", client.Call("CLUSTER NODES").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call($"CLUSTER SETSLOT 3300 NODE {self}").Text);
        Assert.Equal("x", client.Call("GET {b}1").Text);
        Assert.DoesNotContain("[3300", client.Call("CLUSTER NODES").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_for_a_key_that_leaves_is_told()
    {
        using TestServer server = Start(out NeighbourModule neighbour);
        using RespConnection client = server.Connect();
        using RespConnection list = server.Connect();
        using RespConnection stays = server.Connect();
        list.Send("BLPOP a 0");
        stays.Send("BZPOPMIN {d}z 0");
        client.AwaitBlocked(2);
        Assert.Equal("OK", client.Call($"CLUSTER SETSLOT 15495 NODE {neighbour.Neighbour}").Text);
        Assert.Equal("MOVED 15495 10.0.0.1:7001", list.Read().Text);
        client.AwaitBlocked(1);
        Assert.Equal(1, client.Call("ZADD {d}z 1 m").Integer);
        Assert.Equal("m", stays.Read().Items[1].Text);
        Assert.Equal("PONG", list.Call("PING").Text);
    }

    [Fact]
    public void Subscriptions_of_a_slot_that_leaves_end()
    {
        using TestServer server = Start(out NeighbourModule neighbour);
        using RespConnection client = server.Connect();
        using RespConnection subscriber = server.Connect();
        Assert.Equal("ssubscribe", subscriber.Call("SSUBSCRIBE a").Items[0].Text);
        Assert.Equal("ssubscribe", subscriber.Call("SSUBSCRIBE {d}").Items[0].Text);
        Assert.Equal("OK", client.Call($"CLUSTER SETSLOT 15495 NODE {neighbour.Neighbour}").Text);
        Reply told = subscriber.Read();
        Assert.Equal(["sunsubscribe", "a", "1"], told.Items.Select(item => item.Text));
        Assert.Equal(1, client.Call("SPUBLISH {d} hello").Integer);
        Assert.Equal("hello", subscriber.Read().Items[2].Text);
    }

    [Fact]
    public void A_replica_reads_for_who_says_so()
    {
        var module = new NeighbourModule(s_foreign, isPrimaryHere: false);
        using TestServer server = TestServer.StartWith([module], "--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            GET a => -MOVED 15495 10.0.0.1:7001
            READONLY => +OK
            GET a => (nil)
            SET a 1 => -MOVED 15495 10.0.0.1:7001
            MULTI => +OK
            GET a => +QUEUED
            EXEC => *[(nil)]
            READWRITE => +OK
            GET a => -MOVED 15495 10.0.0.1:7001
            SPUBLISH a x => :0
            CLUSTER ADDSLOTS 5 => -ERR The specified node is not a master
            CLUSTER SETSLOT 5 STABLE => -ERR You can use SETSLOT only with masters.
            """);
        string nodes = client.Call("CLUSTER NODES").Text;
        Assert.Contains($"myself,slave {module.Neighbour}", nodes, StringComparison.Ordinal);
        Assert.Contains("0-16383", nodes, StringComparison.Ordinal);
        Assert.Single(client.Call($"CLUSTER REPLICAS {module.Neighbour}").Items);
        client.Call("READONLY");
        Assert.Contains("flags=r", client.Call("CLIENT LIST").Text, StringComparison.Ordinal);
    }

    private static TestServer Start(out NeighbourModule neighbour)
    {
        neighbour = new NeighbourModule(s_foreign);
        return TestServer.StartWith([neighbour], "--cluster-enabled", "yes");
    }
}
