using Bixbite.Engine.Statistics;
using Bixbite.Persistence.Aof;

namespace Bixbite.Commands.Info.Sections;

/// <summary>
/// INFO's section of where the loops' time goes, in microseconds since the start or the last CONFIG RESETSTAT; only answered when asked
/// for by its name. The longest round and the round of most commands are those of any loop.
/// </summary>
public sealed class DebugSection(ServerStatistics statistics, NetworkStatistics network, AofWriter log) : IInfoSection
{
    private static readonly InfoField<DebugSection>[] s_fields =
    [
        new("eventloop_duration_aof_sum", section => section._log.WriteUs),
        new("eventloop_duration_cron_sum", section => section._statistics.CronUs),
        new("eventloop_duration_max", section => section._network.LongestRoundUs),
        new("eventloop_cmd_per_cycle_max", section => section._statistics.CommandsPerRoundMax),
    ];

    private readonly ServerStatistics _statistics = statistics;
    private readonly NetworkStatistics _network = network;
    private readonly AofWriter _log = log;

    public string Heading => "Debug";

    public void Append(InfoText text) => text.Lines(s_fields, this);
}
