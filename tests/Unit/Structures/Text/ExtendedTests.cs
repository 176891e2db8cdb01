using System.Globalization;
using System.Numerics;
using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

/// <summary>The sums were found by running INCRBYFLOAT on redis-server 7.0.15 on x86-64.</summary>
public sealed class ExtendedTests
{
    [Theory]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("10.50", "0.1", "10.6")]
    [InlineData("5.0e3", "2.0e2", "5200")]
    [InlineData("3.0", "1.1", "4.1")]
    [InlineData("0", "1e-17", "0.00000000000000001")]
    [InlineData("0", "5e-18", "0")]
    [InlineData("0", "4.9e-18", "0")]
    [InlineData("1", "1e-19", "1")]
    [InlineData("1.1", "-1.1", "0")]
    [InlineData("0", "-0", "0")]
    [InlineData("-0.000000000000000001", "0", "0")]
    [InlineData("9223372036854775807", "1", "9223372036854775808")]
    [InlineData("18446744073709551615", "1", "18446744073709551616")]
    [InlineData("18446744073709551615", "0.5", "18446744073709551616")]
    [InlineData("1e20", "1", "100000000000000000000")]
    [InlineData("123456789012345678901234567890", "1", "123456789012345678899921813504")]
    [InlineData("0.3333333333333333333", "0.3333333333333333333", "0.66666666666666667")]
    [InlineData("1.2345678901234567890123456789", "0", "1.23456789012345679")]
    [InlineData("99999999999999999.99", "0.01", "100000000000000000")]
    [InlineData("17179869184", "0.00000000000000001", "17179869184")]
    [InlineData("0x1.8p1", "0x.8", "3.5")]
    [InlineData("+5", ".5", "5.5")]
    [InlineData("5.", "-7", "-2")]
    [InlineData("1e-4940", "0", "0")]
    [InlineData("4611686018427387904.5", "0.25", "4611686018427387905")]
    [InlineData("2.5", "-9.99999999999999999", "-7.49999999999999999")]
    [InlineData("0.99999999999999999", "0.00000000000000001", "1")]
    [InlineData("0.999999999999999999", "0", "1")]
    [InlineData("-123.456", "1e-3", "-123.455")]
    [InlineData("3.14159265358979323846", "2.71828182845904523536", "5.85987448204883847")]
    [InlineData("1000000000000000000000", "-0.1", "1000000000000000000000")]
    [InlineData("7.0000000000000000001", "-7", "0")]
    [InlineData("0.1e-1", "1e1", "10.01")]
    [InlineData("-12345678901234567.8", "0.05", "-12345678901234567.75")]
    [InlineData("inf", "1", "inf")]
    [InlineData("inf", "-inf", "nan")]
    [InlineData("-inf", "-inf", "-inf")]
    [InlineData("1.1e4932", "1.1e4932", "inf")]
    public void Sums_are_those_of_the_long_double(string left, string right, string expected)
    {
        Extended sum = Parse(left) + Parse(right);
        Assert.Equal(expected, Format(sum));
        Assert.Equal(expected is not ("inf" or "-inf" or "nan"), sum.IsFinite);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("nan")]
    [InlineData("1e5000")]
    [InlineData("1e-5000")]
    [InlineData("0x1p16384")]
    [InlineData("0x1p-16446")]
    [InlineData("1e")]
    [InlineData("0x")]
    [InlineData("1,5")]
    [InlineData("abc")]
    [InlineData("--1")]
    public void Texts_refused(string text) => Assert.False(Extended.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Large_numbers_are_printed_in_full()
    {
        string text = Format(Parse("1e4000"));
        Assert.Equal(4000, text.Length);
        Assert.StartsWith("9999999999999999999965463873099623784932", text, StringComparison.Ordinal);
        Assert.EndsWith("9901340672", text, StringComparison.Ordinal);
        Assert.Equal(309, Format(Parse("1.7976931348623157e308") + Parse("1.7976931348623157e308")).Length);
        Assert.True(Format(Parse("-0x1.fffffffffffffffep16383")).Length <= Extended.FormatSizeMax);
    }

    [Fact]
    public void Numbers_end_where_the_size_does()
    {
        Assert.True(Extended.TryParse(Enumerable.Repeat((byte)'0', Extended.ParseSizeMax).ToArray(), out _));
        Assert.False(Extended.TryParse(Enumerable.Repeat((byte)'0', Extended.ParseSizeMax + 1).ToArray(), out _));
    }

    [Fact]
    public void Subnormal_numbers_add_exactly()
    {
        Extended tiny = Parse("0x1p-16445");
        Extended sum = tiny + tiny + Parse("-0x1p-16444");
        Assert.Equal("0", Format(sum));
        Assert.Equal("1", Format(Parse("1") + Parse("-0x1p-16400") + Parse("0x1p-16400")));
    }

    [Fact]
    public void Integers_convert_exactly()
    {
        foreach (long value in new[] { 0, 1, -1, long.MaxValue, long.MinValue })
        {
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Format(value));
        }
    }

    /// <summary>Below 46 the error of 64 bits is smaller than half of the 17th place, so decimals add as people do.</summary>
    [Fact]
    public void Random_sums_of_short_decimals_are_exact()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 20_000; i++)
        {
            int places = random.Next(16);
            long limit = 10 * (long)Math.Pow(10, places);
            long left = random.NextInt64(-limit, limit);
            long right = random.NextInt64(-limit, limit);
            Extended sum = Parse(Decimal(left, places)) + Parse(Decimal(right, places));
            string expected = Decimal(left + right, places);
            if (places > 0)
            {
                expected = expected.TrimEnd('0').TrimEnd('.');
            }
            Assert.Equal(expected == "-0" ? "0" : expected, Format(sum));
        }
    }

    /// <summary>Zeros make it more digits than the quick way reads, and change nothing else.</summary>
    [Fact]
    public void Random_numbers_read_alike_quickly_and_slowly()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 20_000; i++)
        {
            long digits = random.NextInt64() >> random.Next(63);
            int power = random.Next(-27, 28);
            Extended quick = Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}e{power}"));
            string zeros = new('0', 40);
            Extended slow = Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}{zeros}e{power - 40}"));
            Assert.Equal(quick, slow);
        }
    }

    private static string Decimal(long value, int places)
    {
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        string text = places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}";
        return value < 0 ? "-" + text : text;
    }

    private static Extended Parse(string text)
    {
        Assert.True(Extended.TryParse(Encoding.ASCII.GetBytes(text), out Extended value), text);
        return value;
    }

    private static string Format(Extended value)
    {
        byte[] text = new byte[Extended.FormatSizeMax];
        return Encoding.ASCII.GetString(text, 0, value.Format(text));
    }
}
