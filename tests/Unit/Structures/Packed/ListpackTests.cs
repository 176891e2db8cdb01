using System.Text;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

public sealed class ListpackTests
{
    [Fact]
    public void IsByteForByteWhatRedisWrites()
    {
        using var block = PackedBlock.OfListpack();
        Assert.Equal([7, 0, 0, 0, 0, 0, 0xFF], block.Pack.ToArray());

        foreach (string text in new[] { "hello", "1024", "", "-1", "127", "128", "-0", "70000" })
        {
            Listpack.Append(block.Tail, Encoding.ASCII.GetBytes(text));
        }
        Assert.Equal(
            [
                36, 0, 0, 0, 8, 0,
                0x85, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o', 6,
                0xC4, 0x00, 2,
                0x80, 1,
                0xDF, 0xFF, 2,
                0x7F, 1,
                0xC0, 0x80, 2,
                0x82, (byte)'-', (byte)'0', 3,
                0xF2, 0x70, 0x11, 0x01, 4,
                0xFF,
            ],
            block.Pack.ToArray());
    }

    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(127, new byte[] { 0x7F })]
    [InlineData(128, new byte[] { 0xC0, 0x80 })]
    [InlineData(-1, new byte[] { 0xDF, 0xFF })]
    [InlineData(4095, new byte[] { 0xCF, 0xFF })]
    [InlineData(-4096, new byte[] { 0xD0, 0x00 })]
    [InlineData(4096, new byte[] { 0xF1, 0x00, 0x10 })]
    [InlineData(-4097, new byte[] { 0xF1, 0xFF, 0xEF })]
    [InlineData(32767, new byte[] { 0xF1, 0xFF, 0x7F })]
    [InlineData(-32768, new byte[] { 0xF1, 0x00, 0x80 })]
    [InlineData(32768, new byte[] { 0xF2, 0x00, 0x80, 0x00 })]
    [InlineData(-32769, new byte[] { 0xF2, 0xFF, 0x7F, 0xFF })]
    [InlineData(8388607, new byte[] { 0xF2, 0xFF, 0xFF, 0x7F })]
    [InlineData(-8388608, new byte[] { 0xF2, 0x00, 0x00, 0x80 })]
    [InlineData(8388608, new byte[] { 0xF3, 0x00, 0x00, 0x80, 0x00 })]
    [InlineData(-8388609, new byte[] { 0xF3, 0xFF, 0xFF, 0x7F, 0xFF })]
    [InlineData(int.MaxValue, new byte[] { 0xF3, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(int.MinValue, new byte[] { 0xF3, 0x00, 0x00, 0x00, 0x80 })]
    [InlineData(2147483648, new byte[] { 0xF4, 0, 0, 0, 0x80, 0, 0, 0, 0 })]
    [InlineData(-2147483649, new byte[] { 0xF4, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(long.MaxValue, new byte[] { 0xF4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(long.MinValue, new byte[] { 0xF4, 0, 0, 0, 0, 0, 0, 0, 0x80 })]
    public void IntegersTakeTheFewestBytes(long value, byte[] body)
    {
        using var block = PackedBlock.OfListpack(offset: 3);
        byte[] text = Encoding.ASCII.GetBytes(value.ToString(null, null));
        Listpack.Append(block.Tail, text);
        Listpack.Append(block.Tail, value);
        Assert.Equal([.. body, (byte)body.Length, .. body, (byte)body.Length], Listpack.Entries(block.Pack).ToArray());
        Assert.Equal(body.Length + 1, Listpack.EntrySizeOf(text));
        Assert.Equal(body.Length + 1, Listpack.EntrySizeOf(value));

        ListpackEntry entry = Listpack.At(block.Pack, Listpack.Last(block.Pack));
        Assert.True(entry.IsInteger);
        Assert.Equal(value, entry.Integer);
        Assert.Equal(text.Length, entry.Length);
        Assert.Equal(text, entry.Text(stackalloc byte[Integers.SizeMax]).ToArray());
        Assert.True(entry.Equals(text));
        Assert.False(entry.Equals([.. text, (byte)'0']));
        Assert.Equal(Listpack.First(block.Pack), Listpack.Find(block.Pack, Listpack.First(block.Pack), text, 0));
    }

    [Theory]
    [InlineData(0, new byte[] { 0x80 }, new byte[] { 1 })]
    [InlineData(63, new byte[] { 0xBF }, new byte[] { 64 })]
    [InlineData(64, new byte[] { 0xE0, 0x40 }, new byte[] { 66 })]
    [InlineData(125, new byte[] { 0xE0, 0x7D }, new byte[] { 127 })]
    [InlineData(126, new byte[] { 0xE0, 0x7E }, new byte[] { 1, 0x80 })]
    [InlineData(4095, new byte[] { 0xEF, 0xFF }, new byte[] { 0x20, 0x81 })]
    [InlineData(4096, new byte[] { 0xF0, 0x00, 0x10, 0, 0 }, new byte[] { 0x20, 0x85 })]
    [InlineData(16377, new byte[] { 0xF0, 0xF9, 0x3F, 0, 0 }, new byte[] { 0x7F, 0xFE })]
    [InlineData(16378, new byte[] { 0xF0, 0xFA, 0x3F, 0, 0 }, new byte[] { 0, 0xFF, 0xFF })]
    [InlineData(2097145, new byte[] { 0xF0, 0xF9, 0xFF, 0x1F, 0 }, new byte[] { 0x7F, 0xFF, 0xFE })]
    [InlineData(2097146, new byte[] { 0xF0, 0xFA, 0xFF, 0x1F, 0 }, new byte[] { 0, 0xFF, 0xFF, 0xFF })]
    [InlineData(268435449, new byte[] { 0xF0, 0xF9, 0xFF, 0xFF, 0x0F }, new byte[] { 0x7F, 0xFF, 0xFF, 0xFE })]
    [InlineData(268435450, new byte[] { 0xF0, 0xFA, 0xFF, 0xFF, 0x0F }, new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void TextsOfEveryLengthHaveTheirFrame(int length, byte[] head, byte[] backSize)
    {
        using var block = PackedBlock.OfListpack(offset: 9);
        byte[] text = new byte[length];
        text.AsSpan().Fill((byte)'x');
        Listpack.Append(block.Tail, 7);
        Listpack.Append(block.Tail, text);
        Listpack.Append(block.Tail, 8);

        ReadOnlySpan<byte> pack = block.Pack;
        int size = head.Length + length + backSize.Length;
        int offset = Listpack.Next(pack, Listpack.First(pack));
        Assert.Equal(size, Listpack.EntrySizeOf(text));
        Assert.Equal(size, Listpack.EntrySizeAt(pack, offset));
        Assert.Equal(head, pack.Slice(offset, head.Length).ToArray());
        Assert.Equal(backSize, pack.Slice(offset + size - backSize.Length, backSize.Length).ToArray());
        Assert.True(Listpack.At(pack, offset).Equals(text));
        Assert.Equal(offset, Listpack.Previous(pack, Listpack.Last(pack)));
        Assert.Equal(offset + size, Listpack.Last(pack));
        Assert.Equal(offset, Listpack.Find(pack, Listpack.First(pack), text, 0));
        Assert.Equal(0, Listpack.Find(pack, Listpack.First(pack), text, 1));
        Assert.True(Listpack.IsValid(pack, out int count));
        Assert.Equal(3, count);
        block.AssertOwnersBytesAreUntouched();

        Listpack.Remove(block.Tail, offset, 1);
        Assert.Equal([11, 0, 0, 0, 2, 0, 7, 1, 8, 1, 0xFF], block.Pack.ToArray());
    }

    [Fact]
    public void AnEmptyOneHasNoEntries()
    {
        using var block = PackedBlock.OfListpack();
        Assert.Equal(0, Listpack.First(block.Pack));
        Assert.Equal(0, Listpack.Last(block.Pack));
        Assert.Equal(0, Listpack.Count(block.Pack));
        Assert.Equal(0, Listpack.Seek(block.Pack, 0));
        Assert.Equal(0, Listpack.Seek(block.Pack, -1));
        Assert.Equal(0, Listpack.Find(block.Pack, Listpack.First(block.Pack), "x"u8, 0));
        Assert.True(Listpack.IsValid(block.Pack, out _));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 40)]
    public void DoesWhatAListDoes(int salt, int ownersSize)
    {
        Random random = Seed.NewRandom();
        using var block = PackedBlock.OfListpack(ownersSize);
        var model = new ListpackModel();
        for (int step = 0; step < 6_000 * salt; step++)
        {
            model.Change(random, block, growing: step / 700 % 2 == 0);
            if (step % 7 == 0)
            {
                model.AssertSame(block.Pack);
            }
            if (model.Texts.Count > 0)
            {
                model.AssertFinds(block.Pack, random);
            }
        }
        block.AssertOwnersBytesAreUntouched();
        Listpack.Remove(block.Tail, 6, int.MaxValue);
        Assert.Equal([7, 0, 0, 0, 0, 0, 0xFF], block.Pack.ToArray());
    }

    [Fact]
    public void TheHeaderForgetsLargeCountsAndLearnsThemAgain()
    {
        using var block = PackedBlock.OfListpack();
        byte[] entries = new byte[2 * 65534];
        for (int i = 1; i < entries.Length; i += 2)
        {
            entries[i] = 1;
        }
        Listpack.InsertEntries(block.Tail, Listpack.EndOffset(block.Pack), entries, 65534);
        Assert.Equal([0xFE, 0xFF], block.Pack[4..6].ToArray());
        Listpack.Append(block.Tail, 5);
        Listpack.Append(block.Tail, 6);
        Assert.Equal([0xFF, 0xFF], block.Pack[4..6].ToArray());
        Assert.Equal(65536, Listpack.Count(block.Pack));
        Assert.True(Listpack.IsValid(block.Pack, out int count));
        Assert.Equal(65536, count);
        Assert.Equal(Listpack.Previous(block.Pack, Listpack.Last(block.Pack)), Listpack.Seek(block.Pack, -2));
        Assert.Equal(Listpack.Last(block.Pack), Listpack.Seek(block.Pack, 65535));
        Assert.Equal(0, Listpack.Seek(block.Pack, 65536));
        Assert.Equal(0, Listpack.Seek(block.Pack, -65537));

        Listpack.Remove(block.Tail, 6, 1);
        Assert.Equal([0xFF, 0xFF], block.Pack[4..6].ToArray());
        Listpack.Remove(block.Tail, 6, 1);
        Assert.Equal([0xFE, 0xFF], block.Pack[4..6].ToArray());
        Assert.Equal(65534, Listpack.Count(block.Pack));
    }

    [Fact]
    public void FindsWhatOtherWritersEncodedWider()
    {
        byte[] pack =
        [
            49, 0, 0, 0, 6, 0,
            0x81, (byte)'5', 2,
            0xF4, 6, 0, 0, 0, 0, 0, 0, 0, 9,
            0xC0, 7, 2,
            0xE0, 1, (byte)'a', 3,
            0xF0, 1, 0, 0, 0, (byte)'b', 6,
            0xF0, 9, 0, 0, 0, (byte)'1', (byte)'2', (byte)'3', (byte)'4', (byte)'5', (byte)'6', (byte)'7', (byte)'8', (byte)'9', 14,
            0xFF,
        ];
        Assert.True(Listpack.IsValid(pack, out _));
        Assert.Equal(6, Listpack.Find(pack, 6, "5"u8, 0));
        Assert.Equal(9, Listpack.Find(pack, 6, "6"u8, 0));
        Assert.Equal(19, Listpack.Find(pack, 6, "7"u8, 0));
        Assert.Equal(22, Listpack.Find(pack, 6, "a"u8, 0));
        Assert.Equal(26, Listpack.Find(pack, 6, "b"u8, 0));
        Assert.Equal(33, Listpack.Find(pack, 6, "123456789"u8, 0));
        Assert.True(Listpack.At(pack, 6).TryGetInteger(out long value));
        Assert.Equal(5, value);
        Assert.False(Listpack.At(pack, 22).TryGetInteger(out _));
    }

    [Fact]
    public void SafeSizesEndAtOneGigabyte()
    {
        using var block = PackedBlock.OfListpack();
        Assert.True(Listpack.IsSafeToAdd(block.Pack, (1 << 30) - 7));
        Assert.False(Listpack.IsSafeToAdd(block.Pack, (1 << 30) - 6));
    }
}
