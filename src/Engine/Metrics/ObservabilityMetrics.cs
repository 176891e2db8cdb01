using Bixbite.Engine.Observability;

namespace Bixbite.Engine.Metrics;

/// <summary>The metrics of what SLOWLOG and LATENCY tell.</summary>
public sealed class ObservabilityMetrics(CommandLog slow, LatencyMonitor latency)
{
    private static readonly MetricFamily s_length = new("redis_slowlog_length", MetricKind.Gauge, "Entries of SLOWLOG.");

    private static readonly MetricFamily s_lastId =
        new("redis_slowlog_last_id", MetricKind.Gauge, "The number of the latest entry of SLOWLOG.");

    private static readonly MetricFamily s_lastTime = new(
        "redis_last_slow_execution_duration_seconds", MetricKind.Gauge, "How long the command of the latest entry of SLOWLOG took.");

    private static readonly MetricFamily s_spikeAt = new(
        "redis_latency_spike_last", MetricKind.Gauge, "When the latest event of a kind was, in Unix seconds, as LATENCY LATEST tells.");

    private static readonly MetricFamily s_spikeTime = new(
        "redis_latency_spike_duration_seconds", MetricKind.Gauge, "How long the latest event of a kind took, as LATENCY LATEST tells.");

    public void WriteTo(MetricsText text)
    {
        LoggedCommand? newest = slow.Newest.FirstOrDefault();
        text.Begin(s_length);
        text.Add(slow.Count);
        text.Begin(s_lastId);
        text.Add(newest?.Id ?? 0);
        text.Begin(s_lastTime);
        text.Add((newest?.Value ?? 0) / 1e6);
        WriteSpikes(text, s_spikeAt, static sample => sample.UnixSeconds);
        WriteSpikes(text, s_spikeTime, static sample => sample.DurationMs / 1e3);
    }

    private void WriteSpikes(MetricsText text, MetricFamily family, Func<LatencySample, double> read)
    {
        if (latency.Series.Count == 0)
        {
            return;
        }
        text.Begin(family);
        foreach ((string name, LatencySeries series) in latency.Series)
        {
            text.Add(MetricsText.Label("event_name", name), read(series.Latest));
        }
    }
}
