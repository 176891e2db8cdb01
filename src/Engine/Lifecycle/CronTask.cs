using Bixbite.Platform;

namespace Bixbite.Engine.Lifecycle;

/// <summary>When, within a tick of the cron, a task runs. Those of one stage run in the order in which they were added.</summary>
public enum CronStage
{
    /// <summary>Waits end whose time is over.</summary>
    Waits,

    /// <summary>Readings are taken, and clients looked at.</summary>
    Sampling,

    /// <summary>Files are read and written.</summary>
    Files,

    /// <summary>Keys go: their time has come, or there is no room for them.</summary>
    Removal,

    /// <summary>Whoever waits for a change, or is to be told of one, has it.</summary>
    Changes,

    /// <summary>Memory is given back and put in order.</summary>
    Memory,

    /// <summary>A command that takes long goes on.</summary>
    Slices,
}

/// <summary>Something that happens by itself between the rounds, in bounded slices. Under the execution lock, on the first loop.</summary>
/// <param name="stage">When within a tick.</param>
/// <param name="run">
/// Takes a slice at a time in monotonic microseconds; returns the milliseconds until it wants to be called again: 0 where work is left.
/// </param>
public sealed class CronTask(CronStage stage, Func<long, long> run)
{
    /// <summary>Nothing is due: it is called when the cron ticks for another reason.</summary>
    public const long Never = long.MaxValue;

    private long _nextMs;

    public CronStage Stage => stage;

    /// <summary>
    /// Frees something while there is some, always, also while the data is being loaded: <paramref name="run"/> takes a slice of
    /// <paramref name="sliceUs"/> microseconds until its argument says that it is over.
    /// </summary>
    public static CronTask Freeing(IClock clock, long sliceUs, Func<bool> isIdle, Action<Func<bool>> run) =>
        new(CronStage.Memory, _ =>
        {
            if (isIdle())
            {
                return Never;
            }
            run(SliceOf(clock, sliceUs));
            return isIdle() ? Never : 0;
        })
        {
            IgnoresSwitch = true,
            IgnoresLoading = true,
        };

    /// <summary>A slice that begins now: true once so many microseconds are over.</summary>
    public static Func<bool> SliceOf(IClock clock, long sliceUs)
    {
        long endUs = clock.MonotonicUs + sliceUs;
        return () => clock.MonotonicUs >= endUs;
    }

    /// <summary>It is called no more often than this; 0 for every tick.</summary>
    public int PeriodMs { get; init; }

    /// <summary>It is called also while DEBUG PAUSE-CRON holds what the server does by itself.</summary>
    public bool IgnoresSwitch { get; init; }

    /// <summary>It is called also while the data is being loaded.</summary>
    public bool IgnoresLoading { get; init; }

    /// <summary>It uses or changes keys: it is not called while a command takes long, whose alone they are.</summary>
    public bool TouchesKeys { get; init; }

    /// <summary>Takes a slice if it is due; returns the milliseconds until it is again.</summary>
    public long Run(long nowUs)
    {
        if (PeriodMs == 0)
        {
            return run(nowUs);
        }
        long nowMs = nowUs / 1000;
        if (nowMs >= _nextMs)
        {
            _nextMs = nowMs + PeriodMs;
            run(nowUs);
        }
        return _nextMs - nowMs;
    }
}
