using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>A provider's time is what clients see, and never holds up the work.</summary>
public sealed class ProviderClockTests
{
    [Fact]
    public void TheSystemsProviderIsTheMachinesClock() => Assert.Same(SystemClock.Instance, ProviderClock.Of(TimeProvider.System));

    [Fact]
    public void CalendarAndWaitingAreTheProviders()
    {
        HandTime time = new();
        IClock clock = ProviderClock.Of(time);
        long waitingUs = clock.WaitingUs;
        Assert.Equal(time.Now.ToUnixTimeMilliseconds(), clock.UnixMs);
        time.Now = time.Now.AddHours(1).AddMicroseconds(7);
        time.Ticks += 3600L * TimeSpan.TicksPerSecond;
        Assert.Equal(3_600_000_000, clock.WaitingUs - waitingUs);
        Assert.Equal(time.Now.ToUnixTimeMilliseconds(), clock.UnixMs);
        Assert.Equal(7, clock.UnixUs % 1000);
    }

    [Fact]
    public void WaitingNeverGoesBack()
    {
        HandTime time = new();
        IClock clock = ProviderClock.Of(time);
        time.Ticks += TimeSpan.TicksPerSecond;
        long waitingUs = clock.WaitingUs;
        time.Ticks -= TimeSpan.TicksPerSecond / 2;
        Assert.Equal(waitingUs, clock.WaitingUs);
        time.Ticks += TimeSpan.TicksPerSecond;
        Assert.Equal(waitingUs + 500_000, clock.WaitingUs);
    }

    [Fact]
    public void WorkIsMeasuredByTheMachine()
    {
        IClock clock = ProviderClock.Of(new HandTime());
        long beganUs = clock.MonotonicUs;
        Assert.True(SpinWait.SpinUntil(() => clock.MonotonicUs > beganUs, Bixbite.Wire.Harness.Patience.LimitMs));
        Assert.True(clock.HasOwnPace);
    }

    private sealed class HandTime : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        internal long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Ticks;
    }
}
