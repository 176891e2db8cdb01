using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>A node that is alone in its cluster, beside one of Redis.</summary>
public sealed class OneNodeTests
{
    [Fact]
    public void Without_a_cluster_its_commands_say_so() => Compare.SameReplies(
        """
        CLUSTER INFO
        CLUSTER NODES
        CLUSTER SLOTS
        CLUSTER SHARDS
        CLUSTER MYID
        CLUSTER KEYSLOT a
        CLUSTER COUNTKEYSINSLOT 0
        CLUSTER GETKEYSINSLOT 0 1
        CLUSTER ADDSLOTS 1
        CLUSTER ADDSLOTSRANGE 1 2
        CLUSTER DELSLOTS 1
        CLUSTER DELSLOTSRANGE 1 2
        CLUSTER FLUSHSLOTS
        CLUSTER SETSLOT 1 STABLE
        CLUSTER SAVECONFIG
        CLUSTER BUMPEPOCH
        CLUSTER SET-CONFIG-EPOCH 1
        CLUSTER COUNT-FAILURE-REPORTS x
        CLUSTER REPLICAS x
        CLUSTER SLAVES x
        CLUSTER HELP
        CLUSTER
        CLUSTER NOSUCH
        ASKING
        INFO cluster
        """);

    [Fact]
    public void All_slots()
    {
        using ClusterPair pair = new("0 16383");
        pair.Run(
            """
            SET a 1
            GET a
            MSET a 1 b 2
            MSET {t}a 1 {t}b 2
            MGET {t}a {t}b {t}c
            MGET a b
            DEL a b
            SET {} 1
            SET {}x 2
            MSET {}x 1 {}y 2
            SET foo{bar}{zap} 1
            CLUSTER KEYSLOT {t}a
            CLUSTER KEYSLOT {}a
            CLUSTER KEYSLOT a{b}{c}
            CLUSTER KEYSLOT
            CLUSTER COUNTKEYSINSLOT 15891
            CLUSTER GETKEYSINSLOT 15891 0
            %CLUSTER GETKEYSINSLOT 15891 10
            CLUSTER GETKEYSINSLOT 15891 -1
            CLUSTER GETKEYSINSLOT x 1
            CLUSTER COUNTKEYSINSLOT 16384
            CLUSTER COUNTKEYSINSLOT x
            SELECT 0
            SELECT 1
            SELECT x
            SWAPDB 0 0
            MOVE a 1
            COPY {t}a {t}z
            COPY {t}a b
            REPLICAOF NO ONE
            FAILOVER
            RPUSH {t}l 3 1 2
            SORT {t}l BY nosort
            SORT {t}l
            SORT {t}l STORE {t}m
            SORT {t}l STORE m
            RENAME {t}m {t}n
            RENAME {t}n n
            LMOVE {t}l {t}o LEFT RIGHT
            LMOVE {t}l o LEFT RIGHT
            BLMPOP 0.001 2 {t}l o LEFT
            ZADD {t}s 1 a
            ZUNIONSTORE {t}u 1 {t}s
            ZUNIONSTORE u 1 {t}s
            XREAD STREAMS {t}x y 0 0
            READONLY
            GET a
            READWRITE
            ASKING
            GET a
            """);
    }

