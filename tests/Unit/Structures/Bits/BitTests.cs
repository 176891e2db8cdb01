using Bixbite.Structures.Bits;
using Xunit;

namespace Bixbite.Unit.Structures.Bits;

public sealed class BitTests
{
    /// <summary>Strategy of one source list for the tests.</summary>
    private readonly struct Sources(byte[][] texts) : IBitSources
    {
        public int Count => texts.Length;

        public ReadOnlySpan<byte> this[int index] => texts[index];
    }

    /// <summary>Found with BITCOUNT on redis-server 7.0.15.</summary>
    [Theory]
    [InlineData(0, -1, false, 26)]
    [InlineData(0, 0, false, 4)]
    [InlineData(1, 1, false, 6)]
    [InlineData(1, 1, true, 1)]
    [InlineData(5, 30, true, 17)]
    [InlineData(-5, -9, true, 0)]
    [InlineData(-50, -90, false, 0)]
    [InlineData(3, 100, false, 10)]
    [InlineData(100, 200, false, 0)]
    public void Bits_of_foobar_are_counted(long start, long end, bool isInBits, long expected)
    {
        BitRange range = BitRange.Resolve(start, end, isInBits, 6, isReversedEmpty: true);
        Assert.Equal(expected, BitCount.Count("foobar"u8, range));
    }

    [Fact]
    public void Ranges_are_cut_to_the_text()
    {
        Assert.Equal(new BitRange(0, 7), BitRange.Resolve(-50, -90, false, 6, isReversedEmpty: false));
        Assert.True(BitRange.Resolve(0, -1, false, 0, isReversedEmpty: false).IsEmpty);
        Assert.True(BitRange.Resolve(long.MaxValue, long.MaxValue, true, 6, isReversedEmpty: false).IsEmpty);
        Assert.Equal(BitRange.Whole(6), BitRange.Resolve(long.MinValue, long.MaxValue, true, 6, isReversedEmpty: false));
        Assert.True(BitRange.Whole(0).IsEmpty);
    }

    [Fact]
    public void Random_ranges_are_counted_and_scanned_bit_by_bit()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 5_000; i++)
        {
            byte[] text = NextBits(random, random.Next(1, i % 10 == 0 ? 2_000 : 40));
            long first = random.NextInt64(text.Length * 8L);
            BitRange range = new(first, random.NextInt64(first, text.Length * 8L));
            long count = 0;
            long firstSet = -1;
            long firstClear = -1;
            for (long bit = range.First; bit <= range.Last; bit++)
            {
                bool isSet = GetBit(text, bit);
                count += isSet ? 1 : 0;
                if (isSet && firstSet < 0)
                {
                    firstSet = bit;
                }
                if (!isSet && firstClear < 0)
                {
                    firstClear = bit;
                }
            }
            Assert.Equal(count, BitCount.Count(text, range));
            Assert.Equal(firstSet, BitScan.Find(text, range, isSet: true));
            Assert.Equal(firstClear, BitScan.Find(text, range, isSet: false));
        }
    }

    [Fact]
    public void Empty_ranges_have_nothing()
    {
        Assert.Equal(0, BitCount.Count("abc"u8, BitRange.Empty));
        Assert.Equal(-1, BitScan.Find("abc"u8, BitRange.Empty, isSet: true));
        Assert.Equal(-1, BitScan.Find("abc"u8, BitRange.Empty, isSet: false));
        Assert.Equal(0, BitCount.Count(default));
    }

    [Theory]
    [InlineData(BitOperation.And, "f00c,3cff,ffff", "300c")]
    [InlineData(BitOperation.Or, "f0,0f01", "ff01")]
    [InlineData(BitOperation.Xor, "ff,0f,01ff", "f1ff")]
    [InlineData(BitOperation.Not, "f001", "0ffe")]
    [InlineData(BitOperation.Diff, "ffff,0f,0100", "f0ff")]
    [InlineData(BitOperation.Diff1, "0f,ff80,01", "f080")]
    [InlineData(BitOperation.AndOr, "ff0f,11,0203", "1303")]
    [InlineData(BitOperation.One, "0f,3301,55", "6801")]
    [InlineData(BitOperation.One, "0f", "0f")]
    [InlineData(BitOperation.And, "ff,", "00")]
    [InlineData(BitOperation.Diff1, ",ff", "ff")]
    public void Operations(BitOperation operation, string sources, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(Combine(operation, [.. sources.Split(',').Select(Convert.FromHexString)])));

    [Fact]
    public void Random_texts_combine_byte_by_byte()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 500; i++)
        {
            BitOperation operation = (BitOperation)random.Next(8);
            int count = operation == BitOperation.Not ? 1 : random.Next(1, 6);
            byte[][] sources = new byte[count][];
            for (int s = 0; s < count; s++)
            {
                sources[s] = NextBits(random, random.Next(i % 50 == 0 ? 10_000 : 100));
            }
            byte[] result = Combine(operation, sources);
            int cut = random.Next(result.Length + 1);
            byte[] pieces = new byte[result.Length];
            BitCombine.Combine(operation, new Sources(sources), pieces.AsSpan(0, cut));
            BitCombine.Combine(operation, new Sources(sources), pieces.AsSpan(cut), from: cut);
            Assert.Equal(result, pieces);
            for (int at = 0; at < result.Length; at++)
            {
                byte[] column = [.. sources.Select(source => at < source.Length ? source[at] : (byte)0)];
                Assert.Equal(CombineColumn(operation, column), result[at]);
            }
        }
    }

    private static byte[] Combine(BitOperation operation, byte[][] sources)
    {
        byte[] result = new byte[sources.Max(source => source.Length)];
        Array.Fill(result, (byte)0xAA);
        BitCombine.Combine(operation, new Sources(sources), result);
        return result;
    }

    private static byte CombineColumn(BitOperation operation, byte[] column)
    {
        int result = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            bool x = (column[0] >> bit & 1) != 0;
            int others = column.Skip(1).Count(value => (value >> bit & 1) != 0);
            int all = others + (x ? 1 : 0);
            bool isSet = operation switch
            {
                BitOperation.And => all == column.Length,
                BitOperation.Or => all > 0,
                BitOperation.Xor => all % 2 == 1,
                BitOperation.Not => !x,
                BitOperation.Diff => x && others == 0,
                BitOperation.Diff1 => !x && others > 0,
                BitOperation.AndOr => x && others > 0,
                _ => all == 1,
            };
            result |= isSet ? 1 << bit : 0;
        }
        return (byte)result;
    }

    /// <summary>Bytes with long runs of equal bits among them.</summary>
    private static byte[] NextBits(Random random, int size)
    {
        byte[] bytes = random.NextBytes(size);
        int start = random.Next(size + 1);
        bytes.AsSpan(start, random.Next(size - start + 1)).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
        return bytes;
    }

    private static bool GetBit(byte[] text, long bit) => (text[bit >> 3] >> (int)(7 - (bit & 7)) & 1) != 0;
}
