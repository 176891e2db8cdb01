using Bixbite.Structures.Packed;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

public sealed class VarintTests
{
    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(16_383UL, 2)]
    [InlineData(16_384UL, 3)]
    [InlineData(ulong.MaxValue, Varint.SizeMax)]
    public void ANumberComesBackAsItWas(ulong value, int size)
    {
        byte[] bytes = new byte[Varint.SizeMax + 1];
        Assert.Equal(size, Varint.SizeOf(value));
        Assert.Equal(size, Varint.Write(bytes, value));
        Assert.Equal(value, Varint.Read(bytes, out int read));
        Assert.Equal(size, read);
    }
}
