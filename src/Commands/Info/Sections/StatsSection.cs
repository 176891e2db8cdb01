using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of counters since the start or the last CONFIG RESETSTAT.</summary>
public sealed class StatsSection(
    ServerStatistics statistics, KeyspaceStatistics keyspace, NetworkStatistics network, InstantRates rates, PubSubBroker pubSub,
    KeyTracking tracking, Defragmentation defragmentation) : IInfoSection
{
    private const double Kibi = 1024;

    private static readonly InfoField<StatsSection>[] s_traffic =
    [
        new("total_connections_received", section => section._statistics.ConnectionsReceived),
        new("total_commands_processed", section => section._statistics.CommandsProcessed),
        new("instantaneous_ops_per_sec", section => section._rates.Commands.PerSecond),
        new("total_net_input_bytes", section => section._network.Total.BytesReceived),
        new("total_net_output_bytes", section => section._network.Total.BytesSent),
        new("total_net_repl_input_bytes", 0),
        new("total_net_repl_output_bytes", 0),
        new("instantaneous_input_kbps", section => section._rates.BytesReceived.PerSecond / Kibi),
        new("instantaneous_output_kbps", section => section._rates.BytesSent.PerSecond / Kibi),
        new("instantaneous_input_repl_kbps", "0.00"),
        new("instantaneous_output_repl_kbps", "0.00"),
        new("rejected_connections", section => section._statistics.ConnectionsRejected),
        new("sync_full", 0),
        new("sync_partial_ok", 0),
        new("sync_partial_err", 0),
    ];

    private static readonly InfoField<StatsSection>[] s_keys =
    [
        new("expired_subkeys", section => section._keyspace.ExpiredFields),
        new("expired_keys", section => section._keyspace.Expired),
        new("expired_stale_perc", "0.00"),
        new("expired_time_cap_reached_count", section => section._keyspace.ExpiryTimeCapReached),
        new("expire_cycle_cpu_milliseconds", section => section._keyspace.ExpiryUs / 1000),
        new("evicted_keys", section => section._keyspace.Evicted),
        new("evicted_clients", section => section._statistics.ClientsEvicted),
        // There are no scripts yet that could be evicted.
        new("evicted_scripts", 0),
        new("total_eviction_exceeded_time", section => section.LimitExceededMs),
        new("current_eviction_exceeded_time", section => section._keyspace.LimitExceededNowUs / 1000),
        new("keyspace_hits", section => section._keyspace.Hits),
        new("keyspace_misses", section => section._keyspace.Misses),
        new("pubsub_channels", section => section._pubSub.CountOf(ChannelKind.Channel)),
        new("pubsub_patterns", section => section._pubSub.CountOf(ChannelKind.Pattern)),
        new("pubsubshard_channels", section => section._pubSub.CountOf(ChannelKind.Shard)),
        new("latest_fork_usec", 0),
        new("total_forks", 0),
        new("migrate_cached_sockets", 0),
        new("slave_expires_tracked_keys", 0),
        new("active_defrag_hits", section => section._defragmentation.MovedCount),
        new("active_defrag_misses", section => section._defragmentation.StayedCount),
        new("active_defrag_key_hits", section => section._defragmentation.MovedKeyCount),
        new("active_defrag_key_misses", section => section._defragmentation.StayedKeyCount),
        new("active_defrag_cycle_cpu_max_usec", section => section._defragmentation.LongestSliceUs),
        new("total_active_defrag_time", section => section._defragmentation.TotalUs / 1000),
        new("current_active_defrag_time", section => section._defragmentation.CurrentUs / 1000),
        new("tracking_total_keys", section => section._tracking.KeyCount),
        new("tracking_total_items", section => section._tracking.ItemCount),
        new("tracking_total_prefixes", section => section._tracking.PrefixCount),
    ];

    private static readonly InfoField<StatsSection>[] s_replies =
    [
        new("unexpected_error_replies", section => section._statistics.UnexpectedErrorReplies),
        new("total_error_replies", section => section._statistics.ErrorReplies),
        new("dump_payload_sanitizations", 0),
        new("total_reads_processed", section => section._network.Total.ReadCount),
        new("total_writes_processed", section => section._network.Total.WriteCount),
        new("io_threaded_reads_processed", section => section._network.Threaded.ReadCount),
        new("io_threaded_writes_processed", section => section._network.Threaded.WriteCount),
        // A client has no reply buffer of its own that could be resized: replies lie in the loop's until the round's end.
        new("reply_buffer_shrinks", 0),
        new("reply_buffer_expands", 0),
        new("client_query_buffer_limit_disconnections", section => section._statistics.QueryLimitCloses),
        new("client_output_buffer_limit_disconnections", section => section._network.Total.OutputLimitCloseCount),
        new("eventloop_cycles", section => section._network.Total.RoundCount),
        new("eventloop_duration_sum", section => section._network.Total.BusyUs),
        new("eventloop_duration_cmd_sum", section => section._statistics.CommandUs),
        new("instantaneous_eventloop_cycles_per_sec", section => section._rates.Rounds.PerSecond),
        new("instantaneous_eventloop_duration_usec", section => section.UsPerRound),
        new("acl_access_denied_auth", section => section._statistics.AuthenticationsDenied),
        new("acl_access_denied_cmd", 0),
        new("acl_access_denied_key", 0),
        new("acl_access_denied_channel", 0),
    ];

    private readonly ServerStatistics _statistics = statistics;
    private readonly KeyspaceStatistics _keyspace = keyspace;
    private readonly NetworkStatistics _network = network;
    private readonly InstantRates _rates = rates;
    private readonly PubSubBroker _pubSub = pubSub;
    private readonly KeyTracking _tracking = tracking;
    private readonly Defragmentation _defragmentation = defragmentation;

    public string Heading => "Stats";

    private long LimitExceededMs => (_keyspace.LimitExceededUs + _keyspace.LimitExceededNowUs) / 1000;

    private long UsPerRound => _rates.BusyUs.PerSecond / Math.Max(_rates.Rounds.PerSecond, 1);

    public void Append(InfoText text)
    {
        text.Lines(s_traffic, this);
        text.Lines(s_keys, this);
        text.Lines(s_replies, this);
    }
}
