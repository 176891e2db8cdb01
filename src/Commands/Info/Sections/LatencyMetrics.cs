using System.Globalization;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Statistics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>
/// The times of commands as metrics: percentiles as INFO tells them, and histograms as LATENCY HISTOGRAM does. A quantile is in percent, as
/// redis_exporter has it.
/// </summary>
public sealed class LatencyMetrics(CommandTable table, ObservabilitySettings settings)
{
    private static readonly MetricFamily s_percentiles = new(
        "redis_latency_percentiles_usec", MetricKind.Summary, "The times of each command in microseconds, by percentiles.");

    private static readonly MetricFamily s_histogram = new(
        "redis_commands_latencies_usec", MetricKind.Histogram, "The times of each command in microseconds.");

    public void WriteTo(MetricsText text)
    {
        Command[] timed = [.. table.All.ToArray().Where(static command => command.Statistics.Latency is not null)];
        if (timed.Length == 0)
        {
            return;
        }
        text.Begin(s_percentiles);
        foreach (Command command in timed)
        {
            WritePercentiles(text, command);
        }
        text.Begin(s_histogram);
        foreach (Command command in timed)
        {
            WriteHistogram(text, command);
        }
    }

    private void WritePercentiles(MetricsText text, Command command)
    {
        LatencyHistogram histogram = command.Statistics.Latency!;
        string label = LabelOf(command);
        foreach (double percentile in settings.LatencyPercentiles.Value)
        {
            string quantile = percentile.ToString("0.######", CultureInfo.InvariantCulture);
            text.Add($"{label},{MetricsText.Label("quantile", quantile)}", histogram.Percentile(percentile) / 1000.0);
        }
        WriteEnds(text, command, label);
    }

    private static void WriteHistogram(MetricsText text, Command command)
    {
        LatencyHistogram histogram = command.Statistics.Latency!;
        string label = LabelOf(command);
        foreach ((long us, long count) in histogram.CumulativeByOctave())
        {
            text.Add("_bucket", string.Create(CultureInfo.InvariantCulture, $"{label},le=\"{us}\""), count);
        }
        text.Add("_bucket", label + ",le=\"+Inf\"", histogram.Count);
        WriteEnds(text, command, label);
    }

    private static void WriteEnds(MetricsText text, Command command, string label)
    {
        text.Add("_sum", label, command.Statistics.DurationUs);
        text.Add("_count", label, command.Statistics.Latency!.Count);
    }

    private static string LabelOf(Command command) => MetricsText.Label("cmd", InfoText.Safe(command.Declaration.Name));
}
