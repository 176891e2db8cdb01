using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Aof;
using Bixbite.Replication.Primary;

namespace Bixbite.Commands.Configuration;

/// <summary>CONFIG RESETSTAT: begins to count anew what INFO tells. Peaks and what the server holds stay.</summary>
public sealed class ConfigResetStat(
    CommandTable table,
    ServerStatistics statistics,
    KeyspaceStatistics keyspace,
    NetworkStatistics network,
    InstantRates rates,
    AofControl log,
    SyncStatistics syncs)
{
    [Command(
        "config|resetstat",
        Group = "server",
        Since = "2.0.0",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Begins the counters of INFO anew.")]
    public void ResetStat(CommandContext context)
    {
        foreach (Command command in table.All)
        {
            command.Statistics.Reset();
        }
        statistics.Reset();
        keyspace.Reset();
        network.Reset();
        rates.Reset();
        log.ResetStatistics();
        syncs.Reset();
        context.Reply.Ok();
    }
}
