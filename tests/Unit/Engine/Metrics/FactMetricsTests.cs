using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Metrics;
using Bixbite.Hosting;
using Xunit;

namespace Bixbite.Unit.Engine.Metrics;

/// <summary>Every number of INFO is a metric, with a name of its own.</summary>
public sealed partial class FactMetricsTests
{
    [Fact]
    public void EachFactHasANameOfItsOwn()
    {
        using ServerInstance server = ServerInstance.Create(new ServerOptions());
        MetricFamily[] families = [.. new FactMetrics(server.Info).Families];
        Assert.True(families.Length > 200, $"there are {families.Length}");
        Assert.DoesNotContain(families.CountBy(static family => family.Name), static name => name.Value > 1);
        Assert.All(families, static family => Assert.Matches(Name(), family.Name));
        Assert.All(families, static family => Assert.Equal(
            family.Kind == MetricKind.Counter,
            family.Kind != MetricKind.Unknown && family.Name.EndsWith("_total", StringComparison.Ordinal)));
        Assert.All(
            families.Where(static family => family.Name.StartsWith("bixbite_", StringComparison.Ordinal)),
            static family => Assert.DoesNotMatch(Abbreviation(), family.Name));
    }

    [Theory]
    [InlineData("used_memory", FactKind.Gauge, FactUnit.Bytes, "redis_memory_used_bytes", 1)]
    [InlineData("connected_clients", FactKind.Gauge, FactUnit.None, "redis_connected_clients", 1)]
    [InlineData("total_commands_processed", FactKind.Counter, FactUnit.None, "redis_commands_processed_total", 1)]
    [InlineData("cmdstat_usec", FactKind.Counter, FactUnit.Microseconds, "redis_commands_duration_seconds_total", 1e-6)]
    [InlineData("aof_unsynced_length", FactKind.Gauge, FactUnit.Bytes, "bixbite_aof_unsynced_length_bytes", 1)]
    [InlineData("total_things", FactKind.Counter, FactUnit.None, "bixbite_things_total", 1)]
    [InlineData("cron_usec", FactKind.Counter, FactUnit.Microseconds, "bixbite_cron_seconds_total", 1e-6)]
    [InlineData("clientname_usec_p99", FactKind.Gauge, FactUnit.Microseconds, "bixbite_clientname_p99_seconds", 1e-6)]
    [InlineData("mem_secret", FactKind.Gauge, FactUnit.Seconds, "bixbite_mem_secret_seconds", 1)]
    [InlineData("used_memory_peak_perc", FactKind.Gauge, FactUnit.Percent, "bixbite_used_memory_peak_ratio", 1e-2)]
    [InlineData("instantaneous_ops_per_sec", FactKind.Gauge, FactUnit.None, "bixbite_instantaneous_ops_per_second", 1)]
    [InlineData("link_kbps", FactKind.Gauge, FactUnit.KibibytesPerSecond, "bixbite_link_bytes_per_second", 1024)]
    public void NamesAndUnitsFollowFromTheFact(string name, FactKind kind, FactUnit unit, string metric, double scale)
    {
        NamedMetric named = MetricNames.Find("Section", name, kind, unit, isFixed: false)!;
        Assert.Equal(metric, named.Family.Name);
        Assert.Equal(scale, named.Scale);
        Assert.Equal($"{name} in section Section of INFO.", named.Family.Help);
    }

    /// <summary>redis_exporter calls some numbers that only grow otherwise than counters are called.</summary>
    [Fact]
    public void ANameThatContradictsItsKindHasNone()
    {
        NamedMetric? counter = MetricNames.Find("Stats", "total_error_replies", FactKind.Counter, FactUnit.None, isFixed: false);
        Assert.Equal(MetricKind.Unknown, counter!.Family.Kind);
        NamedMetric? gauge = MetricNames.Find("Stats", "migrate_cached_sockets", FactKind.Gauge, FactUnit.None, isFixed: true);
        Assert.Equal(MetricKind.Unknown, gauge!.Family.Kind);
    }

    [Fact]
    public void FactsAreWrittenWithTheirLabelsWhileTheyAreTold()
    {
        InfoSections sections = new();
        bool isTold = false;
        string state = "ok";
        sections["Stats"].Counter("evicted_keys", static () => 5);
        sections["Stats"].Text("aof_last_write_status", () => state);
        sections["Stats"].Text("some_text", static () => "no number");
        sections["Stats"].Fixed(0, "mem_cluster_links", "nobody_looks_for_this");
        sections["Stats"].While(() => isTold, () => sections["Stats"].Gauge("more", static () => 2, FactUnit.Milliseconds));
        sections["Keyspace"].AddTable(new FactTable(
            "db", "database", new FactColumn("keys", FactKind.Gauge), new FactColumn("avg_ttl", FactKind.Gauge, FactUnit.Milliseconds))
        {
            Rows = static () => [new FactRow("0", new FactValue(3), new FactValue(1500)), new FactRow("7", new FactValue(1), null)],
        });
        FactMetrics metrics = new(sections);
        Assert.Equal(
            [
                "redis_evicted_keys_total 5", "redis_aof_last_write_status 1", "redis_mem_cluster_links_bytes 0",
                "redis_db_keys{db=\"db0\"} 3", "redis_db_keys{db=\"db7\"} 1", "redis_db_avg_ttl_seconds{db=\"db0\"} 1.5",
            ],
            Samples(metrics));
        (isTold, state) = (true, "err");
        Assert.Contains("bixbite_more_seconds 0.002", Samples(metrics));
        Assert.Contains("redis_aof_last_write_status 0", Samples(metrics));
        sections["Keyspace"].IsOfInterest = static () => false;
        Assert.DoesNotContain(Samples(metrics), static line => line.StartsWith("redis_db", StringComparison.Ordinal));
    }

    private static string[] Samples(FactMetrics metrics)
    {
        MetricsText text = new();
        text.Restart(isOpenMetrics: false);
        metrics.WriteTo(text);
        return [.. Encoding.UTF8.GetString(text.Bytes).Split('\n').Where(static line => line.Length > 0 && line[0] != '#')];
    }

    [GeneratedRegex("^(redis|bixbite)_[a-z][a-z0-9_]*[a-z0-9]$")]
    private static partial Regex Name();

    /// <summary>Units that Prometheus wants written out.</summary>
    [GeneratedRegex("_(ms|us|usec|sec|kb|kbps|perc)(_|$)")]
    private static partial Regex Abbreviation();
}
