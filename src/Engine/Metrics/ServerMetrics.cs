using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;

namespace Bixbite.Engine.Metrics;

/// <summary>The metrics of the server as such: that it is there, which one it is, and settings that others are compared with.</summary>
public sealed class ServerMetrics(FactMetrics facts, ServerIdentity identity, Settings settings, IClock clock)
{
    private static readonly MetricFamily s_up = new("redis_up", MetricKind.Gauge, "The server answers.");

    private static readonly MetricFamily s_instance = new("redis_instance_info", MetricKind.Gauge, "Which server this is, in labels.");

    private static readonly MetricFamily s_replica = new("redis_slave_info", MetricKind.Gauge, "Whom this replica follows, in labels.");

    private static readonly MetricFamily s_started =
        new("redis_start_time_seconds", MetricKind.Gauge, "When the server started, in Unix seconds.");

    private static readonly MetricFamily s_outputBytes = new(
        "redis_config_client_output_buffer_limit_bytes", MetricKind.Gauge, "The setting client-output-buffer-limit by class of clients.");

    private static readonly MetricFamily s_outputSeconds = new(
        "redis_config_client_output_buffer_limit_overcome_seconds",
        MetricKind.Gauge,
        "For how long a client may exceed its soft limit, by class of clients.");

    private static readonly string[] s_labels =
    [
        "role", "redis_version", "redis_build_id", "redis_mode", "os", "maxmemory_policy", "tcp_port", "run_id", "process_id",
        "master_replid", "bixbite_version",
    ];

    private static readonly string[] s_settings = ["io-threads", "maxclients", "maxmemory", "repl-backlog-size"];

    public void WriteTo(MetricsText text)
    {
        text.Begin(s_up);
        text.Add(1);
        text.Begin(s_instance);
        text.Add(string.Join(',', s_labels.Select(name => MetricsText.Label(name, facts.TextOf(name)))), 1);
        text.Begin(s_started);
        text.Add((clock.UnixMs - ((clock.MonotonicUs - identity.StartedUs) / 1000)) / 1000.0);
        if (facts.TextOf("master_host") is { Length: > 0 })
        {
            text.Begin(s_replica);
            text.Add($"{facts.PrimaryLabels()},{MetricsText.Label("read_only", facts.TextOf("slave_read_only"))}", 1);
        }
        WriteSettings(text);
    }

    private void WriteSettings(MetricsText text)
    {
        foreach (string name in s_settings)
        {
            if (settings.Table.Find(name) is { } setting && TryParse(setting.Text, out double value))
            {
                text.Begin(new MetricFamily(
                    "redis_config_" + name.Replace('-', '_'), MetricKind.Gauge, $"The setting {name}."));
                text.Add(value);
            }
        }
        string[] words = settings.Table.Find("client-output-buffer-limit")?.Text.Split(' ') ?? [];
        text.Begin(s_outputBytes);
        for (int i = 0; i + 3 < words.Length; i += 4)
        {
            AddLimit(text, words[i], "hard", words[i + 1]);
            AddLimit(text, words[i], "soft", words[i + 2]);
        }
        text.Begin(s_outputSeconds);
        for (int i = 0; i + 3 < words.Length; i += 4)
        {
            AddLimit(text, words[i], "soft", words[i + 3]);
        }
    }

    private static void AddLimit(MetricsText text, string className, string limit, string value)
    {
        if (TryParse(value, out double number))
        {
            text.Add($"{MetricsText.Label("class", className)},{MetricsText.Label("limit", limit)}", number);
        }
    }

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
