using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;

namespace Bixbite.Commands.Server.Sections;

/// <summary>INFO's section about files. The server keeps none yet: the lines that tools look for have the values of one at rest.</summary>
public sealed class PersistenceSection(ChangeFeed changes, ServerIdentity identity) : IInfoSection
{
    private static readonly InfoField<PersistenceSection>[] s_fields =
    [
        new("loading", 0),
        new("async_loading", 0),
        new("current_cow_peak", 0),
        new("current_cow_size", 0),
        new("current_cow_size_age", 0),
        new("current_fork_perc", "0.00"),
        new("current_save_keys_processed", 0),
        new("current_save_keys_total", 0),
        new("rdb_changes_since_last_save", section => section._changes.DirtyCount),
        new("rdb_bgsave_in_progress", 0),
        new("rdb_last_save_time", section => section._identity.StartedAtUnixMs / 1000),
        new("rdb_last_bgsave_status", "ok"),
        new("rdb_last_bgsave_time_sec", -1),
        new("rdb_current_bgsave_time_sec", -1),
        new("rdb_saves", 0),
        new("rdb_last_cow_size", 0),
        new("rdb_last_load_keys_expired", 0),
        new("rdb_last_load_keys_loaded", 0),
        new("aof_enabled", 0),
        new("aof_rewrite_in_progress", 0),
        new("aof_rewrite_scheduled", 0),
        new("aof_last_rewrite_time_sec", -1),
        new("aof_current_rewrite_time_sec", -1),
        new("aof_last_bgrewrite_status", "ok"),
        new("aof_rewrites", 0),
        new("aof_rewrites_consecutive_failures", 0),
        new("aof_last_write_status", "ok"),
        new("aof_last_cow_size", 0),
        new("module_fork_in_progress", 0),
        new("module_fork_last_cow_size", 0),
    ];

    private readonly ChangeFeed _changes = changes;
    private readonly ServerIdentity _identity = identity;

    public string Heading => "Persistence";

    public void Append(InfoText text) => text.Lines(s_fields, this);
}
