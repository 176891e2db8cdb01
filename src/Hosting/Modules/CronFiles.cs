using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Statistics;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// What goes on with files in slices: loading first, then snapshots. A snapshot takes at most half of each millisecond from clients that
/// have work for the server, and all the time that they leave.
/// </summary>
internal sealed class CronFiles(
    Loading loading, Saver saver, SnapshotWork work, AofControl log, ServerStatistics statistics, ShutdownSignal shutdown,
    IClock clock)
{
    private const long LoadSliceUs = 20_000;
    private const long SnapshotSliceUs = 500;
    private const int SnapshotPeriodMs = 1;
    private const int DiskPauseMs = 5;

    private long _commandCount;

    /// <summary>The data is not there yet: nothing else is to be done with it.</summary>
    public bool IsLoading { get; private set; } = true;

    /// <summary>
    /// Takes a slice, and begins nothing new while paused; returns the milliseconds until the next one is wanted, which is soon while the
    /// snapshot's memory is tight and clients wait for it.
    /// </summary>
    public int Run(bool isPaused, bool isTight)
    {
        if (IsLoading)
        {
            return Load();
        }
        int logTickMs = log.Tick();
        if (!isPaused)
        {
            saver.StartIfDue();
        }
        if (!work.IsRunning)
        {
            return logTickMs;
        }
        bool isBusy = statistics.CommandsProcessed != _commandCount;
        _commandCount = statistics.CommandsProcessed;
        if (!work.Run(Until(SnapshotSliceUs)))
        {
            return isTight ? SnapshotPeriodMs : DiskPauseMs;
        }
        return isBusy && !isTight ? SnapshotPeriodMs : 0;
    }

    private int Load()
    {
        if (loading.Run(Until(LoadSliceUs)))
        {
            return 0;
        }
        IsLoading = false;
        if (loading.Problem is not null)
        {
            shutdown.Fail();
        }
        return 0;
    }

    private Func<bool> Until(long sliceUs)
    {
        long endUs = clock.MonotonicUs + sliceUs;
        return () => clock.MonotonicUs >= endUs;
    }
}
