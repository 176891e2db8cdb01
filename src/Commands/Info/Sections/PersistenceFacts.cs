using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;

namespace Bixbite.Commands.Info.Sections;

/// <summary>
/// The facts of persistence. What Redis copies on write is here all that a snapshot takes beside the data:
/// <see cref="SnapshotJobs.CowBytes"/>.
/// </summary>
public static class PersistenceFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Persistence"];
        DataState state = server.Get<DataState>();
        AddSnapshots(section, server);
        AddLog(section, state, server);
        Loads loads = server.Get<Loads>();
        section.While(() => state.IsLoading || state.IsLoadingAside, () => AddLoading(section, loads));
        AofWriter log = server.Get<AofWriter>();
        server.Info["Debug"].Counter("eventloop_duration_aof_sum", () => log.WriteUs, FactUnit.Microseconds);
    }

    private static void AddSnapshots(InfoSection section, ServerBuilder server)
    {
        DataState state = server.Get<DataState>();
        SnapshotJobs jobs = server.Get<SnapshotJobs>();
        Saver saver = server.Get<Saver>();
        SnapshotTransfers transfers = server.Get<SnapshotTransfers>();
        Loads loads = server.Get<Loads>();
        section.Gauge("loading", () => state.IsLoading ? 1 : 0);
        section.Gauge("async_loading", () => state.IsLoadingAside ? 1 : 0);
        section.Gauge("current_cow_peak", () => jobs.CowPeakBytes, FactUnit.Bytes);
        section.Gauge("current_cow_size", () => jobs.CowBytes, FactUnit.Bytes);
        section.Fixed(0, "current_cow_size_age");
        section.Gauge("current_fork_perc", () => jobs.KeyCount == 0 ? 0.0 : 100.0 * jobs.TakenCount / jobs.KeyCount, FactUnit.Percent);
        section.Gauge("current_save_keys_processed", () => jobs.TakenCount);
        section.Gauge("current_save_keys_total", () => jobs.KeyCount);
        section.Gauge("rdb_changes_since_last_save", () => saver.UnsavedCount);
        section.Gauge("rdb_bgsave_in_progress", () => saver.IsRunning || transfers.IsRunning ? 1 : 0);
        section.Gauge("rdb_last_save_time", () => saver.Facts.LastSaveUnixSeconds, FactUnit.Seconds);
        section.Text("rdb_last_bgsave_status", () => saver.Facts.IsLastOk ? "ok" : "err");
        section.Gauge("rdb_last_bgsave_time_sec", () => saver.Facts.LastDurationSeconds, FactUnit.Seconds);
        section.Gauge("rdb_current_bgsave_time_sec", () => saver.RunningSeconds, FactUnit.Seconds);
        section.Counter("rdb_saves", () => saver.Facts.SaveCount);
        section.Gauge("rdb_last_cow_size", () => saver.Facts.LastCowBytes, FactUnit.Bytes);
        section.Gauge("rdb_last_load_keys_expired", () => loads.Facts.ExpiredCount);
        section.Gauge("rdb_last_load_keys_loaded", () => loads.Facts.KeyCount);
    }

    private static void AddLog(InfoSection section, DataState state, ServerBuilder server)
    {
        AofControl aof = server.Get<AofControl>();
        AofRewrite rewrite = server.Get<AofRewrite>();
        AofWriter log = server.Get<AofWriter>();
        section.Gauge("aof_enabled", () => aof.IsOn ? 1 : 0);
        section.Gauge("aof_rewrite_in_progress", () => rewrite.IsRunning ? 1 : 0);
        section.Gauge("aof_rewrite_scheduled", () => aof.IsRewriteScheduled ? 1 : 0);
        section.Gauge("aof_last_rewrite_time_sec", () => rewrite.Facts.LastDurationSeconds, FactUnit.Seconds);
        section.Gauge("aof_current_rewrite_time_sec", () => rewrite.RunningSeconds, FactUnit.Seconds);
        section.Text("aof_last_bgrewrite_status", () => rewrite.Facts.IsLastOk ? "ok" : "err");
        section.Counter("aof_rewrites", () => rewrite.Facts.Count);
        section.Gauge("aof_rewrites_consecutive_failures", () => rewrite.FailureCount);
        section.Text("aof_last_write_status", () => state.AofErrno == 0 ? "ok" : "err");
        section.Gauge("aof_last_cow_size", () => rewrite.Facts.LastCowBytes, FactUnit.Bytes);
        section.Fixed(0, "module_fork_in_progress", "module_fork_last_cow_size");
        section.While(() => aof.IsOn, () => AddLogState(section, log, rewrite));
    }

    private static void AddLogState(InfoSection section, AofWriter log, AofRewrite rewrite)
    {
        section.Gauge("aof_current_size", () => log.Size, FactUnit.Bytes);
        section.Gauge("aof_base_size", () => rewrite.Facts.BaseSize, FactUnit.Bytes);
        section.Fixed(0, "aof_pending_rewrite");
        section.Gauge("aof_buffer_length", () => log.UnwrittenSize, FactUnit.Bytes);
        section.Gauge("aof_buffer_limit", () => log.WaitingSizeMax, FactUnit.Bytes);
        section.Gauge("aof_buffer_postponed_ms", () => log.PostponedUs / 1000, FactUnit.Milliseconds);
        section.Gauge("aof_unsynced_length", () => log.UnsyncedSize, FactUnit.Bytes);
        section.Gauge("aof_pending_bio_fsync", () => log.PendingSyncCount);
        section.Counter("aof_delayed_fsync", () => log.DelayedCount);
    }

    private static void AddLoading(InfoSection section, Loads loads)
    {
        section.Gauge("loading_start_time", () => loads.StartedUnixSeconds);
        section.Gauge("loading_total_bytes", () => loads.BytesTotal, FactUnit.Bytes);
        section.Gauge("loading_rdb_used_mem", () => loads.Facts.UsedBytes, FactUnit.Bytes);
        section.Gauge("loading_loaded_bytes", () => loads.BytesRead, FactUnit.Bytes);
        section.Gauge("loading_loaded_perc", () => loads.Percent, FactUnit.Percent);
        section.Gauge("loading_eta_seconds", () => loads.SecondsLeft, FactUnit.Seconds);
    }
}
