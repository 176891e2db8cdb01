using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// Makes the cron tick at once when somebody moves a clock that has a pace of its own: keys go and waits end then, without any waiting. The
/// loops sleep by the machine's time and know nothing of it.
/// <code>
///   the clock stands still    set to its next millisecond: whatever moves it rings
///   it runs                   set to when the cron wants to tick
///   it is moved meanwhile     the cron ticks again
/// </code>
/// Owned by the cron.
/// </summary>
internal sealed class PaceAlarm : IDisposable
{
    private const long StepUs = 1000;

    private readonly IClock _clock;
    private readonly ITimer _timer;

    private PaceAlarm(IClock clock, ITimer timer)
    {
        _clock = clock;
        _timer = timer;
    }

    /// <summary>The alarm that a clock needs; null where it has no pace of its own.</summary>
    public static PaceAlarm? For(IClock clock, CronAlarm alarm) =>
        clock.CreateTimer(() => alarm.RingWithin(0)) is { } timer ? new PaceAlarm(clock, timer) : null;

    /// <summary>At the end of a tick: false where the clock was moved meanwhile, so that more may be due by now.</summary>
    /// <param name="beganUs">The clock's time when the tick began.</param>
    /// <param name="tickMs">When the next tick is wanted.</param>
    public bool TrySet(long beganUs, int tickMs)
    {
        long dueUs = _clock.WaitingUs == beganUs ? StepUs : Math.Max(tickMs * 1000L, StepUs);
        _timer.Change(TimeSpan.FromMicroseconds(dueUs), Timeout.InfiniteTimeSpan);
        return _clock.WaitingUs - beganUs < dueUs;
    }

    public void Dispose() => _timer.Dispose();
}
