using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Statistics;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// The work that happens by itself, on the first loop between its rounds: the tasks of the modules, stage by stage. Each takes a bounded
/// slice and says when it wants the next one. Once the server is to stop nothing happens any more: what would be changed, or told to
/// replicas, is not in the snapshot.
/// </summary>
internal sealed class Cron(ServerBuilder server) : IDisposable
{
    public const int IdleTickMs = 100;

    /// <summary>A clock that is moved while the cron runs makes it run again, before anybody is served.</summary>
    private const int RepeatCountMax = 3;

    private readonly CronTask[] _tasks = [.. server.CronTasks.OrderBy(static task => (int)task.Stage)];
    private readonly CronSwitch _switch = server.Get<CronSwitch>();
    private readonly ServerStatistics _statistics = server.Get<ServerStatistics>();
    private readonly ShutdownSignal _shutdown = server.Get<ShutdownSignal>();
    private readonly RaisedConcerns _raised = server.Raised;
    private readonly IClock _clock = server.Clock;
    private readonly PaceAlarm? _paceAlarm = PaceAlarm.For(server.Clock, server.Get<CronAlarm>());

    /// <summary>When to tick next for something that is due in so many milliseconds; the far off is looked after anyway.</summary>
    public static int TickMsUntil(long dueMs) => (int)Math.Clamp(dueMs, 0, IdleTickMs);

    /// <summary>Does what is due, under the execution lock; returns the milliseconds until something is due again.</summary>
    public int Tick()
    {
        for (int i = 0; ; i++)
        {
            long beganUs = _clock.WaitingUs;
            int tickMs = RunTasks();
            if (_paceAlarm is null || _paceAlarm.TrySet(beganUs, tickMs) || i == RepeatCountMax)
            {
                return tickMs;
            }
        }
    }

    public void Dispose() => _paceAlarm?.Dispose();

    private int RunTasks()
    {
        long startedUs = _clock.MonotonicUs;
        long nextMs = IdleTickMs;
        foreach (CronTask task in _tasks)
        {
            if (_shutdown.IsRequested)
            {
                break;
            }
            bool isHeld = (_switch.IsPaused && !task.IgnoresSwitch)
                || (_raised.Has(Concern.Loading) && !task.IgnoresLoading)
                || (_raised.Has(Concern.Busy) && task.TouchesKeys);
            nextMs = isHeld ? nextMs : Math.Min(nextMs, task.Run(startedUs));
        }
        _statistics.CronUs += _clock.MonotonicUs - startedUs;
        return TickMsUntil(nextMs);
    }
}
