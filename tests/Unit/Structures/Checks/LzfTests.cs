using System.Text;
using Bixbite.Structures.Checks;
using Xunit;

namespace Bixbite.Unit.Structures.Checks;

/// <summary>The compressed texts are from DUMP of redis-server 7.0.15.</summary>
public sealed class LzfTests
{
    [Theory]
    [InlineData("abcabcabcabcabcabcabcabcabcabcabcabcabc", "0361626361e01802016263")]
    [InlineData("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "016262e01300016262")]
    public void Texts_compress_as_in_Redis(string text, string expected)
    {
        byte[] source = Encoding.ASCII.GetBytes(text);
        byte[] compressed = new byte[source.Length - 4];
        int size = new LzfCompressor().Compress(source, compressed);
        Assert.Equal(expected, Convert.ToHexStringLower(compressed.AsSpan(0, size)));
        byte[] back = new byte[source.Length];
        Assert.Equal(source.Length, Lzf.Decompress(compressed.AsSpan(0, size), back));
        Assert.Equal(source, back);
    }

    [Fact]
    public void A_thousand_equal_bytes_compress_as_in_Redis()
    {
        byte[] source = Enumerable.Repeat((byte)'x', 1000).ToArray();
        byte[] compressed = new byte[source.Length - 4];
        int size = new LzfCompressor().Compress(source, compressed);
        Assert.Equal("017878e0ff00e0ff00e0ff00e0c300017878", Convert.ToHexStringLower(compressed.AsSpan(0, size)));
    }

    [Theory]
    [InlineData("02616263", 2)]
    [InlineData("0261", 9)]
    [InlineData("2000", 9)]
    [InlineData("016161200a", 9)]
    [InlineData("016161e0", 99)]
    [InlineData("016161e000", 99)]
    [InlineData("016161e0ff00", 99)]
    [InlineData("01616120", 99)]
    public void Malformed_texts_and_small_destinations_give_nothing(string compressed, int room) =>
        Assert.Equal(0, Lzf.Decompress(Convert.FromHexString(compressed), new byte[room]));

    [Fact]
    public void Texts_that_do_not_fit_give_nothing()
    {
        LzfCompressor compressor = new();
        byte[] noise = new Random(1).NextBytes(100);
        Assert.Equal(0, compressor.Compress(noise, new byte[96]));
        Assert.Equal(0, compressor.Compress(noise, default));
        Assert.Equal(0, compressor.Compress(default, new byte[10]));
        Assert.Equal(104, compressor.Compress(noise, new byte[110]));
    }

    [Fact]
    public void Random_texts_survive_in_any_room()
    {
        Random random = Seed.NewRandom();
        LzfCompressor compressor = new();
        for (int i = 0; i < 5_000; i++)
        {
            byte[] source = NextCompressible(random, 600);
            byte[] compressed = new byte[random.Next(source.Length + 60)];
            int size = compressor.Compress(source, compressed);
            if (i % 50 == 0)
            {
                Assert.Equal(size, new LzfCompressor().Compress(source, compressed));
            }
            if (size == 0)
            {
                continue;
            }
            byte[] back = new byte[source.Length];
            Assert.Equal(source.Length, Lzf.Decompress(compressed.AsSpan(0, size), back));
            Assert.Equal(source, back);
        }
    }

    [Fact]
    public void Random_bytes_decompress_as_the_naive_reader_says()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            byte[] source = random.NextText([0, 1, 2, 3, 0x1F, 0x20, 0x21, 0x40, 0xE0, 0xE1, 0xFF, 0x80], 24);
            byte[] destination = new byte[random.Next(300)];
            List<byte>? expected = Decompress(source, destination.Length);
            int size = Lzf.Decompress(source, destination);
            Assert.Equal(expected?.Count ?? 0, size);
            if (expected is not null)
            {
                Assert.True(destination.AsSpan(0, size).SequenceEqual(expected.ToArray()));
            }
        }
    }

    private static byte[] NextCompressible(Random random, int sizeMax)
    {
        List<byte> text = [];
        int size = random.Next(1, sizeMax);
        while (text.Count < size)
        {
            if (text.Count > 0 && random.Next(2) == 0)
            {
                int start = random.Next(text.Count);
                text.AddRange(text.GetRange(start, random.Next(text.Count - start + 1)));
            }
            text.AddRange(random.NextText("abcdefgh"u8, 12));
        }
        return [.. text];
    }

    private static List<byte>? Decompress(byte[] source, int room)
    {
        Queue<byte> rest = new(source);
        List<byte> text = [];
        while (rest.TryDequeue(out byte control))
        {
            if (control < 32)
            {
                if (rest.Count < control + 1)
                {
                    return null;
                }
                for (int i = 0; i <= control; i++)
                {
                    text.Add(rest.Dequeue());
                }
            }
            else
            {
                int size = 2 + (control >> 5);
                if (size == 9 && rest.TryDequeue(out byte more))
                {
                    size += more;
                }
                if (!rest.TryDequeue(out byte low))
                {
                    return null;
                }
                int from = text.Count - ((control & 31) << 8) - low - 1;
                if (from < 0)
                {
                    return null;
                }
                for (int i = 0; i < size; i++)
                {
                    text.Add(text[from + i]);
                }
            }
            if (text.Count > room)
            {
                return null;
            }
        }
        return text;
    }
}
