using Bixbite.Engine.Facts;

namespace Bixbite.Engine.Metrics;

/// <summary>
/// The metric that a fact of INFO is. Where redis_exporter has one it is called as there, with the same unit and labels, so that
/// dashboards made for Redis show Bixbite; what it does not know gets a name by rule: <c>bixbite_</c>, INFO's name, the base unit, and
/// <c>_total</c> if it only grows.
/// </summary>
/// <remarks>redis_exporter's names: exporter/exporter.go of https://github.com/oliver006/redis_exporter.</remarks>
internal static class MetricNames
{
    private const string Exporter = "redis_";
    private const string Own = "bixbite_";

    /// <summary>INFO's name, and redis_exporter's without <c>redis_</c> where it is another one.</summary>
    private static readonly Dictionary<string, string> s_renamed = new()
    {
        ["maxclients"] = "max_clients",
        ["client_recent_max_output_buffer"] = "client_recent_max_output_buffer_bytes",
        ["client_recent_max_input_buffer"] = "client_recent_max_input_buffer_bytes",
        ["allocator_active"] = "allocator_active_bytes",
        ["allocator_allocated"] = "allocator_allocated_bytes",
        ["allocator_resident"] = "allocator_resident_bytes",
        ["allocator_muzzy"] = "allocator_muzzy_bytes",
        ["used_memory"] = "memory_used_bytes",
        ["used_memory_rss"] = "memory_used_rss_bytes",
        ["used_memory_peak"] = "memory_used_peak_bytes",
        ["used_memory_lua"] = "memory_used_lua_bytes",
        ["used_memory_vm_eval"] = "memory_used_vm_eval_bytes",
        ["used_memory_scripts_eval"] = "memory_used_scripts_eval_bytes",
        ["used_memory_overhead"] = "memory_used_overhead_bytes",
        ["used_memory_startup"] = "memory_used_startup_bytes",
        ["used_memory_dataset"] = "memory_used_dataset_bytes",
        ["used_memory_vm_functions"] = "memory_used_vm_functions_bytes",
        ["used_memory_scripts"] = "memory_used_scripts_bytes",
        ["used_memory_functions"] = "memory_used_functions_bytes",
        ["used_memory_vm_total"] = "memory_used_vm_total",
        ["maxmemory"] = "memory_max_bytes",
        ["total_system_memory"] = "total_system_memory_bytes",
        ["mem_cluster_links"] = "mem_cluster_links_bytes",
        ["mem_aof_buffer"] = "mem_aof_buffer_bytes",
        ["mem_replication_backlog"] = "mem_replication_backlog_bytes",
        ["expired_stale_perc"] = "expired_stale_percentage",
        ["mem_not_counted_for_evict"] = "mem_not_counted_for_eviction_bytes",
        ["mem_total_replication_buffers"] = "mem_total_replication_buffers_bytes",
        ["mem_overhead_db_hashtable_rehashing"] = "mem_overhead_db_hashtable_rehashing_bytes",
        ["migrate_cached_sockets"] = "migrate_cached_sockets_total",
        ["active_defrag_hits"] = "defrag_hits",
        ["active_defrag_misses"] = "defrag_misses",
        ["active_defrag_key_hits"] = "defrag_key_hits",
        ["active_defrag_key_misses"] = "defrag_key_misses",
        ["loading"] = "loading_dump_file",
        ["rdb_last_save_time"] = "rdb_last_save_timestamp_seconds",
        ["rdb_last_bgsave_time_sec"] = "rdb_last_bgsave_duration_sec",
        ["rdb_current_bgsave_time_sec"] = "rdb_current_bgsave_duration_sec",
        ["rdb_saves"] = "rdb_saves_total",
        ["rdb_last_cow_size"] = "rdb_last_cow_size_bytes",
        ["rdb_last_load_keys_expired"] = "rdb_last_load_expired_keys",
        ["rdb_last_load_keys_loaded"] = "rdb_last_load_loaded_keys",
        ["aof_last_rewrite_time_sec"] = "aof_last_rewrite_duration_sec",
        ["aof_current_rewrite_time_sec"] = "aof_current_rewrite_duration_sec",
        ["aof_last_cow_size"] = "aof_last_cow_size_bytes",
        ["aof_current_size"] = "aof_current_size_bytes",
        ["aof_base_size"] = "aof_base_size_bytes",
        ["current_eviction_exceeded_time"] = "current_eviction_exceeded_time_ms",
        ["repl_backlog_size"] = "replication_backlog_bytes",
        ["repl_backlog_active"] = "repl_backlog_is_active",
        ["repl_backlog_histlen"] = "repl_backlog_history_bytes",
        ["sync_full"] = "replica_resyncs_full",
        ["sync_partial_ok"] = "replica_partial_resync_accepted",
        ["sync_partial_err"] = "replica_partial_resync_denied",
        ["total_connections_received"] = "connections_received_total",
        ["total_commands_processed"] = "commands_processed_total",
        ["rejected_connections"] = "rejected_connections_total",
        ["total_net_input_bytes"] = "net_input_bytes_total",
        ["total_net_output_bytes"] = "net_output_bytes_total",
        ["total_net_repl_input_bytes"] = "net_repl_input_bytes_total",
        ["total_net_repl_output_bytes"] = "net_repl_output_bytes_total",
        ["expired_subkeys"] = "expired_subkeys_total",
        ["expired_keys"] = "expired_keys_total",
        ["expired_time_cap_reached_count"] = "expired_time_cap_reached_total",
        ["expire_cycle_cpu_milliseconds"] = "expire_cycle_cpu_time_ms_total",
        ["evicted_keys"] = "evicted_keys_total",
        ["evicted_clients"] = "evicted_clients_total",
        ["evicted_scripts"] = "evicted_scripts_total",
        ["total_eviction_exceeded_time"] = "eviction_exceeded_time_ms_total",
        ["keyspace_hits"] = "keyspace_hits_total",
        ["keyspace_misses"] = "keyspace_misses_total",
        ["eventloop_cycles"] = "eventloop_cycles_total",
        ["eventloop_duration_sum"] = "eventloop_duration_sum_usec_total",
        ["eventloop_duration_cmd_sum"] = "eventloop_duration_cmd_sum_usec_total",
        ["used_cpu_sys"] = "cpu_sys_seconds_total",
        ["used_cpu_user"] = "cpu_user_seconds_total",
        ["used_cpu_sys_children"] = "cpu_sys_children_seconds_total",
        ["used_cpu_user_children"] = "cpu_user_children_seconds_total",
        ["used_cpu_sys_main_thread"] = "cpu_sys_main_thread_seconds_total",
        ["used_cpu_user_main_thread"] = "cpu_user_main_thread_seconds_total",
        ["client_query_buffer_limit_disconnections"] = "client_query_buffer_limit_disconnections_total",
        ["client_output_buffer_limit_disconnections"] = "client_output_buffer_limit_disconnections_total",
        ["reply_buffer_shrinks"] = "reply_buffer_shrinks_total",
        ["reply_buffer_expands"] = "reply_buffer_expands_total",
        ["acl_access_denied_auth"] = "acl_access_denied_auth_total",
        ["acl_access_denied_cmd"] = "acl_access_denied_cmd_total",
        ["acl_access_denied_key"] = "acl_access_denied_key_total",
        ["acl_access_denied_channel"] = "acl_access_denied_channel_total",
        ["master_link_status"] = "master_link_up",
        ["cmdstat_calls"] = "commands_total",
        ["cmdstat_usec"] = "commands_duration_seconds_total",
        ["cmdstat_rejected_calls"] = "commands_rejected_calls_total",
        ["cmdstat_failed_calls"] = "commands_failed_calls_total",
        ["errorstat_count"] = "errors_total",
        ["db_expires"] = "db_keys_expiring",
        ["db_avg_ttl"] = "db_avg_ttl_seconds",
        ["latest_fork_usec"] = "latest_fork_seconds",
    };

