using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The counts since the start or the last CONFIG RESETSTAT.</summary>
public static class StatsFacts
{
    private const double Kibi = 1024;

    /// <summary>The counts of connections, commands and rounds, and the zeros of capabilities that are not there.</summary>
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Stats"];
        ServerStatistics statistics = server.Get<ServerStatistics>();
        NetworkStatistics network = server.Get<NetworkStatistics>();
        InstantRates rates = server.Get<InstantRates>();
        AddTraffic(section, statistics, network, rates);
        AddReplies(section, statistics, network, rates);
        AddAbsent(section);
        InfoSection debug = server.Info["Debug"];
        debug.Counter("eventloop_duration_cron_sum", () => statistics.CronUs, FactUnit.Microseconds);
        debug.Gauge("eventloop_duration_max", () => network.LongestRoundUs, FactUnit.Microseconds);
        debug.Gauge("eventloop_cmd_per_cycle_max", () => statistics.CommandsPerRoundMax);
    }

    /// <summary>The counts of keys.</summary>
    public static void AddKeyspaceTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Stats"];
        KeyspaceStatistics keyspace = server.Get<KeyspaceStatistics>();
        Defragmentation defragmentation = server.Get<Defragmentation>();
        section.Counter("expired_subkeys", () => keyspace.ExpiredFields);
        section.Counter("expired_keys", () => keyspace.Expired);
        section.Counter("expired_time_cap_reached_count", () => keyspace.ExpiryTimeCapReached);
        section.Counter("expire_cycle_cpu_milliseconds", () => keyspace.ExpiryUs / 1000, FactUnit.Milliseconds);
        section.Counter("evicted_keys", () => keyspace.Evicted);
        section.Counter(
            "total_eviction_exceeded_time", () => (keyspace.LimitExceededUs + keyspace.LimitExceededNowUs) / 1000, FactUnit.Milliseconds);
        section.Gauge("current_eviction_exceeded_time", () => keyspace.LimitExceededNowUs / 1000, FactUnit.Milliseconds);
        section.Counter("keyspace_hits", () => keyspace.Hits);
        section.Counter("keyspace_misses", () => keyspace.Misses);
        section.Counter("active_defrag_hits", () => defragmentation.MovedCount);
        section.Counter("active_defrag_misses", () => defragmentation.StayedCount);
        section.Counter("active_defrag_key_hits", () => defragmentation.MovedKeyCount);
        section.Counter("active_defrag_key_misses", () => defragmentation.StayedKeyCount);
        section.Gauge("active_defrag_cycle_cpu_max_usec", () => defragmentation.LongestSliceUs, FactUnit.Microseconds);
        section.Counter("total_active_defrag_time", () => defragmentation.TotalUs / 1000, FactUnit.Milliseconds);
        section.Gauge("current_active_defrag_time", () => defragmentation.CurrentUs / 1000, FactUnit.Milliseconds);
    }

    private static void AddTraffic(InfoSection section, ServerStatistics statistics, NetworkStatistics network, InstantRates rates)
    {
        section.Counter("total_connections_received", () => statistics.ConnectionsReceived);
        section.Counter("total_commands_processed", () => statistics.CommandsProcessed);
        section.Gauge("instantaneous_ops_per_sec", () => rates.Commands.PerSecond);
        section.Counter("total_net_input_bytes", () => network.Total.BytesReceived, FactUnit.Bytes);
        section.Counter("total_net_output_bytes", () => network.Total.BytesSent, FactUnit.Bytes);
        section.Gauge("instantaneous_input_kbps", () => rates.BytesReceived.PerSecond / Kibi, FactUnit.KibibytesPerSecond);
        section.Gauge("instantaneous_output_kbps", () => rates.BytesSent.PerSecond / Kibi, FactUnit.KibibytesPerSecond);
        section.Gauge("instantaneous_input_repl_kbps", static () => 0.0, FactUnit.KibibytesPerSecond);
        section.Gauge("instantaneous_output_repl_kbps", static () => 0.0, FactUnit.KibibytesPerSecond);
        section.Counter("rejected_connections", () => statistics.ConnectionsRejected);
    }

    private static void AddReplies(InfoSection section, ServerStatistics statistics, NetworkStatistics network, InstantRates rates)
    {
        section.Counter("evicted_clients", () => statistics.ClientsEvicted);
        section.Counter("unexpected_error_replies", () => statistics.UnexpectedErrorReplies);
        section.Counter("total_error_replies", () => statistics.ErrorReplies);
        section.Fixed(0, "dump_payload_sanitizations");
        section.Counter("total_reads_processed", () => network.Total.ReadCount);
        section.Counter("total_writes_processed", () => network.Total.WriteCount);
        section.Counter("io_threaded_reads_processed", () => network.Threaded.ReadCount);
        section.Counter("io_threaded_writes_processed", () => network.Threaded.WriteCount);
        // A client has no reply buffer of its own that could be resized: replies lie in the loop's until the round's end.
        section.Fixed(0, "reply_buffer_shrinks", "reply_buffer_expands");
        section.Counter("client_query_buffer_limit_disconnections", () => statistics.QueryLimitCloses);
        section.Counter("client_durability_late_replies", () => network.Total.LateReplyCount);
        section.Counter("client_output_buffer_limit_disconnections", () => network.Total.OutputLimitCloseCount);
        section.Counter("eventloop_cycles", () => network.Total.RoundCount);
        section.Counter("eventloop_duration_sum", () => network.Total.BusyUs, FactUnit.Microseconds);
        section.Counter("eventloop_duration_cmd_sum", () => statistics.CommandUs, FactUnit.Microseconds);
        section.Gauge("instantaneous_eventloop_cycles_per_sec", () => rates.Rounds.PerSecond);
        section.Gauge(
            "instantaneous_eventloop_duration_usec", () => rates.BusyUs.PerSecond / Math.Max(rates.Rounds.PerSecond, 1),
            FactUnit.Microseconds);
    }

    /// <summary>Fields that tools look for, whose capability is not there.</summary>
    private static void AddAbsent(InfoSection section)
    {
        section.Gauge("expired_stale_perc", static () => 0.0, FactUnit.Percent);
        section.Fixed(0, "latest_fork_usec", "total_forks");
    }
}
