namespace Bixbite.Platform;

/// <summary>The only way this code learns the time, so that tests can drive it by hand.</summary>
public interface IClock
{
    /// <summary>Milliseconds since 1970-01-01 UTC; may jump when the system's time is set.</summary>
    long UnixMs { get; }

    /// <summary>Microseconds since 1970-01-01 UTC; may jump when the system's time is set.</summary>
    long UnixUs { get; }

    /// <summary>Microseconds since an arbitrary start; never goes back. Work is measured by it.</summary>
    long MonotonicUs { get; }

    /// <summary>
    /// Microseconds since an arbitrary start, by which clients wait: their time-outs and pauses, and how long a key has not been used.
    /// It never goes back, and is <see cref="MonotonicUs"/> unless the clock <see cref="HasOwnPace"/>.
    /// </summary>
    long WaitingUs => MonotonicUs;

    /// <summary>
    /// The calendar and <see cref="WaitingUs"/> move when their owner wants, as a test does. All else, which has to go on meanwhile, is
    /// measured by the machine's time.
    /// </summary>
    bool HasOwnPace => false;

    /// <summary>
    /// Milliseconds since an arbitrary start, some milliseconds behind at most: for who looks often whether time has passed at all.
    /// </summary>
    long CoarseMs => MonotonicUs / 1000;

    /// <summary>Microseconds for which the calling thread has had a core, whatever others take of the machine.</summary>
    long ThreadCpuUs => MonotonicUs;

    /// <summary>
    /// A timer by this clock's own pace, which is not set yet; null where the clock has none. The action may come on any thread.
    /// </summary>
    ITimer? CreateTimer(Action ring) => null;
}