    /// <summary>As in Redis 7.4 and Valkey 8; the Redis that is installed here refuses more.</summary>
    [Fact]
    public void Elements_may_name_keys_of_the_slot_that_is_sorted()
    {
        using TestServer server = TestServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            CLUSTER ADDSLOTSRANGE 0 16383 => +OK
            RPUSH {t}l 1 2 3 => :3
            MSET {t}w1 20 {t}w2 30 {t}w3 10 => +OK
            HSET {t}h1 f one => :1
            SORT {t}l BY {t}w* => *["3", "1", "2"]
            SORT {t}l BY {t}w* GET # GET {t}h*->f => *["3", (nil), "1", "one", "2", (nil)]
            SORT_RO {t}l BY {t}w* GET # => *["3", "1", "2"]
            SORT t BY {t}w* => *[]
            SORT {t}l BY w* => -ERR BY option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.
            SORT {t}l BY *{t} => -ERR BY option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.
            SORT {t}l GET w* => -ERR GET option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.
            SORT {t}l GET {u}* => -ERR GET option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.
            SORT_RO {t}l GET * => -ERR GET option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.
            """);
    }

    [Fact]
    public void Transactions_and_scripts()
    {
        using ClusterPair pair = new("0 16383");
        pair.Run(
            """
            MULTI
            SET {t}a 1
            SET {t}b 1
            EXEC
            MULTI
            SET a 1
            SET b 1
            EXEC
            MULTI
            MSET a 1 b 1
            EXEC
            MULTI
            EXEC
            WATCH a b
            WATCH {t}a {t}b
            UNWATCH
            EVAL "return redis.call('get', KEYS[1])" 1 {t}a
            EVAL "return redis.call('get', KEYS[1])" 2 {t}a b
            EVAL "return redis.call('set', 'b', 1)" 1 {t}a
            EVAL "redis.call('set', 'a', 1); return redis.call('set', 'b', 1)" 0
            EVAL "return redis.call('mset', 'a', 1, 'b', 1)" 0
            EVAL "#!lua\nredis.call('set', 'a', 1); return redis.call('set', 'b', 1)" 0
            EVAL "#!lua\nreturn redis.call('set', 'b', 1)" 1 a
            EVAL "#!lua flags=allow-cross-slot-keys\nredis.call('set', 'a', 1); return redis.call('set', 'b', 1)" 0
            EVAL "#!lua flags=no-cluster\nreturn 1" 0
            """);
    }

    [Fact]
    public void Half_of_the_slots()
    {
        using ClusterPair pair = new("0 8191");
        pair.Run(
            """
            SET a 1
            SET b 1
            GET a
            MGET a b
            MGET b a
            DEL {b}1 {b}2
            MULTI
            SET b 1
            EXEC
            MULTI
            SET a 1
            EXEC
            EVAL "return redis.call('get', 'a')" 0
            EVAL "return redis.call('get', 'b')" 0
            EVAL "return redis.call('get', KEYS[1])" 1 a
            PING
            KEYS *
            DBSIZE
            SPUBLISH a x
            SPUBLISH b x
            SSUBSCRIBE a
            """);
        pair.SameText("CLUSTER SLOTS");
        pair.SameText("CLUSTER NODES");
    }

    [Fact]
    public void Slots_are_taken_and_given_up()
    {
        using ClusterPair pair = new("");
        pair.Run(
            """
            CLUSTER ADDSLOTS 5 5
            CLUSTER ADDSLOTS 99999
            CLUSTER ADDSLOTS x
            CLUSTER ADDSLOTS
            CLUSTER ADDSLOTS 5 7
            CLUSTER ADDSLOTS 5
            CLUSTER DELSLOTS 6
            CLUSTER DELSLOTS 5 5
            CLUSTER ADDSLOTSRANGE 0 10
            CLUSTER ADDSLOTSRANGE 20 10
            CLUSTER ADDSLOTSRANGE 0
            CLUSTER ADDSLOTSRANGE 10 12 13
            CLUSTER ADDSLOTSRANGE 10 12 14 16
            CLUSTER DELSLOTSRANGE 11 12
            CLUSTER DELSLOTSRANGE 11 12
            CLUSTER SETSLOT 5 STABLE
            CLUSTER SETSLOT 5 IMPORTING 1234
            CLUSTER SETSLOT 6 IMPORTING 1234
            CLUSTER SETSLOT 5 MIGRATING 1234
            CLUSTER SETSLOT 6 MIGRATING 1234
            CLUSTER SETSLOT 5 NODE 1234
            CLUSTER SETSLOT 5 NOSUCH
            CLUSTER SETSLOT 99999 STABLE
            CLUSTER SETSLOT 5
            CLUSTER SAVECONFIG
            CLUSTER COUNT-FAILURE-REPORTS 1234
            CLUSTER REPLICAS 1234
            CLUSTER SLAVES 1234
            CLUSTER SET-CONFIG-EPOCH -1
            CLUSTER SET-CONFIG-EPOCH x
            CLUSTER FLUSHSLOTS
            CLUSTER FLUSHSLOTS x
            ASKING x
            """);
        pair.SameText("CLUSTER SLOTS");
    }

    [Fact]
    public void A_node_shows_itself()
    {
        using ClusterPair pair = new("0 100 200 300");
        pair.SameText("CLUSTER SHARDS");
        pair.SameText("CLUSTER SLOTS");
        using TestServer server = TestServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        Assert.Contains("cluster_state:fail", client.Call("CLUSTER INFO").Text, StringComparison.Ordinal);
        Assert.Equal("CLUSTERDOWN Hash slot not served", client.Call("GET a").Text);
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 16382").Text);
        Assert.Equal("CLUSTERDOWN The cluster is down", client.Call("GET a").Text);
        Assert.Equal("OK", client.Call("CONFIG SET cluster-allow-reads-when-down yes").Text);
        Assert.True(client.Call("GET a").IsNull);
        Assert.Equal("CLUSTERDOWN The cluster is down and only accepts read commands", client.Call("SET a 1").Text);
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTS 16383").Text);
        Assert.Contains("cluster_state:ok", client.Call("CLUSTER INFO").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("SET a 1").Text);
        Assert.Equal("ERR DB must be empty to perform CLUSTER FLUSHSLOTS.", client.Call("CLUSTER FLUSHSLOTS").Text);
        Assert.Equal(40, client.Call("CLUSTER MYSHARDID").Text.Length);
        Assert.Contains("redis_mode:cluster", client.Call("INFO server").Text, StringComparison.Ordinal);
        Assert.Contains("cluster_enabled:1", client.Call("INFO cluster").Text, StringComparison.Ordinal);
        Assert.StartsWith("STILL ", client.Call("CLUSTER BUMPEPOCH").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_has_as_many_databases_as_it_is_told()
    {
        using TestServer server = TestServer.Start("--cluster-enabled", "yes", "--cluster-databases", "4");
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            CLUSTER ADDSLOTSRANGE 0 16383 => +OK
            SET a in0 => +OK
            SELECT 3 => +OK
            SET a in3 => +OK
            CLUSTER COUNTKEYSINSLOT 15495 => :1
            SELECT 4 => -ERR DB index is out of range
            SELECT 0 => +OK
            GET a => "in0"
            """);
    }
}
