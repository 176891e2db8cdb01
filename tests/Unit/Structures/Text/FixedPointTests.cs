using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class FixedPointTests
{
    /// <summary>Found with C's printf.</summary>
    [Theory]
    [InlineData(0, 4, "0.0000")]
    [InlineData(-0.0, 4, "-0.0000")]
    [InlineData(0.03125, 4, "0.0312")]
    [InlineData(0.09375, 4, "0.0938")]
    [InlineData(-0.09375, 4, "-0.0938")]
    [InlineData(0.99999, 4, "1.0000")]
    [InlineData(9.99995, 4, "10.0000")]
    [InlineData(166274.15156960033, 4, "166274.1516")]
    [InlineData(4503599627370495.5, 1, "4503599627370495.5")]
    [InlineData(4503599627370496, 2, "4503599627370496.00")]
    [InlineData(9007199254740993, 6, "9007199254740992.000000")]
    [InlineData(1e22, 6, "10000000000000000000000.000000")]
    [InlineData(1e23, 1, "99999999999999991611392.0")]
    [InlineData(5e-324, 17, "0.00000000000000000")]
    [InlineData(2.682209014892578e-06, 17, "0.00000268220901489")]
    [InlineData(0.1, 17, "0.10000000000000001")]
    [InlineData(double.PositiveInfinity, 6, "inf")]
    [InlineData(double.NegativeInfinity, 6, "-inf")]
    [InlineData(double.NaN, 6, "nan")]
    public void Numbers_as_printf_writes_them(double value, int places, string expected)
    {
        Span<byte> text = stackalloc byte[FixedPoint.SizeMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..FixedPoint.Format(value, places, text)]));
    }

    [Theory]
    [InlineData(180, "180")]
    [InlineData(-0.0, "0")]
    [InlineData(-1e-30, "0")]
    [InlineData(85.05112878, "85.0511287799999991")]
    [InlineData(-122.5, "-122.5")]
    [InlineData(100, "100")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Zeros_at_the_end_can_be_left_out(double value, string expected)
    {
        Span<byte> text = stackalloc byte[FixedPoint.SizeMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..FixedPoint.FormatTrimmed(value, 17, text)]));
    }

    [Fact]
    public void The_largest_number_fits() =>
        Assert.Equal(FixedPoint.SizeMax, FixedPoint.Format(double.MinValue, FixedPoint.PlacesMax, new byte[FixedPoint.SizeMax]));
}
