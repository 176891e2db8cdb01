using Bixbite.Platform;

namespace Bixbite.Crash.Servers;

/// <summary>
/// Time that passes by itself, but more slowly: what a server gives up after ten seconds outlasts all the patience of a test, and what it
/// does every millisecond still comes soon.
/// </summary>
internal sealed class SlowedClock : IClock
{
    public const int Factor = 8;

    private readonly long _startUs = SystemClock.Instance.MonotonicUs;
    private readonly long _startUnixUs = SystemClock.Instance.UnixUs;

    public long UnixMs => UnixUs / 1000;

    public long UnixUs => _startUnixUs + PassedUs;

    public long MonotonicUs => _startUs + PassedUs;

    private long PassedUs => (SystemClock.Instance.MonotonicUs - _startUs) / Factor;
}
