using Bixbite.Structures.Packed;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

public sealed class IntsetTests
{
    [Fact]
    public void IsByteForByteWhatRedisWrites()
    {
        using var block = PackedBlock.OfIntset();
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0], block.Set.ToArray());
        Assert.True(Intset.Insert(block.Tail, 5));
        Assert.True(Intset.Insert(block.Tail, -1));
        Assert.False(Intset.Insert(block.Tail, 5));
        Assert.Equal([2, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 5, 0], block.Set.ToArray());
        Assert.True(Intset.Insert(block.Tail, 65536));
        Assert.Equal(
            [4, 0, 0, 0, 3, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 5, 0, 0, 0, 0, 0, 1, 0],
            block.Set.ToArray());
        Assert.True(Intset.Remove(block.Tail, 65536));
        Assert.Equal([4, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 5, 0, 0, 0], block.Set.ToArray());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(10_000_000_000)]
    public void LooksIntegersUpInOrder(long range)
    {
        using var block = PackedBlock.OfIntset();
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            Intset.Insert(block.Tail, random.NextInt64(-range, range));
        }
        for (int round = 0; round < 50; round++)
        {
            int index = 0;
            for (long value = -range - 5; value < range + 5; value += random.NextInt64(1, Math.Max(range / 40, 2)))
            {
                int near = random.Next(Intset.Count(block.Set));
                value = near >= index && random.Next(3) == 0 ? Intset.At(block.Set, near) : value;
                Assert.Equal(Intset.Contains(block.Set, value), Intset.ContainsFrom(block.Set, value, ref index));
                int place = Intset.Find(block.Set, value);
                Assert.Equal(place >= 0 ? place : ~place, index);
            }
        }
    }

    [Theory]
    [InlineData(short.MaxValue, 2)]
    [InlineData(short.MinValue, 2)]
    [InlineData(short.MaxValue + 1, 4)]
    [InlineData(short.MinValue - 1, 4)]
    [InlineData(int.MaxValue, 4)]
    [InlineData(int.MinValue, 4)]
    [InlineData(int.MaxValue + 1L, 8)]
    [InlineData(int.MinValue - 1L, 8)]
    [InlineData(long.MaxValue, 8)]
    [InlineData(long.MinValue, 8)]
    public void TheWidestIntegerGivesTheWidth(long value, byte width)
    {
        using var block = PackedBlock.OfIntset(offset: 5);
        for (int small = -3; small <= 3; small++)
        {
            Assert.True(Intset.Insert(block.Tail, small));
        }
        Assert.Equal(-1, ~Intset.Find(block.Set, value) - (value > 0 ? 8 : 1));
        Assert.True(Intset.Insert(block.Tail, value));
        Assert.Equal(width, block.Set[0]);
        Assert.Equal(8 + (8 * width), Intset.SizeOf(block.Set));
        Assert.True(Intset.Contains(block.Set, value));
        Assert.Equal(value > 0 ? 7 : 0, Intset.Find(block.Set, value));
        Assert.Equal(value, Intset.At(block.Set, value > 0 ? 7 : 0));
        Assert.True(Intset.IsValid(block.Set));
        block.AssertOwnersBytesAreUntouched();
    }

    [Theory]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(10)]
    public void DoesWhatASortedSetDoes(int shiftMax)
    {
        Random random = Seed.NewRandom();
        using var block = PackedBlock.OfIntset(offset: 3);
        var model = new SortedSet<long>();
        for (int step = 0; step < 20_000; step++)
        {
            long value = (random.Next(2) == 0 ? 1 : -1) * ((random.NextInt64() >> 3) >> random.Next(shiftMax, 62));
            if (random.Next(step / 2000 % 2 == 0 ? 4 : 2) != 0)
            {
                Assert.Equal(model.Add(value), Intset.Insert(block.Tail, value));
            }
            else if (model.Count > 0)
            {
                Remove();
            }
            Assert.Equal(model.Contains(value), Intset.Contains(block.Set, value));
            if (step % 20 == 0)
            {
                AssertSame();
            }
        }
        block.AssertOwnersBytesAreUntouched();

        void Remove()
        {
            int index = random.Next(model.Count);
            long value = Intset.At(block.Set, index);
            Assert.Equal(index, Intset.Find(block.Set, value));
            Assert.True(Intset.Remove(block.Tail, value));
            Assert.False(Intset.Remove(block.Tail, value));
            Assert.True(model.Remove(value));
        }

        void AssertSame()
        {
            Assert.Equal(model.Count > 0, Intset.IsValid(block.Set));
            Assert.Equal(model.Count, Intset.Count(block.Set));
            int index = 0;
            foreach (long value in model)
            {
                Assert.Equal(value, Intset.At(block.Set, index++));
            }
        }
    }

    [Fact]
    public void RemovesRanges()
    {
        using var block = PackedBlock.OfIntset();
        for (int i = 0; i < 100; i++)
        {
            Intset.Insert(block.Tail, i);
        }
        Intset.RemoveAt(block.Tail, 10, 80);
        Assert.Equal(20, Intset.Count(block.Set));
        Assert.Equal(9, Intset.At(block.Set, 9));
        Assert.Equal(90, Intset.At(block.Set, 10));
        Intset.RemoveAt(block.Tail, 0, 20);
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0], block.Set.ToArray());
    }

    [Theory]
    [InlineData("nothing", new byte[0])]
    [InlineData("no integers", new byte[] { 2, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("an unknown width", new byte[] { 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 })]
    [InlineData("no width", new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 1 })]
    [InlineData("too few bytes", new byte[] { 4, 0, 0, 0, 1, 0, 0, 0, 1, 0 })]
    [InlineData("too many bytes", new byte[] { 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 })]
    [InlineData("a size that wraps", new byte[] { 8, 0, 0, 0, 1, 0, 0, 0x20, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("one twice", new byte[] { 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0 })]
    [InlineData("descending", new byte[] { 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0xFF, 0xFF })]
    public void RefusesWhatIsBroken(string flaw, byte[] set) => Assert.False(Intset.IsValid(set), flaw);
}
