using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Http;

/// <summary>What Prometheus reads is what INFO says.</summary>
public sealed partial class MetricsTests
{
    private static readonly string[] s_suffixes = ["", "_total", "_bucket", "_sum", "_count"];

    [Fact]
    public async Task Numbers_are_those_of_INFO()
    {
        using HttpServer server = HttpServer.Start("--maxmemory", "64mb");
        using RespConnection client = server.ConnectResp();
        client.Call("SET a 1");
        client.Call("SET b 1 EX 1000");
        client.Call("GET a");
        client.Call("GET none");
        client.Call("INCR none-such-command x y");
        client.Call("SELECT 3");
        client.Call("SET c 1");
        Dictionary<string, double> metrics = Read(await server.GetTextAsync("/metrics"));
        Assert.Equal(1, metrics["redis_up"]);
        Assert.Equal(64 << 20, metrics["redis_memory_max_bytes"]);
        Assert.Equal(64 << 20, metrics["redis_config_maxmemory"]);
        Assert.Equal(2, metrics["redis_db_keys{db=\"db0\"}"]);
        Assert.Equal(1, metrics["redis_db_keys_expiring{db=\"db0\"}"]);
        Assert.InRange(metrics["redis_db_avg_ttl_seconds{db=\"db0\"}"], 1, 1000);
        Assert.Equal(1, metrics["redis_db_keys{db=\"db3\"}"]);
        Assert.Equal(2, metrics["redis_commands_total{cmd=\"get\"}"]);
        Assert.Equal(1, metrics["redis_commands_rejected_calls_total{cmd=\"incr\"}"]);
        Assert.Equal(1, metrics["redis_errors_total{err=\"ERR\"}"]);
        Assert.Equal(1, metrics["redis_keyspace_hits_total"]);
        Assert.Equal(1, metrics["redis_keyspace_misses_total"]);
        Assert.Equal(1, metrics["redis_connected_clients"]);
        Assert.Equal(1, metrics["redis_rdb_last_bgsave_status"]);
        Assert.Equal(2, metrics["redis_commands_latencies_usec_count{cmd=\"get\"}"]);
        Assert.Equal(2, metrics["redis_commands_latencies_usec_bucket{cmd=\"get\",le=\"+Inf\"}"]);
        Assert.Equal(2, metrics["redis_latency_percentiles_usec_count{cmd=\"get\"}"]);
        Assert.True(metrics["redis_latency_percentiles_usec{cmd=\"get\",quantile=\"99.9\"}"] > 0);
        Assert.True(metrics["redis_memory_used_bytes"] > 0);
        Assert.True(metrics["redis_start_time_seconds"] > 1_600_000_000);
        Assert.Equal(1, metrics["bixbite_http_connections"]);
        string instance = Assert.Single(metrics.Keys, static key => key.StartsWith("redis_instance_info", StringComparison.Ordinal));
        Assert.Contains("role=\"master\"", instance, StringComparison.Ordinal);
        Assert.Contains($"tcp_port=\"{server.Server.Address.Port}\"", instance, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true)]
    [InlineData("text/plain;version=0.0.4", false)]
    public async Task The_format_is_agreed_on(string accept, bool isOpenMetrics)
    {
        using HttpServer server = HttpServer.Start();
        using HttpResponseMessage response = await server.GetAsync(
            "/metrics", change: request => request.Headers.TryAddWithoutValidation("Accept", accept));
        string type = response.Content.Headers.GetValues("Content-Type").Single();
        string expected = isOpenMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4";
        Assert.StartsWith(expected, type, StringComparison.Ordinal);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isOpenMetrics, text.EndsWith("\n# EOF\n", StringComparison.Ordinal));
        CheckFamilies(text);
    }

    /// <summary>A family is declared once, in front of its samples, which stand together.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Families_are_whole(bool isReplica)
    {
        using TestServer primary = TestServer.Start();
        using HttpServer server = HttpServer.Start("--appendonly", "yes", "--latency-monitor-threshold", "1");
        using RespConnection client = server.ConnectResp();
        if (isReplica)
        {
            client.Call($"REPLICAOF 127.0.0.1 {primary.Address.Port}");
            Patience.Until(() => client.Call("INFO replication").Text.Contains("master_link_status:up", StringComparison.Ordinal));
        }
        string text = await server.GetTextAsync("/metrics");
        CheckFamilies(text);
        Dictionary<string, double> metrics = Read(text);
        if (isReplica)
        {
            string labels = $"{{master_host=\"127.0.0.1\",master_port=\"{primary.Address.Port}\"}}";
            Assert.Equal(1, metrics["redis_master_link_up" + labels]);
            Assert.Equal(0, metrics["redis_master_sync_in_progress" + labels]);
            Assert.True(metrics.ContainsKey("redis_slave_repl_offset" + labels));
            Assert.Contains(metrics.Keys, static key => key.StartsWith("redis_slave_info{", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_primary_tells_of_its_replicas()
    {
        using HttpServer server = HttpServer.Start();
        using TestServer replica = TestServer.Start("--replicaof", $"127.0.0.1 {server.Server.Address.Port}");
        using RespConnection client = server.ConnectResp();
        Patience.Until(() => client.Call("INFO replication").Text.Contains("state=online", StringComparison.Ordinal));
        Dictionary<string, double> metrics = Read(await server.GetTextAsync("/metrics"));
        string labels = $"{{slave_ip=\"127.0.0.1\",slave_port=\"{replica.Address.Port}\",slave_state=\"online\"}}";
        Assert.True(metrics.ContainsKey("redis_connected_slave_offset_bytes" + labels));
        Assert.True(metrics.ContainsKey("redis_connected_slave_lag_seconds" + labels));
        Assert.Equal(1, metrics["redis_connected_slaves"]);
    }

    [Fact]
    public async Task Users_with_INFO_may_ask_and_no_others()
    {
        using HttpServer server = HttpServer.Start("--requirepass", "secret");
        using RespConnection client = server.ConnectResp();
        client.Call("AUTH secret");
        client.Call("ACL SETUSER prometheus on >p:w +info");
        client.Call("ACL SETUSER reader on >p +@read ~*");
        client.Call("ACL SETUSER gone off >p +@all");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", "prometheus:p:w"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", "default:secret"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/metrics", "reader:p"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "prometheus:wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "gone:p"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "nobody:p"));
        using HttpResponseMessage nameless = await server.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.Unauthorized, nameless.StatusCode);
        Assert.Equal("Basic", nameless.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/healthz", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/readyz", null));
        string log = client.Call("ACL LOG").ToString();
        Assert.Contains("http /metrics", log, StringComparison.Ordinal);
        Assert.Contains("nobody", log, StringComparison.Ordinal);
        Assert.Contains("reader", log, StringComparison.Ordinal);
        Assert.Contains("acl_access_denied_auth:3\r\n", client.Call("INFO stats").Text, StringComparison.Ordinal);

        async Task<HttpStatusCode> StatusAsync(string path, string? user)
        {
            using HttpResponseMessage response = await server.GetAsync(path, user);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Too_many_wrong_passwords_are_not_looked_at()
    {
        ManualClock clock = new();
        using HttpServer server = HttpServer.StartAt(clock, "--requirepass", "secret", "--auth-failures-max", "3");
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage wrong = await server.GetAsync("/metrics", "default:wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using HttpResponseMessage right = await server.GetAsync("/metrics", "default:secret");
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), right.Headers.RetryAfter!.Delta);
        clock.AdvanceMs(1000);
        using HttpResponseMessage later = await server.GetAsync("/metrics", "default:secret");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_renamed_INFO_is_still_what_must_be_allowed()
    {
        using HttpServer server = HttpServer.Start("--rename-command", "info", "tell");
        Assert.Contains("redis_up 1", await server.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loading_and_disk_trouble_are_reasons_not_to_be_ready()
    {
        using HttpServer server = HttpServer.Start();
        Assert.Equal("ready\n", await server.GetTextAsync("/readyz"));
        Assert.Equal("ok\n", await server.GetTextAsync("/healthz"));
        using RespConnection client = server.ConnectResp();
        client.Call($"REPLICAOF 127.0.0.1 {FreePorts.Next()}");
        using HttpResponseMessage lost = await server.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        Assert.Equal(
            "There is no link to the primary.\n", await lost.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("ok\n", await server.GetTextAsync("/healthz"));
        client.Call("REPLICAOF NO ONE");
        client.Call("CONFIG SET save \"3600 1\"");
        string folder = Path.Combine(server.Server.Folder, "dump.rdb");
        Directory.CreateDirectory(folder);
        client.Call("SET a 1");
        client.Call("BGSAVE");
        Patience.Until(() => client.Call("INFO persistence").Text.Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal));
        using HttpResponseMessage unsaved = await server.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unsaved.StatusCode);
        Assert.Contains(
            "snapshot", await unsaved.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Samples by their names and labels.</summary>
    internal static Dictionary<string, double> Read(string text) => text.Split('\n')
        .Where(static line => line.Length > 0 && line[0] != '#')
        .ToDictionary(
            static line => line[..line.LastIndexOf(' ')],
            static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static void CheckFamilies(string text)
    {
        HashSet<string> seen = [];
        string family = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(seen.Add(family), $"{family} is declared twice");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
            }
            else if (line != "# EOF")
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                string suffix = sample.Groups[1].Value[family.Length..];
                Assert.StartsWith(family, line, StringComparison.Ordinal);
                Assert.Contains(suffix, s_suffixes);
            }
        }
        Assert.True(seen.Count > 150);
    }

    [GeneratedRegex("""^([a-z0-9_]+)(\{([a-z0-9_]+="(\\.|[^"\\])*",?)+\})? (-?[0-9.eE+-]+|\+Inf|NaN)$""")]
    private static partial Regex Sample();
}
