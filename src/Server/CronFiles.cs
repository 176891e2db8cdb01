using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Server;

/// <summary>What goes on with files in slices: loading first, then snapshots.</summary>
internal sealed class CronFiles(Loading loading, Saver saver, SnapshotWork work, ShutdownSignal shutdown, IClock clock)
{
    private const long LoadSliceUs = 20_000;
    private const long SnapshotSliceUs = 1000;
    private const int SnapshotTickMs = 5;

    /// <summary>The data is not there yet: nothing else is to be done with it.</summary>
    public bool IsLoading { get; private set; } = true;

    /// <summary>Takes a slice; returns the milliseconds until the next one is wanted.</summary>
    public int Run()
    {
        if (IsLoading)
        {
            return Load();
        }
        saver.StartIfDue();
        if (!work.IsRunning)
        {
            return Cron.IdleTickMs;
        }
        return work.Run(Until(SnapshotSliceUs)) ? 0 : SnapshotTickMs;
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
