using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Statistics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of each command's latency in microseconds at the configured percentiles.</summary>
public sealed class LatencyStatsSection(CommandTable table, Settings settings) : IInfoSection
{
    public string Heading => "Latencystats";

    public void Append(InfoText text)
    {
        foreach (Command command in table.All)
        {
            if (command.Statistics.Latency is { } histogram)
            {
                text.Line("latency_percentiles_usec_" + InfoText.Safe(command.Declaration.Name), Describe(histogram));
            }
        }
    }

    private string Describe(LatencyHistogram histogram)
    {
        IEnumerable<string> values = settings.Observability.LatencyPercentiles.Value.Select(percentile => string.Create(
            CultureInfo.InvariantCulture, $"p{percentile:0.######}={histogram.Percentile(percentile) / 1000.0:F3}"));
        return string.Join(',', values);
    }
}
