namespace Bixbite.Platform;

/// <summary>The only way this code learns the time, so that tests can drive it by hand.</summary>
public interface IClock
{
    /// <summary>Milliseconds since 1970-01-01 UTC; may jump when the system's time is set.</summary>
    long UnixMs { get; }

    /// <summary>Microseconds since 1970-01-01 UTC; may jump when the system's time is set.</summary>
    long UnixUs { get; }

    /// <summary>Microseconds since an arbitrary start; never goes back.</summary>
    long MonotonicUs { get; }

    /// <summary>
    /// Milliseconds since an arbitrary start, some milliseconds behind at most: for who looks often whether time has passed at all.
    /// </summary>
    long CoarseMs => MonotonicUs / 1000;

    /// <summary>Microseconds for which the calling thread has had a core, whatever others take of the machine.</summary>
    long ThreadCpuUs => MonotonicUs;
}
