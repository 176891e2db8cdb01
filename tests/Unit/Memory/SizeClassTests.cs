using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class SizeClassTests
{
    [Fact]
    public void EverySizeGetsTheSmallestClassThatHoldsIt()
    {
        for (int size = 0; size <= SizeClass.SizeMax; size++)
        {
            int sizeClass = SizeClass.Of(size);
            Assert.InRange(sizeClass, 0, SizeClass.Count - 1);
            Assert.True(SizeClass.SizeOf(sizeClass) >= size);
            Assert.True(sizeClass == 0 || SizeClass.SizeOf(sizeClass - 1) < size);
        }
    }

    [Fact]
    public void StepsAreEightBytesOrAtMostAnEighth()
    {
        for (int i = 1; i < SizeClass.Count; i++)
        {
            int step = SizeClass.SizeOf(i) - SizeClass.SizeOf(i - 1);
            Assert.True(step == 8 || step * 8 <= SizeClass.SizeOf(i - 1), $"class {i}");
        }
        Assert.Equal(8, SizeClass.SizeOf(0));
        Assert.Equal(SizeClass.SizeMax, SizeClass.SizeOf(SizeClass.Count - 1));
    }

    [Fact]
    public void WholeCacheLinesUpToAKibibyteAreClasses()
    {
        for (int size = 64; size <= 1024; size += 64)
        {
            Assert.Equal(size, SizeClass.SizeOf(SizeClass.Of(size)));
        }
    }

    [Fact]
    public void HeadersAreFoundFromAnyAddressOfTheirChunk()
    {
        Assert.Equal(ChunkHeader.SizeOf, Unsafe.SizeOf<ChunkHeader>());
        const ulong Region = 7UL << ChunkHeader.RegionBits;
        for (ulong i = 0; i < ChunkHeader.ChunksPerRegion; i++)
        {
            ulong header = Region + (i * ChunkHeader.SizeOf);
            ulong chunk = Region + (i << ChunkHeader.ChunkBits);
            Assert.Equal(chunk, ChunkHeader.ChunkOf(header));
            Assert.Equal(header, ChunkHeader.Of(chunk));
            Assert.Equal(header, ChunkHeader.Of(chunk + (ulong)ChunkHeader.ChunkSize - 1));
        }
    }
}
