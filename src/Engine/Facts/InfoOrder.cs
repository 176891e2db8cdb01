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
            "executable", "config_file", "io_threads_active", "shutdown_in_milliseconds",
        ],
        ["Clients"] =
        [
            "connected_clients", "cluster_connections", "maxclients", "client_recent_max_input_buffer",
            "client_recent_max_output_buffer", "blocked_clients", "tracking_clients", "pubsub_clients", "watching_clients",
            "clients_in_timeout_table", "total_watched_keys", "total_blocking_keys", "total_blocking_keys_on_nokey", "paused_reason",
            "paused_actions", "paused_timeout_milliseconds",
        ],
        ["Memory"] =
        [
            "used_memory", "used_memory_human", "used_memory_rss", "used_memory_rss_human", "used_memory_peak", "used_memory_peak_human",
            "used_memory_peak_perc", "used_memory_overhead", "used_memory_startup", "used_memory_dataset", "used_memory_dataset_perc",
            "used_memory_tables", "used_memory_workspace", "used_memory_runtime", "allocator_allocated", "allocator_active",
            "allocator_resident", "allocator_muzzy", "total_system_memory", "total_system_memory_human", "used_memory_lua",
            "used_memory_vm_eval", "used_memory_lua_human", "used_memory_scripts_eval", "number_of_cached_scripts",
            "number_of_functions", "number_of_libraries", "used_memory_vm_functions", "used_memory_vm_total",
            "used_memory_vm_total_human", "used_memory_functions", "used_memory_scripts", "used_memory_scripts_human", "maxmemory",
            "maxmemory_human", "maxmemory_policy", "allocator_frag_ratio", "allocator_frag_bytes", "allocator_rss_ratio",
            "allocator_rss_bytes", "rss_overhead_ratio", "rss_overhead_bytes", "mem_fragmentation_ratio", "mem_fragmentation_bytes",
            "mem_not_counted_for_evict", "mem_replication_backlog", "mem_total_replication_buffers", "mem_clients_slaves",
            "mem_clients_normal", "mem_cluster_links", "mem_aof_buffer", "mem_allocator", "mem_overhead_db_hashtable_rehashing",
            "active_defrag_running", "lazyfree_pending_objects", "lazyfreed_objects",
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
            "acl_access_denied_cmd", "acl_access_denied_key", "acl_access_denied_channel", "acl_access_denied_db",
        ],
        ["Replication"] =
        [
            "role", "master_host", "master_port", "master_link_status", "master_last_io_seconds_ago", "master_sync_in_progress",
            "slave_read_repl_offset", "slave_repl_offset", "master_sync_total_bytes", "master_sync_read_bytes", "master_sync_left_bytes",
            "master_sync_perc", "master_sync_last_io_seconds_ago", "master_link_down_since_seconds", "slave_priority", "slave_read_only",
            "replica_announced", "connected_slaves", "min_slaves_good_slaves",
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
