using System.Globalization;
using System.Text;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Sketches;
using Xunit;

namespace Bixbite.Unit.Structures.Sketches;

/// <summary>The bytes are those of redis-server 7.0.15 after the same PFADD, PFCOUNT and PFMERGE.</summary>
public sealed class HyperLogLogTests
{
    private const int SparseSizeMax = 3000;

    [Fact]
    public void An_empty_value_counts_nothing()
    {
        byte[] value = new byte[HyperLogLog.EmptySize];
        HyperLogLog.WriteEmpty(value);
        Assert.Equal("48594c4c0100000000000000000000007fff", Convert.ToHexStringLower(value));
        Assert.True(HyperLogLog.IsValid(value));
        Assert.True(HyperLogLog.TryGetCached(value, out ulong cached));
        Assert.Equal(0UL, cached);
        Assert.True(HyperLogLog.TryCount(value, out ulong cardinality));
        Assert.Equal(0UL, cardinality);
        Assert.Equal("Z:16384", HyperLogLog.Describe(value));
    }

    [Fact]
    public void Three_elements_give_the_bytes_of_Redis()
    {
        ScratchHolder holder = NewHolder();
        Assert.Equal(SketchChange.Changed, HyperLogLog.Add(ref holder, "a"u8, SparseSizeMax));
        Assert.Equal(SketchChange.Changed, HyperLogLog.Add(ref holder, "b"u8, SparseSizeMax));
        Assert.Equal(SketchChange.Changed, HyperLogLog.Add(ref holder, "c"u8, SparseSizeMax));
        Assert.Equal(SketchChange.None, HyperLogLog.Add(ref holder, "a"u8, SparseSizeMax));
        Assert.Equal("48594c4c01000000000000000000008060f38050b1844bfb80425a", Convert.ToHexStringLower(holder.Bytes));
        Assert.Equal("Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603", HyperLogLog.Describe(holder.Bytes));
        Assert.False(HyperLogLog.TryGetCached(holder.Bytes, out _));
        holder.Dispose();
    }

    /// <summary>The checksum is of the value after PFCOUNT, which keeps the cardinality in it.</summary>
    [Theory]
    [InlineData(3000, 1, 1, 21, 0x74007e60f311124dUL)]
    [InlineData(3000, 2, 2, 24, 0x5caa27402129c1dfUL)]
    [InlineData(3000, 10, 10, 48, 0x6777a208afe66dffUL)]
    [InlineData(3000, 100, 100, 285, 0x54144c74dea4c333UL)]
    [InlineData(3000, 1000, 1008, 1906, 0x4de49f24551da382UL)]
    [InlineData(3000, 10000, 9973, 12304, 0x50abea295d645d2aUL)]
    [InlineData(3000, 100000, 100853, 12304, 0xe4e341ad2e8b59fUL)]
    [InlineData(100, 100, 100, 12304, 0xc10d30562db3e737UL)]
    [InlineData(100, 1000, 1008, 12304, 0x2a39b1e5f82f72UL)]
    public void Many_elements_give_the_bytes_and_the_counts_of_Redis(int sizeMax, int count, ulong cardinality, int size, ulong checksum)
    {
        ScratchHolder holder = NewHolder();
        AddRange(ref holder, 0, count, sizeMax);
        Assert.True(HyperLogLog.TryCount(holder.Bytes, out ulong counted));
        Assert.Equal(cardinality, counted);
        HyperLogLog.SetCached(holder.Bytes, counted);
        Assert.Equal(size, holder.Bytes.Length);
        Assert.Equal(size == HyperLogLog.DenseSize, HyperLogLog.IsDense(holder.Bytes));
        Assert.Equal(checksum, Crc64.Append(0, holder.Bytes));
        holder.Dispose();
    }

    [Fact]
    public void A_union_of_sparse_values_gives_the_bytes_of_Redis()
    {
        ScratchHolder left = NewHolder();
        foreach (string element in new[] { "a", "b", "c" })
        {
            HyperLogLog.Add(ref left, Encoding.ASCII.GetBytes(element), SparseSizeMax);
        }
        ScratchHolder right = NewHolder();
        AddRange(ref right, 0, 5, SparseSizeMax);

        byte[] registers = new byte[HyperLogLog.RegisterCount];
        Assert.True(HyperLogLog.TryMerge(left.Bytes, registers));
        Assert.True(HyperLogLog.TryMerge(right.Bytes, registers));
        ScratchHolder union = NewHolder();
        Assert.Equal(SketchChange.Changed, HyperLogLog.RaiseAll(ref union, registers, SparseSizeMax));
        string expected = "48594c4c0100000000000000000000804525805bcc80499284430d84440e844bae84404b8040a78441b1";
        Assert.Equal(expected, Convert.ToHexStringLower(union.Bytes));
        Assert.Equal(8UL, HyperLogLog.Count(registers));
        left.Dispose();
        right.Dispose();
        union.Dispose();
    }

