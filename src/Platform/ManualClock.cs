namespace Bixbite.Platform;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class ManualClock(long startUnixMs = 1_700_000_000_000) : IClock
{
    private long _unixUs = startUnixMs * 1000;
    private long _monotonicUs = 1_000_000;

    public long UnixMs => Volatile.Read(ref _unixUs) / 1000;

    public long UnixUs => Volatile.Read(ref _unixUs);

    public long MonotonicUs => Volatile.Read(ref _monotonicUs);

    /// <summary>Time passes: both clocks move.</summary>
    public void AdvanceMs(long ms) => AdvanceUs(ms * 1000);

    /// <summary>Time passes: both clocks move.</summary>
    public void AdvanceUs(long us)
    {
        Interlocked.Add(ref _unixUs, us);
        Interlocked.Add(ref _monotonicUs, us);
    }

    /// <summary>Somebody sets the system's time: only the calendar moves, in either direction.</summary>
    public void SetUnixMs(long unixMs) => Volatile.Write(ref _unixUs, unixMs * 1000);
}
