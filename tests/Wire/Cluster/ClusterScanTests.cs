using Bixbite.Cluster.Document;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>CLUSTERSCAN. No Redis or Valkey that is installed here has it.</summary>
public sealed class ClusterScanTests
{
    [Fact]
    public void Without_a_cluster_there_is_nothing_to_walk_through() => Expect.Replies(
        """
        CLUSTERSCAN 0 => -ERR This instance has cluster support disabled
        CLUSTERSCAN => -ERR wrong number of arguments for 'clusterscan' command
        SCAN 0 SLOT 0 => -ERR syntax error
        """);

    [Fact]
    public void Arguments_and_beginnings()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        Expect.Replies(
            client,
            """
            CLUSTERSCAN x => -ERR Invalid cursor
            CLUSTERSCAN abc-def-ghi => -ERR Invalid cursor
            CLUSTERSCAN 0- => -ERR Invalid cursor
            CLUSTERSCAN 0-{0} => -ERR Invalid cursor
            CLUSTERSCAN 0-{0}- => -ERR Invalid cursor
            CLUSTERSCAN 0-{0}-x => -ERR Invalid cursor
            CLUSTERSCAN 0-{}-0 => -ERR Invalid cursor
            CLUSTERSCAN -{0}-0 => -ERR Invalid cursor
            CLUSTERSCAN 0-{06S}-0 NOSUCH => -ERR syntax error
            CLUSTERSCAN 0 COUNT 0 => -ERR syntax error
            CLUSTERSCAN 0 COUNT x => -ERR value is not an integer or out of range
            CLUSTERSCAN 0 TYPE x => -ERR unknown type name 'x'
            CLUSTERSCAN 0-{06S}-0 SLOT 1 => -ERR Cursor slot mismatch
            CLUSTERSCAN 0 SLOT 16384 => -ERR Invalid or out of range slot
            CLUSTERSCAN 0 SLOT x => -ERR Invalid or out of range slot
            CLUSTERSCAN 0 SLOT 0 SLOT 0 => -ERR SLOT option can only be specified once
            CLUSTERSCAN 0 => *["0-{06S}-0", *[]]
            CLUSTERSCAN 0 SLOT 1 => *["0-{Qi}-0", *[]]
            CLUSTERSCAN 0 SLOT 16383 => *["0-{6ZJ}-0", *[]]
            CLUSTERSCAN 0 MATCH {5L5}-* => *["0-{5L5}-0", *[]]
            CLUSTERSCAN 0 MATCH x{5L5}* => *["0-{5L5}-0", *[]]
            CLUSTERSCAN 0 MATCH 5L5 => *["0-{5L5}-0", *[]]
            CLUSTERSCAN 0 MATCH *{5L5} => *["0-{06S}-0", *[]]
            CLUSTERSCAN 0 MATCH {5L5 => *["0-{2x}-0", *[]]
            CLUSTERSCAN 0-{06S}-0 MATCH {Qi}-* => *["0-{Qi}-0", *[]]
            CLUSTERSCAN 0-{Qi}-0 MATCH {06S}-* => *["0", *[]]
            CLUSTERSCAN 0 SLOT 0 MATCH {Qi}-* => *["0", *[]]
            CLUSTERSCAN 0-{06S}-0 SLOT 0 MATCH {Qi}-* => *["0", *[]]
            CLUSTERSCAN 0-{06S}-0 => *["0", *[]]
            CLUSTERSCAN 0-{06S}-0 SLOT 0 => *["0", *[]]
            """);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void A_walk_finds_each_key_that_stays_once(int count)
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        HashSet<string> staying =
        [
            .. Enumerable.Range(0, 500).Select(i => $"key:{i}"), .. Enumerable.Range(0, 300).Select(i => $"{{06S}}{i}"),
        ];
        foreach (string key in staying)
        {
            client.Call($"SET {key} x");
        }
        List<string> found = [];
        string cursor = "0";
        int calls = 0;
        do
        {
            (cursor, IEnumerable<string> keys) = Scan(client, cursor, $"COUNT {count}");
            found.AddRange(keys.Where(staying.Contains));
            client.Call($"SET passing:{calls} x");
            client.Call($"SET {{06S}}passing:{calls} x");
            client.Call($"DEL passing:{calls - 5}");
            calls++;
            Assert.InRange(calls, 0, 10_000);
        }
        while (cursor != "0");
        Assert.Equal(staying.Order(), found.Order());
        if (count == 100_000)
        {
            Assert.Equal(2, calls);
        }
    }

    [Fact]
    public void Names_and_types()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        client.Call("MSET {06S}a 1 {06S}b 1");
        client.Call("RPUSH {06S}l 1");
        client.Call("SET {Qi}a 1");
        Assert.Equal(["{06S}l"], Scan(client, "0-{06S}-0", "TYPE list").Keys);
        Assert.Equal(["{06S}a", "{Qi}a"], Scan(client, "0-{06S}-0", "MATCH *a COUNT 100").Keys.Order());
        (string cursor, IEnumerable<string> keys) = Scan(client, "0-{06S}-0", "MATCH {06S}[ab] COUNT 100");
        Assert.Equal("0", cursor);
        Assert.Equal(["{06S}a", "{06S}b"], keys.Order());
        Assert.Empty(Scan(client, "0-{06S}-0", "MATCH {06S}[ab] TYPE list").Keys);
    }

    [Fact]
    public void A_walk_ends_where_the_slots_of_a_node_end()
    {
        using TestServer server = Start("--cluster-require-full-coverage", "no");
        using RespConnection client = Connect(server);
        client.Call("SET {4ZG}key 1");
        client.Call("SET {0or}key 1");
        (string cursor, IEnumerable<string> keys) = Scan(client, "0-{4ZG}-0", "COUNT 1");
        Assert.Equal(["{4ZG}key"], keys);
        Assert.Matches("^[0-9A-Za-z]{6}-\\{0or\\}-0$", cursor);
        Assert.Equal(["{0or}key"], Scan(client, cursor, "").Keys);
        client.Call("CLUSTER DELSLOTS 51");
        Assert.Equal("*[\"0-{6od}-0\", *[\"{4ZG}key\"]]", client.Call("CLUSTERSCAN 0-{4ZG}-0").ToString());
        Assert.Equal("CLUSTERDOWN Hash slot not served", client.Call("CLUSTERSCAN 0-{6od}-0").Text);
    }

    [Fact]
    public void Where_the_order_is_another_one_the_slot_begins_anew()
    {
        using TestServer server = Start();
        using RespConnection client = Connect(server);
        HashSet<string> keys = [.. Enumerable.Range(0, 200).Select(i => $"{{he}}{i}")];
        foreach (string key in keys)
        {
            client.Call($"SET {key} 1");
        }
        (string cursor, IEnumerable<string> first) = Scan(client, "0-{he}-0", "SLOT 16000 COUNT 100");
        Assert.InRange(first.Count(), 1, 199);
        (_, IEnumerable<string> rest) = Scan(client, cursor, "SLOT 16000 COUNT 1000");
        Assert.Equal(keys.Order(), first.Concat(rest).Order());
        string position = cursor.Split('-')[2];
        Assert.Equal(keys.Order(), Scan(client, $"0-{{he}}-0{position}", "SLOT 16000 COUNT 1000").Keys.Order());
        Assert.Equal(keys.Order(), Scan(client, $"abcdef-{{he}}-{position}", "SLOT 16000 COUNT 1000").Keys.Order());
        string order = cursor.Split('-')[0];
        foreach (string wild in new[] { "1", "18446744073709551615", "9999999999999999999999", "281474976710655" })
        {
            Assert.True(keys.IsSupersetOf(Scan(client, $"{order}-{{he}}-{wild}", "SLOT 16000 COUNT 1000").Keys));
        }
        Assert.Empty(Scan(client, $"{order}-{{06S}}-{position}", "SLOT 0 COUNT 1000").Keys);
        client.Call("FLUSHALL");
        foreach (string key in keys)
        {
            client.Call($"SET {key} 1");
        }
        Assert.Equal(keys.Order(), Scan(client, cursor, "SLOT 16000 COUNT 1000").Keys.Order());
    }

    [Fact]
    public void Keys_that_are_due_are_not_told()
    {
        var clock = new ManualClock();
        using TestServer server = TestServer.StartAt(clock, "--cluster-enabled", "yes", "--enable-debug-command", "yes");
        using RespConnection client = Connect(server);
        client.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        client.Call("SET {06S}a 1 PX 10");
        client.Call("SET {06S}b 1");
        clock.AdvanceMs(20);
        Assert.Equal(["{06S}b"], Scan(client, "0-{06S}-0", "COUNT 100").Keys);
        Assert.Equal(1, client.Call("DBSIZE").Integer);
    }

    [Fact]
    public void Cursors_lead_to_the_nodes_of_their_slots()
    {
        var neighbour = new NeighbourModule(SlotSet.Of(new SlotRange(0, 8191)));
        using TestServer server = TestServer.StartWith([neighbour], "--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        client.Call("SET {he}a 1");
        Expect.Replies(
            client,
            $$"""
            CLUSTERSCAN 0-{06S}-0 => -MOVED 0 10.0.0.1:7001
            CLUSTERSCAN 0-{he}-0 => *["0", *["{he}a"]]
            CLUSTER SETSLOT 16000 MIGRATING {{neighbour.Neighbour}} => +OK
            CLUSTERSCAN 0-{he}-0 SLOT 16000 => *["0", *["{he}a"]]
            GET {he}b => -ASK 16000 10.0.0.1:7001
            """);
    }

    private static TestServer Start(params string[] options) => TestServer.Start(["--cluster-enabled", "yes", .. options]);

    private static RespConnection Connect(TestServer server)
    {
        RespConnection client = server.Connect();
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 16383").Text);
        return client;
    }

    private static (string Cursor, IEnumerable<string> Keys) Scan(RespConnection client, string cursor, string options)
    {
        Reply reply = client.Call($"CLUSTERSCAN {cursor} {options}");
        Assert.False(reply.IsError, reply.Text);
        return (reply.Items[0].Text, [.. reply.Items[1].Items.Select(static key => key.Text)]);
    }
}
