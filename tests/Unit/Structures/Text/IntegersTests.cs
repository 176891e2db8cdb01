using System.Globalization;
using System.Numerics;
using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class IntegersTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("10", 10)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Canonical_texts_are_numbers(string text, long expected)
    {
        Assert.True(Integers.TryParse(Encoding.ASCII.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1a")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("000000000000000000000")]
    [InlineData("100000000000000000000")]
    public void Other_texts_are_not(string text) => Assert.False(Integers.TryParse(Encoding.ASCII.GetBytes(text), out long _));

    [Fact]
    public void Unsigned_numbers_reach_their_own_limit()
    {
        Assert.True(Integers.TryParse("18446744073709551615"u8, out ulong value));
        Assert.Equal(ulong.MaxValue, value);
        Assert.False(Integers.TryParse("18446744073709551616"u8, out ulong _));
        Assert.False(Integers.TryParse("-1"u8, out ulong _));
    }

    [Theory]
    [InlineData("007", 7UL)]
    [InlineData(" +7", 7UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("-0", 0UL)]
    [InlineData("-01", ulong.MaxValue)]
    [InlineData("00", 0UL)]
    public void Loose_reading_takes_what_strtoull_takes(string text, ulong expected)
    {
        Assert.True(Integers.TryParseLoose(Encoding.ASCII.GetBytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("1x")]
    [InlineData("+-1")]
    [InlineData("018446744073709551616")]
    public void Loose_reading_has_limits(string text) => Assert.False(Integers.TryParseLoose(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("64mb", 64UL << 20)]
    [InlineData("1k", 1000UL)]
    [InlineData("1KB", 1024UL)]
    [InlineData("3M", 3_000_000UL)]
    [InlineData("1g", 1_000_000_000UL)]
    [InlineData("2Gb", 2UL << 30)]
    [InlineData("100", 100UL)]
    [InlineData("100b", 100UL)]
    [InlineData("007b", 7UL)]
    [InlineData("", 0UL)]
    [InlineData("mb", 0UL)]
    [InlineData("99999999999999999999", ulong.MaxValue)]
    [InlineData("18446744073709551615k", ulong.MaxValue - 999)]
    public void Memory_has_units(string text, ulong expected)
    {
        Assert.True(Integers.TryParseMemory(Encoding.ASCII.GetBytes(text), out ulong byteCount));
        Assert.Equal(expected, byteCount);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 mb")]
    [InlineData("1tb")]
    [InlineData("1.5gb")]
    [InlineData("mb1")]
    public void Memory_has_no_other_forms(string text) => Assert.False(Integers.TryParseMemory(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Every_digit_count_is_written_and_read_back()
    {
        BigInteger power = 1;
        for (int digits = 1; digits <= 20; digits++, power *= 10)
        {
            foreach (BigInteger near in new[] { power - 1, power, power + 1 })
            {
                if (near <= long.MaxValue)
                {
                    CheckSigned((long)near);
                    CheckSigned(-(long)near);
                }
                CheckUnsigned((ulong)BigInteger.Min(near, ulong.MaxValue));
            }
        }
        CheckSigned(long.MinValue);
        CheckUnsigned(ulong.MaxValue);
    }

    [Fact]
    public void Random_numbers_are_written_as_the_framework_writes_them()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 20_000; i++)
        {
            ulong number = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            CheckUnsigned(number);
            CheckSigned((long)number);
            CheckSigned(-(long)(number >> 1));
        }
    }

    [Fact]
    public void Random_texts_are_numbers_exactly_if_they_are_what_writing_gives()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = random.NextText("0123456789-"u8, 21);
            string letters = Encoding.ASCII.GetString(text);
            bool isNumber = BigInteger.TryParse(letters, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
                && number >= long.MinValue && number <= long.MaxValue && number.ToString(CultureInfo.InvariantCulture) == letters;
            Assert.Equal(isNumber, Integers.TryParse(text, out long value));
            if (isNumber)
            {
                Assert.Equal((long)number, value);
            }
        }
    }

    private static void CheckSigned(long number)
    {
        byte[] text = new byte[Integers.SizeMax];
        int size = Integers.Format(number, text);
        Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text, 0, size));
        Assert.Equal(size, Integers.SizeOf(number));
        Assert.True(Integers.TryParse(text.AsSpan(0, size), out long back));
        Assert.Equal(number, back);
    }

    private static void CheckUnsigned(ulong number)
    {
        byte[] text = new byte[Integers.SizeMax];
        int size = Integers.Format(number, text);
        Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text, 0, size));
        Assert.Equal(size, Integers.SizeOf(number));
        Assert.True(Integers.TryParse(text.AsSpan(0, size), out ulong back));
        Assert.Equal(number, back);
    }
}
