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
        server.Info["Commandstats"].AddTable(CallsOf(table));
        server.Info["Errorstats"].AddTable(new FactTable("errorstat_", "error", new FactColumn("count", FactKind.Counter))
        {
            Rows = () => statistics.Errors.Counts.Select(
                static error => new FactRow(InfoText.Safe(error.Key), new FactValue(error.Value))),
        });
        server.Info["Latencystats"].AddLines(() => Latencies(table, server.Get<ObservabilitySettings>()));
    }

    private static FactTable CallsOf(CommandTable table) => new(
        "cmdstat_",
        "command",
        new FactColumn("calls", FactKind.Counter),
        new FactColumn("usec", FactKind.Counter, FactUnit.Microseconds),
        new FactColumn("usec_per_call", FactKind.Gauge, FactUnit.Microseconds),
        new FactColumn("rejected_calls", FactKind.Counter),
        new FactColumn("failed_calls", FactKind.Counter))
    {
        Rows = () => Rows(table),
    };

    private static List<FactRow> Rows(CommandTable table)
    {
        var rows = new List<FactRow>();
        foreach (Command command in table.All)
        {
            CommandStatistics statistics = command.Statistics;
            if (statistics.Calls > 0 || statistics.FailedCalls > 0 || statistics.RejectedCalls > 0)
            {
                rows.Add(RowOf(InfoText.Safe(command.Declaration.Name), statistics));
            }
        }
        return rows;
    }

    private static FactRow RowOf(string name, CommandStatistics statistics) => new(
        name,
        new FactValue(statistics.Calls),
        new FactValue(statistics.DurationUs),
        new FactValue(statistics.Calls == 0 ? 0 : (double)statistics.DurationUs / statistics.Calls),
        new FactValue(statistics.RejectedCalls),
        new FactValue(statistics.FailedCalls));

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

    private static string Describe(LatencyHistogram histogram, ObservabilitySettings settings)
    {
        IEnumerable<string> values = settings.LatencyPercentiles.Value.Select(percentile => string.Create(
            CultureInfo.InvariantCulture, $"p{percentile:0.######}={histogram.Percentile(percentile) / 1000.0:F3}"));
        return string.Join(',', values);
    }
}