    /// <summary>Those that redis_exporter calls as INFO does, after <c>redis_</c>.</summary>
    private static readonly HashSet<string> s_same =
    [
        "uptime_in_seconds", "process_id", "io_threads_active", "hz", "configured_hz", "connected_clients", "blocked_clients",
        "tracking_clients", "clients_in_timeout_table", "pubsub_clients", "watching_clients", "total_watched_keys", "total_blocking_keys",
        "total_blocking_keys_on_nokey", "allocator_frag_ratio", "allocator_frag_bytes", "allocator_rss_ratio", "allocator_rss_bytes",
        "number_of_cached_scripts", "number_of_functions", "number_of_libraries", "mem_fragmentation_ratio", "mem_fragmentation_bytes",
        "mem_clients_slaves", "mem_clients_normal", "lazyfree_pending_objects", "lazyfreed_objects", "active_defrag_running",
        "async_loading", "rdb_changes_since_last_save", "rdb_bgsave_in_progress", "rdb_last_bgsave_status", "aof_enabled",
        "aof_rewrite_in_progress", "aof_rewrite_scheduled", "aof_pending_rewrite", "aof_buffer_length", "aof_pending_bio_fsync",
        "aof_delayed_fsync", "aof_last_bgrewrite_status", "aof_last_write_status", "module_fork_in_progress", "module_fork_last_cow_size",
        "pubsub_channels", "pubsub_patterns", "pubsubshard_channels", "tracking_total_keys", "tracking_total_items",
        "tracking_total_prefixes", "instantaneous_eventloop_cycles_per_sec", "instantaneous_eventloop_duration_usec", "connected_slaves",
        "repl_backlog_first_byte_offset", "master_repl_offset", "second_repl_offset", "slave_expires_tracked_keys", "slave_priority",
        "unexpected_error_replies", "total_error_replies", "dump_payload_sanitizations", "total_reads_processed",
        "total_writes_processed", "io_threaded_reads_processed", "io_threaded_writes_processed", "cluster_enabled",
        "cluster_connections",
        "master_last_io_seconds_ago", "master_sync_in_progress", "slave_repl_offset", "db_keys",
    ];

