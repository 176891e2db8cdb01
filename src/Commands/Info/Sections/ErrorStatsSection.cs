using System.Globalization;
using Bixbite.Engine.Statistics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of how often each kind of error was answered.</summary>
public sealed class ErrorStatsSection(ServerStatistics statistics) : IInfoSection
{
    public string Heading => "Errorstats";

    public void Append(InfoText text)
    {
        foreach ((string kind, long count) in statistics.Errors.Counts)
        {
            text.Line("errorstat_" + InfoText.Safe(kind), "count=" + count.ToString(CultureInfo.InvariantCulture));
        }
    }
}
