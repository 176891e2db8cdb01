namespace Bixbite.Platform;

/// <summary>
/// A <see cref="TimeProvider"/> as a clock: keys expire and clients wait by it, whether it stands still, jumps or runs. Work is measured by
/// the machine's clock, so slices end and files are synced while it stands still. Any thread.
/// </summary>
public sealed class ProviderClock : IClock
{
    /// <summary>Nothing happened at 0.</summary>
    private const long StartUs = 1_000_000;

    private readonly TimeProvider _provider;
    private readonly long _start;
    private long _latestUs = StartUs;

    private ProviderClock(TimeProvider provider)
    {
        _provider = provider;
        _start = provider.GetTimestamp();
    }

    /// <summary>The clock of a provider; the machine's own where the provider is the system.</summary>
    public static IClock Of(TimeProvider provider) =>
        ReferenceEquals(provider, TimeProvider.System) ? SystemClock.Instance : new ProviderClock(provider);

    public long UnixMs => _provider.GetUtcNow().ToUnixTimeMilliseconds();

    public long UnixUs => (_provider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public long MonotonicUs => SystemClock.Instance.MonotonicUs;

    public long CoarseMs => SystemClock.Instance.CoarseMs;

    public long ThreadCpuUs => SystemClock.Instance.ThreadCpuUs;

    public bool HasOwnPace => true;

    /// <remarks>A provider may be anybody's code: one that goes back stands still here.</remarks>
    public long WaitingUs
    {
        get
        {
            RisingPosition.TryRaise(
                ref _latestUs, StartUs + (_provider.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond));
            return Volatile.Read(ref _latestUs);
        }
    }

    public ITimer CreateTimer(Action ring) => _provider.CreateTimer(
        static state => ((Action)state!)(), ring, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
