using System.Globalization;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Statistics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of how often each command ran and how long it took.</summary>
public sealed class CommandStatsSection(CommandTable table) : IInfoSection
{
    public string Heading => "Commandstats";

    public void Append(InfoText text)
    {
        foreach (Command command in table.All)
        {
            CommandStatistics statistics = command.Statistics;
            if (statistics.Calls > 0 || statistics.FailedCalls > 0 || statistics.RejectedCalls > 0)
            {
                text.Line("cmdstat_" + InfoText.Safe(command.Declaration.Name), Describe(statistics));
            }
        }
    }

    private static string Describe(CommandStatistics statistics)
    {
        double usPerCall = statistics.Calls == 0 ? 0 : (double)statistics.DurationUs / statistics.Calls;
        string calls = string.Create(
            CultureInfo.InvariantCulture, $"calls={statistics.Calls},usec={statistics.DurationUs},usec_per_call={usPerCall:F2}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{calls},rejected_calls={statistics.RejectedCalls},failed_calls={statistics.FailedCalls}");
    }
}
