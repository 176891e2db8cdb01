using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>
/// INFO's section about what is kept on the disk. What Redis copies on write is here all that a snapshot takes beside the data:
/// <see cref="SnapshotWork.CowBytes"/>.
/// </summary>
public sealed class PersistenceSection(PersistenceFacts facts) : IInfoSection
{
    private static readonly InfoField<PersistenceFacts>[] s_fields =
    [
        new("loading", facts => facts.State.IsLoading ? 1 : 0),
        new("async_loading", 0),
        new("current_cow_peak", facts => facts.Work.CowPeakBytes),
        new("current_cow_size", facts => facts.Work.CowBytes),
        new("current_cow_size_age", 0),
        new("current_fork_perc", facts => facts.Work.KeyCount == 0 ? 0.0 : 100.0 * facts.Work.TakenCount / facts.Work.KeyCount),
        new("current_save_keys_processed", facts => facts.Work.TakenCount),
        new("current_save_keys_total", facts => facts.Work.KeyCount),
        new("rdb_changes_since_last_save", facts => facts.Saver.UnsavedCount),
        new("rdb_bgsave_in_progress", facts => facts.Saver.IsRunning ? 1 : 0),
        new("rdb_last_save_time", facts => facts.Saver.Facts.LastSaveUnixSeconds),
        new("rdb_last_bgsave_status", facts => facts.Saver.Facts.IsLastOk ? "ok" : "err"),
        new("rdb_last_bgsave_time_sec", facts => facts.Saver.Facts.LastDurationSeconds),
        new("rdb_current_bgsave_time_sec", facts => facts.Saver.IsRunning ? facts.SnapshotSeconds : -1),
        new("rdb_saves", facts => facts.Saver.Facts.SaveCount),
        new("rdb_last_cow_size", facts => facts.Saver.Facts.LastCowBytes),
        new("rdb_last_load_keys_expired", facts => facts.Loading.Facts.ExpiredCount),
        new("rdb_last_load_keys_loaded", facts => facts.Loading.Facts.KeyCount),
        new("aof_enabled", facts => facts.IsLogOn ? 1 : 0),
        new("aof_rewrite_in_progress", facts => facts.Rewrite.IsRunning ? 1 : 0),
        new("aof_rewrite_scheduled", facts => facts.Aof.IsRewriteScheduled ? 1 : 0),
        new("aof_last_rewrite_time_sec", facts => facts.Rewrite.Facts.LastDurationSeconds),
        new("aof_current_rewrite_time_sec", facts => facts.Rewrite.RunningSeconds),
        new("aof_last_bgrewrite_status", facts => facts.Rewrite.Facts.IsLastOk ? "ok" : "err"),
        new("aof_rewrites", facts => facts.Rewrite.Facts.Count),
        new("aof_rewrites_consecutive_failures", facts => facts.Rewrite.FailureCount),
        new("aof_last_write_status", facts => facts.State.AofErrno == 0 ? "ok" : "err"),
        new("aof_last_cow_size", facts => facts.Rewrite.Facts.LastCowBytes),
        new("module_fork_in_progress", 0),
        new("module_fork_last_cow_size", 0),
    ];

    private static readonly InfoField<PersistenceFacts>[] s_logFields =
    [
        new("aof_current_size", facts => facts.Log.Size),
        new("aof_base_size", facts => facts.Rewrite.Facts.BaseSize),
        new("aof_pending_rewrite", 0),
        new("aof_buffer_length", facts => facts.Log.UnwrittenSize),
        new("aof_buffer_limit", facts => facts.Log.WaitingSizeMax),
        new("aof_buffer_postponed_ms", facts => facts.Log.PostponedUs / 1000),
        new("aof_unsynced_length", facts => facts.Log.UnsyncedSize),
        new("aof_pending_bio_fsync", facts => facts.Log.PendingSyncCount),
        new("aof_delayed_fsync", facts => facts.Log.DelayedCount),
    ];

    private static readonly InfoField<Loading>[] s_loadingFields =
    [
        new("loading_start_time", loading => loading.StartedUnixSeconds),
        new("loading_total_bytes", loading => loading.BytesTotal),
        new("loading_rdb_used_mem", loading => loading.Facts.UsedBytes),
        new("loading_loaded_bytes", loading => loading.BytesRead),
        new("loading_loaded_perc", loading => 100.0 * loading.BytesRead / Math.Max(loading.BytesTotal, 1)),
        new("loading_eta_seconds", loading => loading.SecondsLeft),
    ];

    private readonly PersistenceFacts _facts = facts;

    public string Heading => "Persistence";

    public void Append(InfoText text)
    {
        text.Lines(s_fields, _facts);
        if (_facts.IsLogOn)
        {
            text.Lines(s_logFields, _facts);
        }
        if (_facts.State.IsLoading)
        {
            text.Lines(s_loadingFields, _facts.Loading);
        }
    }
}

/// <summary>Those who load and save.</summary>
public sealed record PersistenceFacts(
    DataState State, Loading Loading, Saver Saver, SnapshotWork Work, AofControl Aof, AofWriter Log,
    AofRewrite Rewrite, IClock Clock)
{
    /// <summary>The append only log is being written, or about to be.</summary>
    internal bool IsLogOn => Aof.IsOn;

    /// <summary>How long the snapshot under way has taken so far.</summary>
    internal long SnapshotSeconds => ((Clock.MonotonicUs / 1000) - Work.StartedMs) / 1000;
}
