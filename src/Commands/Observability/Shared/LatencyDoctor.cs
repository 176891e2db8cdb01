using System.Globalization;
using System.Text;
using Bixbite.Engine.Observability;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>LATENCY DOCTOR: what the spikes look like and what usually causes them, in sentences.</summary>
internal static class LatencyDoctor
{
    public static string Report(LatencyMonitor monitor, long nowSeconds)
    {
        if (monitor.ThresholdMs == 0 && monitor.Series.Count == 0)
        {
            return "The latency monitor is off, so there is nothing to examine. "
                + "CONFIG SET latency-monitor-threshold <milliseconds> switches it on; "
                + "start with the longest delay that your clients can live with.\n";
        }
        if (monitor.Series.Count == 0)
        {
            return "No event was slower than latency-monitor-threshold. The server is in good health.\n";
        }
        var text = new StringBuilder("These events were slower than latency-monitor-threshold:\n\n");
        int number = 0;
        foreach ((string name, LatencySeries series) in monitor.Series)
        {
            number++;
            AppendEvent(text, number, name, series, nowSeconds);
        }
        text.Append("\nWhat may help:\n\n");
        foreach (string advice in AdviceFor(monitor.Series.Keys))
        {
            text.Append("- ").Append(advice).Append('\n');
        }
        return text.ToString();
    }

    private static void AppendEvent(StringBuilder text, int number, string name, LatencySeries series, long nowSeconds)
    {
        LatencySample[] samples = [.. series.Samples];
        double average = samples.Average(sample => sample.DurationMs);
        double deviation = samples.Average(sample => Math.Abs(sample.DurationMs - average));
        long periodSeconds = Math.Max(nowSeconds - samples[0].UnixSeconds, 1);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{number}. {name}: {samples.Length} latency spikes in the last {periodSeconds} seconds, {average:F0} ms on average");
        text.Append(CultureInfo.InvariantCulture, $" (mean deviation {deviation:F0} ms). The longest ever took {series.MaxMs} ms.\n");
    }

    private static IEnumerable<string> AdviceFor(IEnumerable<string> events)
    {
        foreach (string name in events)
        {
            switch (name)
            {
                case "command":
                    yield return "SLOWLOG GET shows which commands took long; look for those that walk through many elements.";
                    yield return "Removing big keys takes time: UNLINK and FLUSHALL ASYNC do it in the background.";
                    break;
                case "fast-command":
                    yield return "Commands that never take long did: the machine is short of processor time, or it swaps.";
                    break;
                case "expire-cycle":
                    yield return "Many keys expire at the same moment: add a random part to their times to live.";
                    break;
                case "eviction-cycle":
                    yield return "Evicting takes long: memory is at its limit and is needed faster than keys can be removed.";
                    break;
            }
        }
        yield return "Check that the system does not swap and that transparent huge pages are off.";
    }
}
