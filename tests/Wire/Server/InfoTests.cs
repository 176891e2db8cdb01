using System.Globalization;
using System.Runtime.InteropServices;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>INFO as monitoring tools read it.</summary>
public sealed class InfoTests
{
    private static readonly string[] s_defaultHeadings =
        ["Server", "Clients", "Memory", "Persistence", "Stats", "Replication", "CPU", "Modules", "Errorstats", "Cluster", "Keyspace"];

    [Fact]
    public void Without_a_section_the_default_ones_are_told()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(s_defaultHeadings, Headings(client.Call("INFO").Text));
        Assert.Equal(s_defaultHeadings, Headings(client.Call("INFO default").Text));
        Assert.Equal(
            ["Commandstats", "Latencystats", "Hotkeys", "Clientstats"],
            Headings(client.Call("INFO all").Text).Except(s_defaultHeadings));
        Assert.Equal(["CPU", "Keyspace"], Headings(client.Call("INFO keyspace cpu KEYSPACE").Text));
    }

    [Fact]
    public void The_section_for_developers_is_told_only_by_its_name()
    {
        // With everysec a round may wait for an fsync.
        using TestServer server = TestServer.Start("--appendonly", "yes", "--appendfsync", "no");
        using RespConnection client = server.Connect();
        Assert.DoesNotContain("Debug", Headings(client.Call("INFO everything").Text));
        client.Send([.. Enumerable.Repeat(CommandLine.Encode("SET k v"), 20).SelectMany(request => request)]);
        for (int i = 0; i < 20; i++)
        {
            client.Read();
        }
        string[] names = [.. Fields(client, "debug").Keys];
        Assert.Equal(
            ["eventloop_duration_aof_sum", "eventloop_duration_cron_sum", "eventloop_duration_max", "eventloop_cmd_per_cycle_max"], names);
        Dictionary<string, long> debug = Fields(client, "debug").ToDictionary(field => field.Key, field => long.Parse(field.Value));
        Assert.InRange(debug["eventloop_cmd_per_cycle_max"], 1, 20);
        Assert.True(debug["eventloop_duration_max"] > 0);
        Assert.True(debug["eventloop_duration_aof_sum"] > 0);
        client.Call("CONFIG RESETSTAT");
        Assert.Equal("0", Fields(client, "debug")["eventloop_cmd_per_cycle_max"]);
        Assert.Equal("0", Fields(client, "debug")["eventloop_duration_aof_sum"]);
    }

    [Fact]
    public void Every_field_of_Redis_is_there_in_its_order()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        using RedisPeer redis = RedisPeer.Start();
        using RespConnection other = redis.Connect();
        string[] expected = [.. FieldNames(other.Call("INFO everything").Text)];
        string[] ours = [.. FieldNames(client.Call("INFO everything").Text)];
        Assert.Equal(expected, ours.Where(expected.Contains));
    }

    [Fact]
    public void What_other_loops_read_and_write_is_told()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        RespConnection[] clients = [.. Enumerable.Range(0, 16).Select(_ => server.Connect())];
        foreach (RespConnection client in clients)
        {
            client.Call("PING");
        }
        // A client may read its reply before its loop has counted it.
        Dictionary<string, string> stats = [];
        Patience.Until(
            () => (stats = Fields(clients[0], "stats"))["io_threaded_writes_processed"] != "0", "no other loop writes");
        Assert.InRange(long.Parse(stats["io_threaded_reads_processed"]), 1, long.Parse(stats["total_reads_processed"]) - 1);
        Assert.InRange(long.Parse(stats["io_threaded_writes_processed"]), 1, long.Parse(stats["total_writes_processed"]));
        foreach (RespConnection client in clients)
        {
            client.Dispose();
        }
    }

    [Fact]
    public void The_server_says_who_it_is()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Dictionary<string, string> info = Fields(client, "server");
        Assert.Equal("7.2.4", info["redis_version"]);
        Assert.Equal("bixbite", info["server_name"]);
        Assert.Equal("standalone", info["redis_mode"]);
        Assert.Equal(40, info["run_id"].Length);
        Assert.Equal(server.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), info["tcp_port"]);
        // .NET calls a Linux by the name of its distribution.
        Assert.StartsWith(Portability.IsOn ? RuntimeInformation.OSDescription : "Linux ", info["os"], StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_commands_and_errors_are_counted()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("CONFIG RESETSTAT");
        client.Call("SET a 1");
        client.Call("SET b 1 EX 100");
        client.Call("GET a");
        client.Call("GET nothing");
        client.Call("LPUSHX");
        client.Call("INCR a b");
        client.Call("SETRANGE a -1 x");

        Assert.Equal("keys=2,expires=1", Fields(client, "keyspace")["db0"].Split(",avg_ttl=")[0]);
        Dictionary<string, string> stats = Fields(client, "stats");
        Assert.Equal("1", stats["keyspace_hits"]);
        Assert.Equal("1", stats["keyspace_misses"]);
        Assert.Equal("3", stats["total_error_replies"]);
        Dictionary<string, string> commands = Fields(client, "commandstats");
        Assert.StartsWith("calls=2,usec=", commands["cmdstat_set"], StringComparison.Ordinal);
        Assert.EndsWith("rejected_calls=1,failed_calls=0", commands["cmdstat_incr"], StringComparison.Ordinal);
        Assert.EndsWith("rejected_calls=0,failed_calls=1", commands["cmdstat_setrange"], StringComparison.Ordinal);
        Assert.Equal("count=3", Fields(client, "errorstats")["errorstat_ERR"]);
        Assert.Matches("^p50=[0-9.]+,p99=[0-9.]+,p99\\.9=[0-9.]+$", Fields(client, "latencystats")["latency_percentiles_usec_set"]);
    }

    /// <summary>As in Redis, where the time of EXEC is also that of the commands it runs.</summary>
    [Fact]
    public void A_transaction_takes_as_long_as_its_commands()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        client.Call("DEBUG SLEEP 0.02");
        client.Call("EXEC");
        Dictionary<string, string> commands = Fields(client, "commandstats");
        Assert.InRange(DurationUs("debug"), 20_000, long.MaxValue);
        Assert.InRange(DurationUs("exec"), DurationUs("debug"), long.MaxValue);
        Assert.StartsWith("calls=1,usec=0,", commands["cmdstat_multi"], StringComparison.Ordinal);

        long DurationUs(string name) =>
            long.Parse(commands["cmdstat_" + name].Split("usec=")[1].Split(',')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Reset_begins_the_counts_anew()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("GET nothing");
        client.Call("LPUSHX");
        Assert.Equal("OK", client.Call("CONFIG RESETSTAT").Text);
        Dictionary<string, string> stats = Fields(client, "stats");
        Assert.Equal("0", stats["keyspace_misses"]);
        Assert.Equal("0", stats["total_error_replies"]);
        Assert.Equal("0", stats["total_connections_received"]);
        Assert.Empty(Fields(client, "errorstats"));
        Assert.DoesNotContain("cmdstat_get", Fields(client, "commandstats").Keys);
    }

    [Fact]
    public void Memory_is_told_in_bytes_and_for_people()
    {
        using TestServer server = TestServer.Start("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lfu");
        using RespConnection client = server.Connect();
        Dictionary<string, string> before = Fields(client, "memory");
        Assert.Equal("104857600", before["maxmemory"]);
        Assert.Equal("100.00M", before["maxmemory_human"]);
        Assert.Equal("allkeys-lfu", before["maxmemory_policy"]);
        client.Call("SETRANGE big 4000000 x");
        long grown = long.Parse(Fields(client, "memory")["used_memory"]) - long.Parse(before["used_memory"]);
        Assert.InRange(grown, 3_900_000, 8_500_000);
        Assert.True(long.Parse(before["used_memory_rss"]) > 0);
    }

    [Fact]
    public void Clients_that_a_pause_holds_are_blocked()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        using RespConnection held = server.Connect();
        client.Call("CLIENT PAUSE 100000 WRITE");
        held.Send("SET k v");
        client.AwaitBlocked(1);
        Assert.Equal("write", Fields(client, "clients")["paused_actions"]);
        client.Call("CLIENT UNPAUSE");
        Assert.Equal("OK", held.Read().Text);
        Assert.Equal("0", Fields(client, "clients")["blocked_clients"]);
    }

    /// <summary>Names of fields, but for those that depend on what was done before.</summary>
    private static IEnumerable<string> FieldNames(string info) =>
        info.Split("\r\n").Where(line => line.Contains(':') && !line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(line => line.Split(':')[0]).Where(name => !name.StartsWith("latency_percentiles", StringComparison.Ordinal));

    private static IEnumerable<string> Headings(string info) =>
        info.Split("\r\n").Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[2..]);

    private static Dictionary<string, string> Fields(RespConnection client, string section) =>
        client.Call($"INFO {section}").Text.Split("\r\n").Where(line => line.Contains(':'))
            .Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
}
