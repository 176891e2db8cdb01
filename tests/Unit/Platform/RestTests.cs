using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class RestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1_500)]
    [InlineData(1_000_001)]
    public void It_lasts_at_least_as_long_as_asked_for(long us)
    {
        long startUs = SystemClock.Instance.MonotonicUs;
        Rest.ForMicroseconds(us);
        Assert.InRange(SystemClock.Instance.MonotonicUs - startUs, us - 1, long.MaxValue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Nothing_to_rest_for_is_no_error(long us) => Rest.ForMicroseconds(us);
}