    [Fact]
    public void A_union_with_a_dense_value_gives_the_bytes_of_Redis()
    {
        ScratchHolder many = NewHolder();
        AddRange(ref many, 0, 5000, SparseSizeMax);
        ScratchHolder few = NewHolder();
        foreach (string element in new[] { "a", "b", "c" })
        {
            HyperLogLog.Add(ref few, Encoding.ASCII.GetBytes(element), SparseSizeMax);
        }

        byte[] registers = new byte[HyperLogLog.RegisterCount];
        Assert.True(HyperLogLog.TryMerge(many.Bytes, registers));
        Assert.True(HyperLogLog.TryMerge(few.Bytes, registers));
        ScratchHolder union = NewHolder();
        Assert.True(HyperLogLog.TryMakeDense(ref union));
        HyperLogLog.RaiseAll(ref union, registers, SparseSizeMax);
        Assert.Equal(0x1f12d9256664b29eUL, Crc64.Append(0, union.Bytes));
        Assert.Equal(4972UL, HyperLogLog.Count(registers));
        many.Dispose();
        few.Dispose();
        union.Dispose();
    }

    [Fact]
    public void Registers_agree_whatever_the_encoding()
    {
        ScratchHolder sparse = NewHolder();
        ScratchHolder dense = NewHolder();
        Assert.True(HyperLogLog.TryMakeDense(ref dense));
        for (int count = 0; count < 2000; count += 100)
        {
            AddRange(ref sparse, count, count + 100, int.MaxValue);
            AddRange(ref dense, count, count + 100, int.MaxValue);
            Assert.False(HyperLogLog.IsDense(sparse.Bytes));
            HyperLogLog.TryCount(sparse.Bytes, out ulong left);
            HyperLogLog.TryCount(dense.Bytes, out ulong right);
            Assert.Equal(right, left);
        }
        byte[] registers = new byte[HyperLogLog.RegisterCount];
        Assert.True(HyperLogLog.TryMerge(sparse.Bytes, registers));
        for (int index = 0; index < registers.Length; index++)
        {
            Assert.Equal(registers[index], HyperLogLog.GetRegister(dense.Bytes, index));
        }
        Assert.True(HyperLogLog.TryMakeDense(ref sparse));
        Assert.True(sparse.Bytes.SequenceEqual(dense.Bytes));
        sparse.Dispose();
        dense.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("48594c4c01000000000000000000")]
    [InlineData("48594c4d0100000000000000000000007fff")]
    [InlineData("48594c4c0200000000000000000000007fff")]
    [InlineData("48594c4c0000000000000000000000007fff")]
    public void Other_strings_are_not_valid(string value) => Assert.False(HyperLogLog.IsValid(Convert.FromHexString(value)));

    [Theory]
    [InlineData("")]
    [InlineData("7ffe")]
    [InlineData("7fff00")]
    [InlineData("7fff7fff")]
    [InlineData("7f")]
    [InlineData("ffff")]
    public void Runs_that_do_not_cover_the_registers_are_corrupt(string opcodes)
    {
        byte[] value = [.. Convert.FromHexString("48594c4c010000000000000000000080"), .. Convert.FromHexString(opcodes)];
        Assert.True(HyperLogLog.IsValid(value));
        Assert.False(HyperLogLog.TryCount(value, out _));
        Assert.False(HyperLogLog.TryMerge(value, new byte[HyperLogLog.RegisterCount]));
        ScratchHolder holder = new(value);
        Assert.False(HyperLogLog.TryMakeDense(ref holder));
        Assert.True(holder.Bytes.SequenceEqual(value));
        holder.Dispose();
    }

    [Fact]
    public void Random_bytes_as_registers_never_break_anything()
    {
        Random random = Seed.NewRandom();
        byte[] header = Convert.FromHexString("48594c4c010000000000000000000080");
        for (int i = 0; i < 5_000; i++)
        {
            byte[] value = [.. header, .. random.NextText([0x7F, 0xFF, 0x40, 0x41, 0x00, 0x3F, 0x80, 0xFF, 0x83, 0x84, 0x9F], 40)];
            Assert.True(HyperLogLog.IsValid(value));
            byte[] registers = new byte[HyperLogLog.RegisterCount];
            bool isSound = HyperLogLog.TryMerge(value, registers);
            Assert.Equal(isSound, HyperLogLog.TryCount(value, out ulong cardinality));
            if (isSound)
            {
                Assert.Equal(HyperLogLog.Count(registers), cardinality);
            }
            HyperLogLog.Describe(value);

            ScratchHolder holder = new(value);
            AddRange(ref holder, i, i + 10, random.Next(100));
            Assert.True(HyperLogLog.IsValid(holder.Bytes));
            if (isSound)
            {
                Assert.True(HyperLogLog.TryCount(holder.Bytes, out _));
            }
            holder.Dispose();
        }
    }

    [Fact]
    public void The_self_test_passes() => Assert.Null(HyperLogLogSelfTest.Run(Seed.NewRandom(), SparseSizeMax));

    private static ScratchHolder NewHolder()
    {
        byte[] value = new byte[HyperLogLog.EmptySize];
        HyperLogLog.WriteEmpty(value);
        return new ScratchHolder(value);
    }

    private static void AddRange(ref ScratchHolder holder, int start, int end, int sizeMax)
    {
        for (int i = start; i < end; i++)
        {
            HyperLogLog.Add(ref holder, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"e{i}")), sizeMax);
        }
    }
}
