using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class DoublesTests
{
    [Theory]
    [InlineData("3.14", 3.14)]
    [InlineData("+5", 5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("-1e3", -1000)]
    [InlineData("1E-7", 1e-7)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+INF", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("0x1p3", 8)]
    [InlineData("0X1.8", 1.5)]
    [InlineData("-0x.8p-1", -0.25)]
    [InlineData("0x1.", 1)]
    [InlineData("0x1.fffffffffffff8p0", 2)]
    [InlineData("0x1.00000000000008p0", 1)]
    [InlineData("0x1.000000000000080001p0", 1.0000000000000002)]
    [InlineData("0x1p-1074", double.Epsilon)]
    [InlineData("0x1.8p-1075", double.Epsilon)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4.9e-324", double.Epsilon)]
    [InlineData("0e99999999999", 0)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("9007199254740992.9999999999999999999999", 9007199254740992)]
    public void Forms_of_strtod_are_read(string text, double expected)
    {
        Assert.True(Doubles.TryParse(Encoding.ASCII.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("--1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1,5")]
    [InlineData("0x")]
    [InlineData("0x.")]
    [InlineData("0x1p")]
    [InlineData("infin")]
    [InlineData("1e309")]
    [InlineData("-1e309")]
    [InlineData("1e-400")]
    [InlineData("2e-324")]
    [InlineData("0x1p1024")]
    [InlineData("0x1p-1075")]
    [InlineData("nan")]
    [InlineData("1\0")]
    public void Other_texts_are_refused(string text) => Assert.False(Doubles.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void NaN_is_read_where_it_is_allowed()
    {
        foreach (string text in new[] { "nan", "-NAN", "+nan", "nan(12_ab)" })
        {
            Assert.True(Doubles.TryParse(Encoding.ASCII.GetBytes(text), out double value, allowNaN: true));
            Assert.True(double.IsNaN(value));
        }
        Assert.False(Doubles.TryParse("nan(1"u8, out _, allowNaN: true));
        Assert.False(Doubles.TryParse("nano"u8, out _, allowNaN: true));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1, "1")]
    [InlineData(-12, "-12")]
    [InlineData(0.1, "0.1")]
    [InlineData(3.0000000000000004, "3.0000000000000004")]
    [InlineData(1.5, "1.5")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    [InlineData(1e18, "1000000000000000000")]
    [InlineData(4611686018427387904, "4611686018427387904")]
    [InlineData(5e18, "5e+18")]
    [InlineData(1e19, "1e+19")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(0.0001234, "1.234e-4")]
    [InlineData(0.001234, "0.001234")]
    [InlineData(123.45678901, "123.45678901")]
    [InlineData(12345.678901234, "1.2345678901234e+4")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(-1.7976931348623155e-308, "-1.7976931348623155e-308")]
    public void Forms_written_are_those_of_Redis(double value, string expected)
    {
        byte[] text = new byte[Doubles.SizeMax];
        int size = Doubles.Format(value, text);
        Assert.Equal(expected, Encoding.ASCII.GetString(text, 0, size));
    }

    [Fact]
    public void Random_doubles_survive_writing_and_reading()
    {
        Random random = Seed.NewRandom();
        byte[] text = new byte[Doubles.SizeMax];
        for (int i = 0; i < 50_000; i++)
        {
            double value = i % 2 == 0
                ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                : random.NextInt64(-1_000_000_000, 1_000_000_000) / Math.Pow(10, random.Next(14));
            if (double.IsNaN(value))
            {
                continue;
            }
            int size = Doubles.Format(value, text);
            Assert.True(Doubles.TryParse(text.AsSpan(0, size), out double back));
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(back));
        }
    }

    [Fact]
    public void Random_decimals_are_read_as_the_framework_reads_them()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"{1 + (random.NextInt64() >> random.Next(63))}.{random.NextInt64() >> random.Next(63)}e{random.Next(-330, 310)}");
            double expected = double.Parse(text, CultureInfo.InvariantCulture);
            bool isNumber = double.IsFinite(expected) && expected != 0;
            Assert.Equal(isNumber, Doubles.TryParse(Encoding.ASCII.GetBytes(text), out double value));
            if (isNumber)
            {
                Assert.Equal(expected, value);
            }
        }
    }

    [Fact]
    public void Random_bytes_that_are_doubles_are_long_doubles_too()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            byte[] text = random.NextText("0123456789.eExXpP+-infNa()_"u8, 24);
            bool isDouble = Doubles.TryParse(text, out _);
            bool isExtended = Extended.TryParse(text, out _);
            Assert.True(isExtended || !isDouble);
        }
    }
}
