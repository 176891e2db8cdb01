using System.Globalization;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Wire.Cluster;

/// <summary>CLUSTER SLOT-STATS: what is counted, where, and what it answers. No Redis or Valkey that is installed here has it.</summary>
public sealed partial class SlotStatsTests
{
    /// <summary>The slot of "key".</summary>
    private const int Slot = 12539;

    private const string In = "network-bytes-in";
    private const string Out = "network-bytes-out";
    private const string Cpu = "cpu-usec";
    private const string Keys = "key-count";

    [Fact]
    public void Without_a_cluster_there_are_none() => Expect.Replies(
        """
        CLUSTER SLOT-STATS SLOTSRANGE 0 1 => -ERR This instance has cluster support disabled
        CLUSTER SLOT-STATS => -ERR wrong number of arguments for 'cluster|slot-stats' command
        CONFIG SET cluster-slot-stats-enabled yes => +OK
        CONFIG RESETSTAT => +OK
        """);

    [Fact]
    public void Arguments()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        Expect.Replies(
            client,
            """
            CLUSTER SLOT-STATS SLOTSRANGE 0 x => -ERR Invalid or out of range slot
            CLUSTER SLOT-STATS SLOTSRANGE 16384 0 => -ERR Invalid or out of range slot
            CLUSTER SLOT-STATS SLOTSRANGE 2 1 => -ERR Start slot number 2 is greater than end slot number 1
            CLUSTER SLOT-STATS SLOTSRANGE 1 => -ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP.
            CLUSTER SLOT-STATS NOSUCH 1 => -ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP.
            CLUSTER SLOT-STATS ORDERBY nosuch => -ERR Unrecognized sort metric for ORDERBY.
            CLUSTER SLOT-STATS ORDERBY key-count x => -ERR syntax error
            CLUSTER SLOT-STATS ORDERBY key-count LIMIT => -ERR syntax error
            CLUSTER SLOT-STATS ORDERBY key-count LIMIT 0 => -ERR Limit has to lie in between 1 and 16384 (maximum number of slots).
            CLUSTER SLOT-STATS ORDERBY key-count DESC LIMIT x => -ERR Limit has to lie in between 1 and 16384 (maximum number of slots).
            CLUSTER SLOT-STATS ORDERBY key-count LIMIT 1 LIMIT 2 => -ERR Multiple filters of the same type are disallowed.
            CLUSTER SLOT-STATS ORDERBY key-count ASC DESC => -ERR Multiple filters of the same type are disallowed.
            CONFIG SET cluster-slot-stats-enabled no => +OK
            CLUSTER SLOT-STATS ORDERBY cpu-usec => -ERR Unrecognized sort metric for ORDERBY.
            CLUSTER SLOT-STATS ORDERBY network-bytes-in => -ERR Unrecognized sort metric for ORDERBY.
            CLUSTER SLOT-STATS ORDERBY network-bytes-out => -ERR Unrecognized sort metric for ORDERBY.
            CLUSTER SLOT-STATS slotsrange 7 8 => *[*[:7, *["key-count", :0]], *[:8, *["key-count", :0]]]
            CONFIG SET cluster-slot-stats-enabled yes => +OK
            """);
        client.Call("HELLO 3");
        Assert.Equal(
            """*[*[:0, %["key-count", :0, "cpu-usec", :0, "network-bytes-in", :0, "network-bytes-out", :0]]]""",
            client.Call("CLUSTER SLOT-STATS ORDERBY KEY-COUNT LIMIT 1 ASC").ToString());
    }

    [Fact]
    public void Keys_are_counted_in_all_databases()
    {
        using TestServer server = Start("--cluster-databases", "4", "--cluster-slot-stats-enabled", "no");
        using RespConnection client = Connect(server);
        client.Call("SET key 1");
        client.Call("SET {key}2 1");
        client.Call("SELECT 3");
        client.Call("SET key 1");
        Assert.Equal(3, Stats(client)[Slot][Keys]);
        client.Call("DEL key");
        Assert.Equal(2, Stats(client)[Slot][Keys]);
        Assert.Single(Stats(client));
    }

    [Fact]
    public void Slots_are_ordered_by_what_is_asked_for()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        string[] tags = ["{0}", "{1}", "{2}", "{3}"];
        for (int i = 0; i < tags.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                client.Call($"SET {tags[i]}{j} {new string('x', i + 1)}");
            }
        }
        int[] slots = [.. tags.Select(tag => (int)client.Call($"CLUSTER KEYSLOT {tag}").Integer)];
        foreach (string metric in new[] { Keys, In, Out })
        {
            Assert.Equal(slots.Reverse(), SlotsBy(client, $"{metric} LIMIT 4"));
            Assert.Equal(slots, SlotsBy(client, $"{metric} ASC LIMIT 16384").TakeLast(4));
        }
        Assert.Equal([0, 1, 2], SlotsBy(client, "key-count ASC LIMIT 3").Except(slots));
        client.Call("CONFIG RESETSTAT");
        Assert.Equal([0, 1, 2], SlotsBy(client, "cpu-usec LIMIT 3"));
    }

    [Fact]
    public void Time_is_that_of_the_statistics_of_commands()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        client.Call($"SET key {new string('x', 200_000)}");
        for (int i = 0; i < 50; i++)
        {
            client.Call("BITCOUNT key");
        }
        Assert.Equal(UsecOf(client, "set") + UsecOf(client, "bitcount"), Stats(client)[Slot][Cpu]);
        Assert.NotEqual(0, Stats(client)[Slot][Cpu]);
        client.Call("CONFIG RESETSTAT");
        client.Call("MULTI");
        client.Call("BITCOUNT key");
        client.Call("BITCOUNT key");
        Assert.Empty(Stats(client, Cpu, In, Out));
        client.Call("EXEC");
        Assert.Equal(UsecOf(client, "exec"), Stats(client)[Slot][Cpu]);
    }

    [Fact]
    public void Bytes_of_requests_and_replies()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        client.Call("SET key value");
        AssertBytes(client, 33, 5);
        client.Send("SET key value\r\n"u8);
        Assert.Equal("OK", client.Read().Text);
        AssertBytes(client, 15, 5);
        client.Call("INFO");
        client.Call("PUBLISH key x");
        client.Call("GET");
        client.Call("SUBSCRIBE key");
        client.Call("UNSUBSCRIBE key");
        Assert.Empty(Stats(client, Cpu, In, Out));
        client.Call("MULTI");
        client.Call("SET key value");
        client.Call("EXEC");
        AssertBytes(client, 62, 9);
    }

    [Fact]
    public void Commands_that_wait_count_when_they_have_waited()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        using RespConnection waiting = server.Connect();
        waiting.Send("BLPOP key 0");
        client.AwaitBlocked(1);
        Assert.Empty(Stats(client, Cpu, In, Out));
        client.Call("LPUSH key value");
        Assert.Equal("value", waiting.Read().Items[1].Text);
        client.AwaitBlocked(0);
        Dictionary<string, long> use = Stats(client)[Slot];
        Assert.Equal(UsecOf(client, "lpush") + UsecOf(client, "blpop"), use[Cpu]);
        AssertBytes(client, 35 + 31, 4 + 24);
        waiting.Send("BLPOP key 0.01");
        Assert.True(waiting.Read().IsNull);
        Assert.Equal(UsecOf(client, "blpop"), Stats(client, Cpu, In)[Slot][Cpu]);
        AssertBytes(client, 34, 5);
    }

    [Fact]
    public void Scripts_are_of_the_slot_of_their_keys()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        client.Call("EVAL \"redis.call('set', 'key', 'x'); return redis.call('get', 'key')\" 0");
        Dictionary<string, long> use = Stats(client)[Slot];
        Assert.Equal(UsecOf(client, "eval"), use[Cpu]);
        Assert.Equal(7, use[Out]);
        client.Call("CONFIG RESETSTAT");
        client.Call("EVAL \"return 1\" 1 key");
        Assert.Equal(UsecOf(client, "eval"), Stats(client)[Slot][Cpu]);
        AssertBytes(client, 44, 4);
        client.Call("EVAL \"#!lua flags=allow-cross-slot-keys\\nredis.call('set', 'key', 'x'); redis.call('get', 'a')\" 0");
        Assert.Empty(Stats(client, Cpu, In, Out));
        client.Call("FUNCTION LOAD \"#!lua name=f\\nredis.register_function('f', function() return redis.call('get', 'key') end)\"");
        client.Call("FCALL f 0");
        Assert.Equal(UsecOf(client, "fcall"), Stats(client)[Slot][Cpu]);
        client.Call("CONFIG RESETSTAT");
        client.Call("MULTI");
        client.Call("EVAL \"return redis.call('get', 'key')\" 0");
        client.Call("EXEC");
        Assert.Equal(UsecOf(client, "exec"), Stats(client)[Slot][Cpu]);
        Assert.Single(Stats(client, Cpu, In, Out));
    }

    [Fact]
    public void Messages_to_shard_channels()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        using RespConnection one = server.Connect();
        using RespConnection other = server.Connect();
        other.Call("HELLO 3");
        one.Call("SSUBSCRIBE key");
        AssertBytes(client, 30, 34);
        other.Call("SSUBSCRIBE key");
        client.Call("CONFIG RESETSTAT");
        Assert.Equal(2, client.Call("SPUBLISH key hello").Integer);
        AssertBytes(client, 38, 4 + (2 * 38));
        Assert.Equal("hello", one.Read().Items[2].Text);
        Assert.Equal(0, client.Call("SPUBLISH {key}2 hello").Integer);
        AssertBytes(client, 41, 4);
    }

    [Fact]
    public void The_stream_to_replicas()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        using TestServer follower = TestServer.Start("--replicaof", $"127.0.0.1 {server.Address.Port}");
        ReplicaPair.AwaitOnline(client, 1);
        client.Call("CONFIG RESETSTAT");
        client.Call("SET key value");
        AssertBytes(client, 33, 5 + 33);
        client.Call("XADD key2 1-1 f v");
        client.Call("XGROUP CREATE key2 g $");
        client.Call("CONFIG RESETSTAT");
        client.Call("XGROUP SETID key2 g 0");
        Assert.True(Stats(client, Cpu, In, Out).Values.Single()[Out] > 5 + 30);
        client.Call("CONFIG RESETSTAT");
        client.Call($"SET key {new string('x', 300_000)}");
        Assert.Equal(5 + 300_033, Stats(client)[Slot][Out]);
        client.Call("CONFIG RESETSTAT");
        client.Call("SPUBLISH key hello");
        AssertBytes(client, 38, 4);
        client.Call("FLUSHALL");
        Assert.Empty(Stats(client, Cpu, In, Out));
    }

    [Fact]
    public void What_is_counted_is_reset_and_leaves_with_its_slot()
    {
        using TestServer server = Start("--cluster-require-full-coverage", "no");
        using RespConnection client = Connect(server);
        client.Call("SET key value");
        client.Call("DEL key");
        Assert.Single(Stats(client, Cpu, In, Out));
        client.Call("CONFIG RESETSTAT");
        Assert.Empty(Stats(client, Cpu, In, Out));
        client.Call("SET key value");
        client.Call("DEL key");
        client.Call("SET a value");
        client.Call($"CLUSTER DELSLOTS {Slot}");
        Assert.Equal(16383, client.Call("CLUSTER SLOT-STATS SLOTSRANGE 0 16383").Items.Count);
        Assert.Equal(16383, client.Call("CLUSTER SLOT-STATS ORDERBY cpu-usec").Items.Count);
        Assert.Empty(client.Call($"CLUSTER SLOT-STATS SLOTSRANGE {Slot} {Slot}").Items);
        client.Call($"CLUSTER ADDSLOTS {Slot}");
        Assert.Equal(16384, client.Call("CLUSTER SLOT-STATS SLOTSRANGE 0 16383").Items.Count);
        Assert.Equal(15495, Assert.Single(Stats(client, Cpu, In, Out)).Key);
        client.Call("CONFIG SET cluster-slot-stats-enabled no");
        client.Call("SET a value");
        client.Call("CONFIG SET cluster-slot-stats-enabled yes");
        Assert.Equal(31, Stats(client, In)[15495][In]);
    }

    [Fact]
    public void Several_loops_count_together()
    {
        using TestServer server = Start("--io-threads", "3");
        using RespConnection client = Connect(server);
        RespConnection[] others = [.. Enumerable.Range(0, 6).Select(_ => server.Connect())];
        foreach (RespConnection other in others)
        {
            for (int i = 0; i < 100; i++)
            {
                other.Send("SET key value");
            }
        }
        foreach (RespConnection other in others)
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal("OK", other.Read().Text);
            }
            other.Dispose();
        }
        AssertBytes(client, 600 * 33, 600 * 5);
    }

    private static TestServer Start(params string[] options) =>
        TestServer.Start(["--cluster-enabled", "yes", "--cluster-slot-stats-enabled", "yes", .. options]);

    private static RespConnection Connect(TestServer server)
    {
        RespConnection client = server.Connect();
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 16383").Text);
        return client;
    }

    /// <summary>Only the slot of "key" has taken bytes, and so many; they are counted anew then.</summary>
    private static void AssertBytes(RespConnection client, long bytesIn, long bytesOut)
    {
        Dictionary<string, long> use = Assert.Single(Stats(client, Cpu, In, Out)).Value;
        Assert.Equal((bytesIn, bytesOut), (use[In], use[Out]));
        client.Call("CONFIG RESETSTAT");
    }

    /// <summary>The slots of which one of these numbers is not 0; of all numbers, if none is named.</summary>
    private static Dictionary<int, Dictionary<string, long>> Stats(RespConnection client, params string[] metrics)
    {
        Dictionary<int, Dictionary<string, long>> slots = [];
        foreach (Reply slot in client.Call("CLUSTER SLOT-STATS SLOTSRANGE 0 16383").Items)
        {
            Dictionary<string, long> numbers = slot.Items[1].Items.Chunk(2).ToDictionary(pair => pair[0].Text, pair => pair[1].Integer);
            if (numbers.Any(number => number.Value != 0 && (metrics.Length == 0 || metrics.Contains(number.Key))))
            {
                slots.Add((int)slot.Items[0].Integer, numbers);
            }
        }
        return slots;
    }

    private static IEnumerable<int> SlotsBy(RespConnection client, string order) =>
        [.. client.Call($"CLUSTER SLOT-STATS ORDERBY {order}").Items.Select(slot => (int)slot.Items[0].Integer)];

    private static long UsecOf(RespConnection client, string command)
    {
        Match match = CommandTime().Match(client.Call("INFO commandstats").Text.Split($"cmdstat_{command}:")[1]);
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("usec=([0-9]+),")]
    private static partial Regex CommandTime();
}
