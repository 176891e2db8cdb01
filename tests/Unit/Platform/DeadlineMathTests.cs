using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class DeadlineMathTests
{
    private static readonly long[] s_numbers =
    [
        0, 1, -1, 999, 1000, 1_700_000_000_000, long.MaxValue / 1000, (long.MaxValue / 1000) + 1, long.MinValue / 1000,
        (long.MinValue / 1000) - 1, long.MaxValue - 1, long.MaxValue, long.MinValue, long.MinValue + 1,
    ];

    [Fact]
    public void SumsAreExactOrRefused()
    {
        foreach (long start in s_numbers)
        {
            foreach (long count in s_numbers)
            {
                foreach (int unit in new[] { 1, 1000 })
                {
                    Int128 sum = start + ((Int128)count * unit);
                    bool isPossible = sum >= long.MinValue && sum <= long.MaxValue;
                    Assert.Equal(isPossible, DeadlineMath.TryAdd(start, count, unit, out long deadline));
                    if (isPossible)
                    {
                        Assert.Equal((long)sum, deadline);
                    }
                }
            }
        }
    }

    [Fact]
    public void WhatIsBeyondAllTimesNeverComes()
    {
        foreach (long now in s_numbers)
        {
            foreach (long duration in s_numbers)
            {
                Int128 sum = Int128.Clamp((Int128)now + duration, long.MinValue, DeadlineMath.Never);
                Assert.Equal((long)sum, DeadlineMath.After(now, duration));
            }
        }
    }
}
