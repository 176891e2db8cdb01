using System.Text;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

/// <summary>A listpack as a list of texts, and random changes to both.</summary>
internal sealed class ListpackModel
{
    private const int CountMax = 300;

    public List<byte[]> Texts { get; } = [];

    public void Change(Random random, PackedBlock block, bool growing)
    {
        int index = random.Next(Texts.Count + 1);
        int offset = index < Texts.Count ? Listpack.Seek(block.Pack, index) : Listpack.EndOffset(block.Pack);
        int kind = random.Next(growing ? 9 : 14);
        if (kind < 7 && Texts.Count < CountMax)
        {
            Add(random, block, index, offset, kind);
        }
        else if (kind < 9 && index < Texts.Count)
        {
            Replace(random, block, index, offset);
        }
        else
        {
            Remove(random, block, index, offset);
        }
    }

    public void AssertSame(ReadOnlySpan<byte> pack)
    {
        Assert.True(Listpack.IsValid(pack, out int count));
        Assert.Equal(Texts.Count, count);
        Assert.Equal(Texts.Count, Listpack.Count(pack));
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        int offset = Listpack.First(pack);
        for (int i = 0; i < Texts.Count; i++, offset = Listpack.Next(pack, offset))
        {
            Assert.Equal(Texts[i], Listpack.At(pack, offset).Text(scratch).ToArray());
            Assert.Equal(Integers.TryParse(Texts[i], out long _), Listpack.At(pack, offset).IsInteger);
            Assert.Equal(offset, Listpack.Seek(pack, i));
            Assert.Equal(offset, Listpack.Seek(pack, i - Texts.Count));
        }
        Assert.Equal(0, offset);
        offset = Listpack.Last(pack);
        for (int i = Texts.Count - 1; i >= 0; i--, offset = Listpack.Previous(pack, offset))
        {
            Assert.True(Listpack.At(pack, offset).Equals(Texts[i]));
        }
        Assert.Equal(0, offset);
        Assert.Equal(0, Listpack.Seek(pack, Texts.Count));
        Assert.Equal(0, Listpack.Seek(pack, -Texts.Count - 1));
    }

    public void AssertFinds(ReadOnlySpan<byte> pack, Random random)
    {
        byte[] sought = random.Next(3) == 0 ? NextText(random) : Texts[random.Next(Texts.Count)];
        int from = random.Next(2) * random.Next(Texts.Count);
        int skip = random.Next(3);
        int expected = from;
        while (expected < Texts.Count && !Texts[expected].AsSpan().SequenceEqual(sought))
        {
            expected += skip + 1;
        }
        int found = Listpack.Find(pack, Listpack.Seek(pack, from), sought, skip);
        Assert.Equal(expected < Texts.Count ? Listpack.Seek(pack, expected) : 0, found);
    }

    private void Add(Random random, PackedBlock block, int index, int offset, int kind)
    {
        byte[] text = NextText(random);
        switch (kind)
        {
            case 0:
                Listpack.Append(block.Tail, text);
                Texts.Add(text);
                break;
            case 1:
                Listpack.Prepend(block.Tail, text);
                Texts.Insert(0, text);
                break;
            case 2:
                byte[] second = NextText(random);
                Listpack.InsertPair(block.Tail, offset, text, second);
                Texts.InsertRange(index, [text, second]);
                break;
            case 3:
                long value = NextInteger(random);
                Listpack.Insert(block.Tail, offset, value);
                Texts.Insert(index, Encoding.ASCII.GetBytes($"{value}"));
                break;
            default:
                Listpack.Insert(block.Tail, offset, text);
                Texts.Insert(index, text);
                break;
        }
    }

    private void Replace(Random random, PackedBlock block, int index, int offset)
    {
        Texts[index] = NextText(random);
        Listpack.Replace(block.Tail, offset, Texts[index]);
    }

    private void Remove(Random random, PackedBlock block, int index, int offset)
    {
        int count = random.Next(4) == 0 ? random.Next(20) : 1;
        Listpack.Remove(block.Tail, offset, count);
        Texts.RemoveRange(index, Math.Min(count, Texts.Count - index));
    }

    private static byte[] NextText(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return random.NextBytes(random.Next(3) == 0 ? random.Next(5000) : random.Next(130));
            case 1:
            case 2:
                return Encoding.ASCII.GetBytes($"{NextInteger(random)}");
            case 3:
                return random.NextText("-0123"u8, 4);
            case 4:
                return Encoding.ASCII.GetBytes($"field:{random.Next(50)}");
            default:
                return random.NextText("ab\0"u8, 14);
        }
    }

    private static long NextInteger(Random random)
    {
        long value = random.NextInt64() >> random.Next(64);
        return random.Next(2) == 0 ? value : -value;
    }
}