    /// <summary>Those that say the same as others in a way that metrics do not need.</summary>
    private static readonly HashSet<string> s_untold = ["uptime_in_days", "cmdstat_usec_per_call"];

    /// <summary>Texts that stand for a number: 1 for the word, 0 for any other.</summary>
    private static readonly Dictionary<string, string> s_words = new()
    {
        ["rdb_last_bgsave_status"] = "ok",
        ["aof_last_bgrewrite_status"] = "ok",
        ["aof_last_write_status"] = "ok",
        ["repl_backlog_disk_status"] = "ok",
        ["master_link_status"] = "up",
    };

    /// <summary>Times of which redis_exporter makes seconds; others it leaves as they are.</summary>
    private static readonly Dictionary<string, double> s_scales = new()
    {
        ["cmdstat_usec"] = 1e-6,
        ["db_avg_ttl"] = 1e-3,
        ["latest_fork_usec"] = 1e-6,
    };

    /// <summary>The units of names in INFO, longest first, which a base unit takes the place of.</summary>
    private static readonly string[] s_unitWords =
    [
        "_milliseconds", "_microseconds", "_in_seconds", "_seconds", "_percent", "_bytes", "_ratio", "_usec", "_perc", "_kbps", "_ms",
        "_sec",
    ];

    /// <summary>The word that a text stands for a number by; null for a text that is none.</summary>
    public static string? WordOf(string name) => s_words.GetValueOrDefault(name);

    /// <summary>Whether redis_exporter has a metric of it.</summary>
    public static bool IsExporters(string name) => s_renamed.ContainsKey(name) || s_same.Contains(name);

    /// <summary>
    /// The metric of a number; null where there is none: what is always the same is told only to those who look for redis_exporter's.
    /// </summary>
    public static NamedMetric? Find(string section, string name, FactKind kind, FactUnit unit, bool isFixed)
    {
        if (s_untold.Contains(name) || (isFixed && !IsExporters(name)))
        {
            return null;
        }
        (string metric, double scale) = IsExporters(name)
            ? (Exporter + s_renamed.GetValueOrDefault(name, name), s_scales.GetValueOrDefault(name, 1))
            : OwnName(name, kind, unit);
        bool isTotal = metric.EndsWith(MetricFamily.Total, StringComparison.Ordinal);
        MetricKind metricKind = isTotal != (kind == FactKind.Counter) ? MetricKind.Unknown
            : isTotal ? MetricKind.Counter
            : MetricKind.Gauge;
        return new NamedMetric(new MetricFamily(metric, metricKind, $"{name} in section {section} of INFO."), scale);
    }

    /// <summary>Leaves out the word for a unit, which ends a name or stands before another word.</summary>
    private static string WithoutUnit(string name)
    {
        foreach (string word in s_unitWords)
        {
            int at = name.IndexOf(word, StringComparison.Ordinal);
            if (at > 0 && (at + word.Length == name.Length || name[at + word.Length] == '_'))
            {
                return name.Remove(at, word.Length);
            }
        }
        return name;
    }

    private static (string Name, double Scale) OwnName(string name, FactKind kind, FactUnit unit)
    {
        (string suffix, double scale) = unit switch
        {
            FactUnit.Bytes => ("_bytes", 1),
            FactUnit.KibibytesPerSecond => ("_bytes_per_second", 1024),
            FactUnit.Seconds => ("_seconds", 1),
            FactUnit.Milliseconds => ("_seconds", 1e-3),
            FactUnit.Microseconds => ("_seconds", 1e-6),
            FactUnit.Percent => ("_ratio", 1e-2),
            FactUnit.Ratio => ("_ratio", 1.0),
            _ => ("", 1),
        };
        const string TotalBefore = "total_";
        bool isCounter = kind == FactKind.Counter;
        string plain = isCounter && name.StartsWith(TotalBefore, StringComparison.Ordinal) ? name[TotalBefore.Length..] : name;
        if (suffix.Length > 0)
        {
            plain = WithoutUnit(plain);
        }
        const string RateWord = "_per_sec";
        if (plain.EndsWith(RateWord, StringComparison.Ordinal))
        {
            plain += "ond";
        }
        return (Own + plain + suffix + (isCounter ? MetricFamily.Total : ""), scale);
    }
}

/// <summary>A metric, and what INFO's number is multiplied by to be its value.</summary>
internal sealed record NamedMetric(MetricFamily Family, double Scale);
