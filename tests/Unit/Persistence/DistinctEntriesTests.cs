using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Checks;
using Xunit;
using static Bixbite.Unit.Persistence.Bodies;

namespace Bixbite.Unit.Persistence;

/// <summary>What is found out of packed values and strings before they are taken, beside naive answers.</summary>
public sealed class DistinctEntriesTests
{
    [Fact]
    public void Entries_are_distinct_where_their_texts_are()
    {
        const int seed = 5;
        Random random = new(seed);
        int distinctCount = 0;
        for (int round = 0; round < 20_000; round++)
        {
            int stride = random.Next(1, 4);
            string[] texts = [.. Enumerable.Range(0, random.Next(14) * stride).Select(_ => Text(random))];
            byte[] pack = Pack(texts);
            bool isDistinct = texts.Where((_, i) => i % stride == 0).Distinct().Count() == texts.Length / stride;
            Assert.Equal(isDistinct, DistinctEntries.AreIn(pack, texts.Length, stride, (ulong)random.NextInt64()));
            distinctCount += isDistinct ? 1 : 0;
        }
        Assert.InRange(distinctCount, 4000, 16_000);
    }

    [Fact]
    public void The_length_of_the_next_string_is_told_where_it_is_cheap()
    {
        for (int length = 0; length < 20_000; length = length < 600 ? length + 1 : length + 997)
        {
            byte[] random = new byte[length];
            new Random(length).NextBytes(random);
            Check(random, length < 1 << 14);
            Check(Encoding.ASCII.GetBytes(new string('a', length)), length < 1 << 14);
            Check(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)), isKnown: false);
        }
        for (int size = 0; size < 5; size++)
        {
            Assert.Equal(0, new RdbReader(new byte[size], new RdbScratch(), lengthMax: 100).LengthAhead());
        }
    }

    private static void Check(byte[] text, bool isKnown)
    {
        var target = new ArrayBufferWriter<byte>();
        new RdbWriter(target, new LzfCompressor()).String(text);
        target.Write("behind"u8);
        var reader = new RdbReader(target.WrittenSpan, new RdbScratch(), lengthMax: 100_000);
        int length = reader.LengthAhead();
        Assert.True(length == 0 || length == reader.Text().Length, $"{length} instead of {text.Length}");
        Assert.True(!isKnown || length == text.Length, $"{length} instead of {text.Length}");
    }

    private static string Text(Random random) => random.Next(3) switch
    {
        0 => random.Next(-20, 20).ToString(CultureInfo.InvariantCulture),
        1 => new string((char)('a' + random.Next(20)), random.Next(3)),
        _ => $"text{random.Next(40)}",
    };
}
