namespace Bixbite.Engine.Facts;

/// <summary>
/// Where the sections of INFO stand, and the lines of those to which several capabilities add, as in Redis. A heading that Redis does not
/// have comes after all others.
/// </summary>
internal static class InfoOrder
{
    private static readonly string[] s_headings =
    [
        "Server", "Clients", "Memory", "Persistence", "Stats", "Replication", "CPU", "Modules", "Commandstats", "Errorstats",
        "Latencystats", "Cluster", "Keyspace", "Debug",
    ];

    private static readonly Dictionary<string, string[]> s_names = new()
    {
        ["Server"] =
        [
            "redis_version", "redis_git_sha1", "redis_git_dirty", "redis_build_id", "redis_mode", "server_name", "bixbite_version", "os",
            "arch_bits", "monotonic_clock", "multiplexing_api", "atomicvar_api", "gcc_version", "process_id", "process_supervised",
            "run_id", "tcp_port", "server_time_usec", "uptime_in_seconds", "uptime_in_days", "hz", "configured_hz", "lru_clock",
            "executable", "config_file", "io_threads_active",
        ],
        ["Clients"] =
        [
            "connected_clients", "cluster_connections", "maxclients", "client_recent_max_input_buffer",
            "client_recent_max_output_buffer", "blocked_clients", "tracking_clients", "pubsub_clients", "watching_clients",
            "clients_in_timeout_table", "total_watched_keys", "total_blocking_keys", "total_blocking_keys_on_nokey", "paused_reason",
            "paused_actions", "paused_timeout_milliseconds",
        ],
        ["Stats"] =
        [
            "total_connections_received", "total_commands_processed", "instantaneous_ops_per_sec", "total_net_input_bytes",
            "total_net_output_bytes", "total_net_repl_input_bytes", "total_net_repl_output_bytes", "instantaneous_input_kbps",
            "instantaneous_output_kbps", "instantaneous_input_repl_kbps", "instantaneous_output_repl_kbps", "rejected_connections",
            "sync_full", "sync_partial_ok", "sync_partial_err", "expired_subkeys", "expired_keys", "expired_stale_perc",
            "expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds", "evicted_keys", "evicted_clients", "evicted_scripts",
            "total_eviction_exceeded_time", "current_eviction_exceeded_time", "keyspace_hits", "keyspace_misses", "pubsub_channels",
            "pubsub_patterns", "pubsubshard_channels", "latest_fork_usec", "total_forks", "migrate_cached_sockets",
            "slave_expires_tracked_keys", "active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits",
            "active_defrag_key_misses", "active_defrag_cycle_cpu_max_usec", "total_active_defrag_time", "current_active_defrag_time",
            "tracking_total_keys", "tracking_total_items", "tracking_total_prefixes", "unexpected_error_replies", "total_error_replies",
            "dump_payload_sanitizations", "total_reads_processed", "total_writes_processed", "io_threaded_reads_processed",
            "io_threaded_writes_processed", "reply_buffer_shrinks", "reply_buffer_expands", "client_query_buffer_limit_disconnections",
            "client_output_buffer_limit_disconnections", "eventloop_cycles", "eventloop_duration_sum", "eventloop_duration_cmd_sum",
            "instantaneous_eventloop_cycles_per_sec", "instantaneous_eventloop_duration_usec", "acl_access_denied_auth",
            "acl_access_denied_cmd", "acl_access_denied_key", "acl_access_denied_channel",
        ],
        ["Debug"] =
        [
            "eventloop_duration_aof_sum", "eventloop_duration_cron_sum", "eventloop_duration_max", "eventloop_cmd_per_cycle_max",
        ],
    };

    /// <summary>The names of a section's lines in their order; none where it does not matter.</summary>
    public static string[] Of(string heading) => s_names.GetValueOrDefault(heading, []);

    public static int PlaceOf(string heading)
    {
        int place = Array.IndexOf(s_headings, heading);
        return place < 0 ? s_headings.Length : place;
    }
}
