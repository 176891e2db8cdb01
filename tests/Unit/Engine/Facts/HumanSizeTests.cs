using Bixbite.Engine.Facts;
using Xunit;

namespace Bixbite.Unit.Engine.Facts;

public sealed class HumanSizeTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1023, "1023B")]
    [InlineData(1024, "1.00K")]
    [InlineData(1536, "1.50K")]
    [InlineData(916_560, "895.08K")]
    [InlineData(25_276_510_208, "23.54G")]
    [InlineData(1L << 40, "1.00T")]
    [InlineData(long.MaxValue, "8.00E")]
    public void Sizes_are_short(long bytes, string expected) => Assert.Equal(expected, HumanSize.Of(bytes));
}
