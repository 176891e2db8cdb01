using System.Globalization;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Statistics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>How often each command ran, how long it took and what went wrong.</summary>
public static class CommandFacts
{
    public static void AddTo(ServerBuilder server)
    {
        CommandTable table = server.Get<CommandTable>();
        ServerStatistics statistics = server.Get<ServerStatistics>();
        server.Info["Commandstats"].AddLines(() => Calls(table));
        server.Info["Errorstats"].AddLines(() => statistics.Errors.Counts.Select(static error => Fact.Line(
            "errorstat_" + InfoText.Safe(error.Key), "count=" + error.Value.ToString(CultureInfo.InvariantCulture))));
        server.Info["Latencystats"].AddLines(() => Latencies(table, server.Get<ObservabilitySettings>()));
    }

    private static List<Fact> Calls(CommandTable table)
    {
        var lines = new List<Fact>();
        foreach (Command command in table.All)
        {
            CommandStatistics statistics = command.Statistics;
            if (statistics.Calls > 0 || statistics.FailedCalls > 0 || statistics.RejectedCalls > 0)
            {
                lines.Add(Fact.Line("cmdstat_" + InfoText.Safe(command.Declaration.Name), Describe(statistics)));
            }
        }
        return lines;
    }

    private static List<Fact> Latencies(CommandTable table, ObservabilitySettings settings)
    {
        var lines = new List<Fact>();
        foreach (Command command in table.All)
        {
            if (command.Statistics.Latency is { } histogram)
            {
                lines.Add(Fact.Line("latency_percentiles_usec_" + InfoText.Safe(command.Declaration.Name), Describe(histogram, settings)));
            }
        }
        return lines;
    }

    private static string Describe(CommandStatistics statistics)
    {
        double usPerCall = statistics.Calls == 0 ? 0 : (double)statistics.DurationUs / statistics.Calls;
        string calls = string.Create(
            CultureInfo.InvariantCulture, $"calls={statistics.Calls},usec={statistics.DurationUs},usec_per_call={usPerCall:F2}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{calls},rejected_calls={statistics.RejectedCalls},failed_calls={statistics.FailedCalls}");
    }

    private static string Describe(LatencyHistogram histogram, ObservabilitySettings settings)
    {
        IEnumerable<string> values = settings.LatencyPercentiles.Value.Select(percentile => string.Create(
            CultureInfo.InvariantCulture, $"p{percentile:0.######}={histogram.Percentile(percentile) / 1000.0:F3}"));
        return string.Join(',', values);
    }
}
