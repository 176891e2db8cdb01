using System.Text.Json;
using System.Text.RegularExpressions;
using Bixbite.Unit.Configuration;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Http;

/// <summary>Prometheus, its tools and its exporter for Redis agree with what is told, and the dashboard asks for nothing else.</summary>
public sealed partial class MonitoringTests
{
    private const string Alerts = "deploy/monitoring/alerts.yml";
    private const string Dashboard = "deploy/monitoring/grafana-dashboard.json";

    [Fact]
    public async Task Promtool_accepts_the_metrics()
    {
        Assert.SkipWhen(Programs.PrometheusTool is null, "promtool is not installed");
        using HttpServer server = HttpServer.Start("--appendonly", "yes");
        using RespConnection client = server.ConnectResp();
        client.Call("SET a 1");
        using BackgroundProgram tool = new(Programs.PrometheusTool!, "check", "metrics");
        // 3: it would have called something otherwise. What redis_exporter has called so stays so.
        Assert.Contains(tool.Finish(await server.GetTextAsync("/metrics")), (int[])[0, 3]);
        string[] complaints = tool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(complaints, static complaint => Assert.StartsWith("redis_", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void Promtool_accepts_the_alerts()
    {
        Assert.SkipWhen(Programs.PrometheusTool is null, "promtool is not installed");
        using BackgroundProgram tool = new(Programs.PrometheusTool!, "check", "rules", Repository.File(Alerts));
        Assert.True(tool.Finish("") == 0, tool.Output);
    }

    /// <summary>Prometheus reads OpenMetrics, and every rule and every question of the dashboard is one that it understands.</summary>
    [Fact]
    public async Task Prometheus_reads_them_and_answers_the_dashboard()
    {
        Assert.SkipWhen(Programs.Prometheus is null, "prometheus is not installed");
        using HttpServer server = HttpServer.Start();
        using TempFolder folder = new();
        int port = FreePorts.Next();
        await File.WriteAllTextAsync(folder.File("prometheus.yml"), $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{Repository.File(Alerts)}}" ]
            scrape_configs:
              - job_name: bixbite
                static_configs: [ { targets: [ "127.0.0.1:{{server.Port}}" ] } ]
            """, TestContext.Current.CancellationToken);
        using BackgroundProgram prometheus = new(
            Programs.Prometheus!, $"--config.file={folder.File("prometheus.yml")}", $"--storage.tsdb.path={folder.File("data")}",
            $"--web.listen-address=127.0.0.1:{port}");
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(60) };
        Patience.Until(
            () => Ask(client, "query?query=redis_up", prometheus).Contains("\"1\"", StringComparison.Ordinal),
            () => prometheus.Output + Ask(client, "targets", prometheus));
        Patience.Until(
            () => Rules(client, prometheus).All(static health => health == "ok"), () => Ask(client, "rules", prometheus));
        foreach (string expression in Expressions())
        {
            string question = expression.Replace("$instance", ".*", StringComparison.Ordinal)
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal);
            string answer = Ask(client, "query?query=" + Uri.EscapeDataString(question), prometheus);
            Assert.True(answer.StartsWith("{\"status\":\"success\"", StringComparison.Ordinal), $"{question}\n{answer}");
        }
    }

    [Fact]
    public async Task Every_metric_that_is_asked_for_is_told()
    {
        int port = FreePorts.Next();
        using TlsServer primary = TlsServer.Start(
            "--http-port", $"{port}", "--appendonly", "yes", "--tls-auth-clients", "no", "--maxmemory", "1gb");
        using HttpServer replica = HttpServer.Start("--replicaof", $"127.0.0.1 {primary.Server.Address.Port}");
        using RespConnection client = primary.ConnectPlain();
        client.Call("SET a 1");
        client.Call("NO SUCH COMMAND");
        Patience.Until(() => client.Call("INFO replication").Text.Contains("state=online", StringComparison.Ordinal));
        using HttpClient http = new();
        string text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
        HashSet<string> told = [.. Names(text), .. Names(await replica.GetTextAsync("/metrics"))];
        string[] asked =
        [
            .. Expressions().Append(await File.ReadAllTextAsync(Repository.File(Alerts), TestContext.Current.CancellationToken))
                .SelectMany(static expression => MetricName().Matches(expression).Select(static match => match.Value)),
        ];
        Assert.True(asked.Length > 60);
        Assert.Empty(asked.Where(name => !told.Contains(name)).Distinct());
    }

    /// <summary>Whatever redis_exporter finds in a Redis it finds here; and what it finds here is told without it.</summary>
    [Fact]
    public async Task The_exporter_for_Redis_misses_nothing()
    {
        Assert.SkipWhen(Programs.RedisExporter is null, "prometheus-redis-exporter is not installed");
        Assert.SkipWhen(Programs.RedisServer is null, "redis-server is not installed");
        using ServerProcess redis = ServerProcess.Start(Programs.RedisServer!, "--appendonly", "yes", "--latency-monitor-threshold", "1");
        using HttpServer server = HttpServer.Start("--appendonly", "yes", "--latency-monitor-threshold", "1");
        HashSet<string> ofRedis = Export(redis.Address.Port);
        HashSet<string> ofBixbite = Export(server.Server.Address.Port);
        Assert.Contains("redis_memory_used_bytes", ofRedis);
        Assert.Empty(ofRedis.Except(ofBixbite));
        Assert.Empty(ofBixbite.Except(Names(await server.GetTextAsync("/metrics"))));
    }

    /// <summary>The names that the exporter has for a server.</summary>
    private static HashSet<string> Export(int port)
    {
        using (RespConnection client = RespConnection.Open(new ServerAddress(port, null)))
        {
            client.Call("SET a 1");
            client.Call("GET a");
            client.Call("INCRBY a x");
        }
        int own = FreePorts.Next();
        using BackgroundProgram exporter = new(
            Programs.RedisExporter!, "-redis.addr", $"redis://127.0.0.1:{port}", "-web.listen-address", $"127.0.0.1:{own}");
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{own}/"), Timeout = TimeSpan.FromSeconds(60) };
        string text = "";
        // The first scrape is a command of its own in the statistics of the second.
        Patience.Until(
            () => Read(http, "metrics", exporter, out text) && text.Contains("redis_up 1", StringComparison.Ordinal)
                && text.Contains("cmd=\"info\"", StringComparison.Ordinal),
            () => exporter.Output);
        return [.. Names(text).Where(static name => name.StartsWith("redis_", StringComparison.Ordinal) && !OfExporter().IsMatch(name))];
    }

    private static string Ask(HttpClient client, string path, BackgroundProgram program) =>
        Read(client, "api/v1/" + path, program, out string text) ? text : "";

    private static bool Read(HttpClient client, string path, BackgroundProgram program, out string text)
    {
        text = "";
        Assert.False(program.HasExited, program.Output);
        try
        {
            using HttpResponseMessage response = client.Send(new HttpRequestMessage(HttpMethod.Get, path));
            using StreamReader reader = new(response.Content.ReadAsStream());
            text = reader.ReadToEnd();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string[] Rules(HttpClient client, BackgroundProgram prometheus)
    {
        using JsonDocument answer = JsonDocument.Parse(Ask(client, "rules", prometheus));
        return
        [
            .. from rules in answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
               from rule in rules.GetProperty("rules").EnumerateArray()
               select rule.GetProperty("health").GetString()!,
        ];
    }

    /// <summary>The questions of the dashboard, as they stand there.</summary>
    private static List<string> Expressions()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Repository.File(Dashboard)));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!,
        ];
    }

    private static IEnumerable<string> Names(string metrics) => metrics.Split('\n')
        .Where(static line => line.Length > 0 && line[0] != '#')
        .Select(static line => line[..line.IndexOfAny(['{', ' '])])
        .Distinct();

    [GeneratedRegex(@"\b(redis|bixbite)_[a-z0-9_]+\b")]
    private static partial Regex MetricName();

    /// <summary>What the exporter tells of itself, and of keys that it may look for.</summary>
    [GeneratedRegex("^redis_(exporter_|target_scrape_|last_key_groups_)")]
    private static partial Regex OfExporter();
}
