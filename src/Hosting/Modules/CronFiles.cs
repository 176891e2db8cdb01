using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Statistics;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Startup;
using Bixbite.Platform;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// The work with files in slices: loading first, then snapshots. Snapshots, and what is loaded aside, take at most half of each
/// millisecond from clients that have work for the server, and all the time that they leave.
/// </summary>
internal sealed class CronFiles(
    StartupLoad startup, Saver saver, SnapshotJobs jobs, AofControl log, ServerStatistics statistics, ShutdownSignal shutdown,
    IClock clock)
{
    private const long LoadSliceUs = 20_000;
    private const long SliceUs = 500;
    private const int PeriodMs = 1;
    private const int PauseMs = 5;

    private readonly Loads _loads = startup.Loads;
    private bool _hasStarted;
    private long _commandCount;

    /// <summary>
    /// Takes a slice, and begins nothing new while paused; returns the milliseconds until the next one is wanted, which is soon while the
    /// snapshots' memory is tight and clients wait for it. While a command takes long the data is neither as it was before nor as it will
    /// be after: it is not replaced, snapshots that began before go on, and none begins.
    /// </summary>
    public int Run(bool isPaused, bool isTight, bool isCommandLong)
    {
        if (!_hasStarted)
        {
            return Start();
        }
        int nextMs = log.Tick();
        if (!isPaused && !isCommandLong && !_loads.HoldsClients)
        {
            saver.StartIfDue();
        }
        bool isBusy = statistics.CommandsProcessed != _commandCount && !isTight;
        _commandCount = statistics.CommandsProcessed;
        if (_loads.IsRunning && !isCommandLong)
        {
            bool wantsMore = _loads.Run(CronTask.SliceOf(clock, _loads.HoldsClients ? LoadSliceUs : SliceUs));
            nextMs = Math.Min(nextMs, !wantsMore ? PauseMs : isBusy ? PeriodMs : 0);
        }
        if (jobs.IsRunning)
        {
            bool wantsMore = jobs.Run(CronTask.SliceOf(clock, SliceUs));
            nextMs = Math.Min(nextMs, wantsMore ? (isBusy ? PeriodMs : 0) : isTight ? PeriodMs : PauseMs);
        }
        return nextMs;
    }

    private int Start()
    {
        if (startup.Run(CronTask.SliceOf(clock, LoadSliceUs)))
        {
            return 0;
        }
        _hasStarted = true;
        if (startup.Problem is not null)
        {
            shutdown.Fail();
        }
        return 0;
    }
}
