using System.Numerics;
using System.Text;
using Bixbite.Structures.Bits;
using Xunit;

namespace Bixbite.Unit.Structures.Bits;

public sealed class BitFieldTests
{
    private static readonly BitFieldType s_signed8 = new(true, 8);
    private static readonly BitFieldType s_unsigned8 = new(false, 8);

    [Theory]
    [InlineData("i1", true, 1)]
    [InlineData("i64", true, 64)]
    [InlineData("u1", false, 1)]
    [InlineData("u63", false, 63)]
    public void Types(string text, bool isSigned, int bitCount)
    {
        Assert.True(BitFieldType.TryParse(Encoding.ASCII.GetBytes(text), out BitFieldType type));
        Assert.Equal(new BitFieldType(isSigned, bitCount), type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("u64")]
    [InlineData("i65")]
    [InlineData("i0")]
    [InlineData("I8")]
    [InlineData("8")]
    [InlineData("i08")]
    [InlineData("i-1")]
    public void Other_texts_are_no_types(string text) => Assert.False(BitFieldType.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Limits_are_those_of_the_type()
    {
        Assert.Equal((-128L, 127L), (s_signed8.Min, s_signed8.Max));
        Assert.Equal((0L, 255L), (s_unsigned8.Min, s_unsigned8.Max));
        Assert.Equal((long.MinValue, long.MaxValue), (new BitFieldType(true, 64).Min, new BitFieldType(true, 64).Max));
        Assert.Equal((-1L, 0L), (new BitFieldType(true, 1).Min, new BitFieldType(true, 1).Max));
        Assert.Equal(long.MaxValue, new BitFieldType(false, 63).Max);
    }

    /// <summary>Found with BITFIELD on redis-server 7.0.15; fails are null.</summary>
    [Theory]
    [InlineData(true, 8, 300, BitFieldOverflow.Wrap, 44L)]
    [InlineData(true, 8, 300, BitFieldOverflow.Saturate, 127L)]
    [InlineData(true, 8, -300, BitFieldOverflow.Saturate, -128L)]
    [InlineData(true, 8, 128, BitFieldOverflow.Wrap, -128L)]
    [InlineData(true, 8, long.MinValue, BitFieldOverflow.Saturate, 127L)]
    [InlineData(true, 8, -9223372036854775700, BitFieldOverflow.Saturate, 127L)]
    [InlineData(true, 8, -9223372036854775600, BitFieldOverflow.Saturate, -128L)]
    [InlineData(false, 8, -1, BitFieldOverflow.Saturate, 255L)]
    [InlineData(false, 8, -1, BitFieldOverflow.Wrap, 255L)]
    [InlineData(false, 8, 256, BitFieldOverflow.Fail, null)]
    [InlineData(false, 8, 255, BitFieldOverflow.Fail, 255L)]
    [InlineData(true, 64, long.MinValue, BitFieldOverflow.Fail, long.MinValue)]
    public void Values_are_made_to_fit(bool isSigned, int bitCount, long value, BitFieldOverflow overflow, long? expected)
    {
        bool fits = BitField.TryFit(new BitFieldType(isSigned, bitCount), value, overflow, out long fitted);
        Assert.Equal(expected, fits ? fitted : null);
    }

    [Theory]
    [InlineData(true, 8, 127, 1, BitFieldOverflow.Wrap, -128L)]
    [InlineData(true, 8, 127, 1, BitFieldOverflow.Saturate, 127L)]
    [InlineData(true, 8, -128, -1, BitFieldOverflow.Saturate, -128L)]
    [InlineData(true, 8, 127, 1, BitFieldOverflow.Fail, null)]
    [InlineData(false, 8, 255, 1, BitFieldOverflow.Wrap, 0L)]
    [InlineData(false, 8, 0, -1, BitFieldOverflow.Wrap, 255L)]
    [InlineData(false, 8, 0, -1, BitFieldOverflow.Saturate, 0L)]
    [InlineData(false, 63, long.MaxValue, long.MaxValue, BitFieldOverflow.Wrap, long.MaxValue - 1)]
    [InlineData(true, 64, long.MaxValue, 1, BitFieldOverflow.Wrap, long.MinValue)]
    [InlineData(true, 64, long.MinValue, -1, BitFieldOverflow.Fail, null)]
    [InlineData(true, 64, long.MinValue, long.MaxValue, BitFieldOverflow.Fail, -1L)]
    public void Sums_are_made_to_fit(bool isSigned, int bitCount, long value, long increment, BitFieldOverflow overflow, long? expected)
    {
        bool fits = BitField.TryAdd(new BitFieldType(isSigned, bitCount), value, increment, overflow, out long sum);
        Assert.Equal(expected, fits ? sum : null);
    }

    [Fact]
    public void A_field_lies_where_the_picture_shows_it()
    {
        byte[] bytes = new byte[2];
        BitField.Set(bytes, 7, new BitFieldType(false, 5), 23);
        Assert.Equal([0b0000_0001, 0b0111_0000], bytes);
    }

    [Fact]
    public void Bits_beyond_the_text_read_as_zero()
    {
        Assert.Equal(0xF0, BitField.Get([0xFF], 4, s_unsigned8));
        Assert.Equal(0, BitField.Get([0xFF], 8, s_unsigned8));
        Assert.Equal(0, BitField.Get(default, long.MaxValue, s_signed8));
    }

    [Fact]
    public void Random_fields_are_bits_of_one_large_number()
    {
        Random random = Seed.NewRandom();
        byte[] bytes = new byte[20];
        BigInteger model = BigInteger.Zero;
        for (int i = 0; i < 20_000; i++)
        {
            bool isSigned = random.Next(2) == 0;
            BitFieldType type = new(isSigned, random.Next(1, isSigned ? 65 : 64));
            int offset = random.Next((bytes.Length * 8) - type.BitCount + 1);
            int shift = (bytes.Length * 8) - offset - type.BitCount;
            BigInteger mask = (BigInteger.One << type.BitCount) - 1;

            BigInteger field = model >> shift & mask;
            if (isSigned && field >> (type.BitCount - 1) != 0)
            {
                field -= BigInteger.One << type.BitCount;
            }
            Assert.Equal((long)field, BitField.Get(bytes, offset, type));

            long value = random.NextInt64(long.MinValue, long.MaxValue);
            BitField.Set(bytes, offset, type, value);
            model = (model & ~(mask << shift)) | ((value & mask) << shift);
            Assert.Equal(model, new BigInteger(bytes, isUnsigned: true, isBigEndian: true));
        }
    }
}
