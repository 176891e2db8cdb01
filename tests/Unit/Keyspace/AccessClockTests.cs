using Bixbite.Keyspace;
using Xunit;

namespace Bixbite.Unit.Keyspace;

public sealed class AccessClockTests
{
    private const long Start = 1_700_000_000_000;

    private readonly CommandTime _time = new();
    private readonly AccessClock _clock;

    public AccessClockTests()
    {
        _clock = new AccessClock(_time);
        SetTime(Start);
    }

    [Fact]
    public void LruCountsIdleSeconds()
    {
        uint access = _clock.Fresh();
        SetTime(Start + 65_000);
        Assert.Equal(65_000, _clock.IdleMs(access));
        Assert.Equal(0, _clock.IdleMs(_clock.Touched(access)));
    }

    [Fact]
    public void LruSurvivesItsWrapAround()
    {
        long beforeWrap = ((1L << 24) - 1) * 1000;
        SetTime(beforeWrap);
        uint access = _clock.Fresh();
        SetTime(beforeWrap + 10_000);
        Assert.InRange(_clock.IdleMs(access), 9_000, 10_000);
    }

    [Fact]
    public void IdleSecondsOfRestoreComeBack()
    {
        uint access = _clock.FromIdleSeconds(1000);
        Assert.Equal(1_000_000, _clock.IdleMs(access));
    }

    [Fact]
    public void LfuStartsAtFiveAndDecaysByTheMinute()
    {
        _clock.IsLfu = true;
        uint access = _clock.Fresh();
        Assert.Equal(5, _clock.Frequency(access));
        SetTime(Start + (3 * 60_000));
        Assert.Equal(2, _clock.Frequency(access));
        SetTime(Start + (60 * 60_000));
        Assert.Equal(0, _clock.Frequency(access));
        _clock.LfuDecayTimeMinutes = 0;
        Assert.Equal(5, _clock.Frequency(access));
    }

    [Fact]
    public void LfuGrowsSlowlyAndStopsAt255()
    {
        _clock.IsLfu = true;
        _clock.LfuLogFactor = 0;
        uint access = _clock.Fresh();
        for (int i = 0; i < 1000; i++)
        {
            access = _clock.Touched(access);
        }
        Assert.Equal(255, _clock.Frequency(access));

        _clock.LfuLogFactor = 10;
        access = _clock.Fresh();
        for (int i = 0; i < 100; i++)
        {
            access = _clock.Touched(access);
        }
        Assert.InRange(_clock.Frequency(access), 6, 30);
    }

    [Fact]
    public void NothingAgesWhenTheCalendarIsSet()
    {
        uint access = _clock.Fresh();
        _time.Set(Start - (24 * 60 * 60 * 1000), (Start * 1000) + 2_000_000);
        Assert.Equal(2_000, _clock.IdleMs(access));
        _clock.IsLfu = true;
        access = _clock.FromFrequency(200);
        _time.Set(Start + (365L * 24 * 60 * 60 * 1000), (Start * 1000) + 3_000_000);
        Assert.Equal(200, _clock.Frequency(access));
    }

    private void SetTime(long ms) => _time.Set(ms, ms * 1000);
}
