using System.Runtime.InteropServices;
using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class HeapTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    public void BehavesAsANaiveModel(bool isFenced, int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var heap = new Heap(isFenced);
        var model = new HeapModel(heap);
        for (int step = 0; step < (isFenced ? 6_000 : 60_000); step++)
        {
            bool isGrowing = (step / 5_000) % 2 == 0;
            int choice = random.Next(100);
            if (model.Count == 0 || choice < (isGrowing ? 55 : 25))
            {
                model.Allocate(RandomSize(random), random);
            }
            else if (choice < 70)
            {
                model.Resize(random.Next(model.Count), RandomSize(random), random);
            }
            else
            {
                model.Free(random.Next(model.Count));
            }
            Assert.Equal(model.UsedBytes, heap.UsedBytes);
            if (step % 2_000 == 0)
            {
                model.VerifyDisjoint();
            }
            if (step % 7_000 == 0)
            {
                heap.Trim();
            }
        }
        while (model.Count > 0)
        {
            model.Free(model.Count - 1);
        }
        Assert.Equal(0, heap.UsedBytes);
        heap.Trim();
        Assert.True(heap.MappedBytes < 1 << 20, $"{heap.MappedBytes} bytes are kept by an empty heap");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NewBytesAreZeroWhateverTheBlockWas(bool isFenced)
    {
        using var heap = new Heap(isFenced);
        var random = new Random(3);
        for (int step = 0; step < (isFenced ? 100 : 400); step++)
        {
            long length = random.Next(2) == 0 ? random.Next(1, 100_000) : random.Next(3 << 20, 6 << 20);
            ulong address = heap.Allocate(length);
            heap.FillZeros(address, 0, length, usedEnd: 0);
            Assert.False(Native.Bytes(address, (int)length).ContainsAnyExcept((byte)0), $"step {step}");
            Native.Bytes(address, (int)length).Fill(1);

            long newLength = length + random.Next(1, 3 << 20);
            long usedEnd = heap.SizeOf(address);
            address = heap.Resize(address, newLength);
            heap.FillZeros(address, length, newLength, usedEnd);
            Assert.False(Native.Bytes(address, (int)length).ContainsAnyExcept((byte)1), $"step {step}");
            Assert.False(Native.Bytes(address + (ulong)length, (int)(newLength - length)).ContainsAnyExcept((byte)0), $"step {step}");
            Native.Bytes(address, (int)newLength).Fill(2);
            heap.Free(address);
        }
    }

    /// <summary>A bitmap of which one bit is set takes the pages that were written, and no more.</summary>
    [Fact]
    public void ZerosOfALargeBlockTakeNoPages()
    {
        using var heap = new Heap(isFenced: false);
        ulong address = heap.Allocate(ChunkHeader.RegionSize);
        heap.FillZeros(address, 0, ChunkHeader.RegionSize, usedEnd: 0);
        Native.At<byte>(address + (ulong)ChunkHeader.RegionSize - 1) = 1;
        Assert.Equal(Pages.Size, ResidentBytes(address));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(4 << 20)]
    [InlineData((4 << 20) + 1)]
    [InlineData((5 << 20) + 12_345)]
    public void FreshPagesGetACopyToTheByte(int size)
    {
        using var heap = new Heap();
        byte[] source = new byte[size];
        new Random(size).NextBytes(source);
        for (int offset = 0; offset < 10; offset += 5)
        {
            ulong address = heap.Allocate(size + 20);
            Native.Bytes(address, size + 20).Fill(9);
            FreshPages.Copy(source, Native.Bytes(address + (uint)offset, size + 3));
            Assert.True(Native.Bytes(address + (uint)offset, size).SequenceEqual(source));
            Assert.False(Native.Bytes(address + (uint)(offset + size), 20 - offset).ContainsAnyExcept((byte)9));
            heap.Free(address);
        }
    }

    [Fact]
    public void AnEmptyHeapAndOneBlockOfEachClassStaySmall()
    {
        using var heap = new Heap(isFenced: false);
        Assert.Equal(0, heap.MappedBytes);
        long used = 0;
        for (int size = 8; size <= 1024; size += 8)
        {
            used += heap.SizeOf(heap.Allocate(size));
        }
        Assert.Equal(used, heap.UsedBytes);
        Assert.True(heap.MappedBytes <= 50 * 4096, $"{heap.MappedBytes}");
    }

    [Fact]
    public void MappedBytesAreThePagesThatAreResident()
    {
        using var heap = new Heap(isFenced: false);
        var blocks = new List<ulong>();
        for (int i = 0; i < 300_000; i++)
        {
            blocks.Add(Filled(100));
        }
        for (int i = 0; i < 100; i++)
        {
            blocks.Add(Filled(50_000));
        }
        Assert.InRange(heap.MappedBytes, heap.UsedBytes, heap.UsedBytes + (heap.UsedBytes / 50) + (1 << 20));
        ulong[] regions = [.. blocks.Select(block => block >> ChunkHeader.RegionBits << ChunkHeader.RegionBits).Distinct()];
        Assert.Equal(heap.MappedBytes, regions.Sum(ResidentBytes));

        foreach (ulong block in blocks.Where((_, i) => i % 10 != 0 && i < 150_000))
        {
            heap.Free(block);
        }
        heap.Trim();
        Assert.Equal(heap.MappedBytes, regions.Sum(ResidentBytes));

        ulong Filled(int size)
        {
            ulong block = heap.Allocate(size);
            Native.Bytes(block, (int)heap.SizeOf(block)).Fill(1);
            return block;
        }
    }

    [Fact]
    public void FreedSlabsAreReusedByOtherClassesAndGivenBack()
    {
        using var heap = new Heap(isFenced: false);
        ulong[] blocks = new ulong[500_000];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = heap.Allocate(64);
        }
        long full = heap.MappedBytes;
        new Random(5).Shuffle(blocks);
        foreach (ulong block in blocks)
        {
            heap.Free(block);
        }
        Assert.True(heap.MappedBytes < full / 8, $"{heap.MappedBytes} of {full}");
        heap.Trim();
        Assert.True(heap.MappedBytes <= 64 << 10, $"{heap.MappedBytes}");
        ulong other = heap.Allocate(128);
        Native.Bytes(other, 128).Fill(9);
        heap.Free(other);
    }

    [Fact]
    public void EvacuatingSparseBlocksEmptiesPages()
    {
        using var heap = new Heap(isFenced: false);
        var random = new Random(11);
        ulong[] blocks = new ulong[200_000];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = heap.Allocate(96);
        }
        var kept = new List<ulong>();
        foreach (ulong block in blocks)
        {
            if (random.Next(10) == 0)
            {
                kept.Add(block);
            }
            else
            {
                heap.Free(block);
            }
        }
        long fragmented = heap.MappedBytes;
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < kept.Count; i++)
            {
                if (!heap.IsSparse(kept[i]))
                {
                    continue;
                }
                ulong moved = heap.Allocate(96);
                heap.Free(kept[i]);
                kept[i] = moved;
            }
        }
        heap.Trim();
        Assert.Equal(kept.Count * 96L, heap.UsedBytes);
        Assert.True(heap.MappedBytes < fragmented / 4, $"{heap.MappedBytes} of {fragmented}");
        Assert.True(heap.MappedBytes < heap.UsedBytes * 1.4, $"{heap.MappedBytes} for {heap.UsedBytes}");
    }

    [Fact]
    public void LargeBlocksGrowInPlaceOrByMovingPages()
    {
        using var heap = new Heap(isFenced: false);
        ulong block = heap.Allocate(40_000);
        Assert.Equal(40_960, heap.SizeOf(block));
        Native.Bytes(block, 40_000).Fill(3);
        Assert.Equal(block, heap.Resize(block, 200_000));
        for (long size = 1 << 20; size <= 256 << 20; size *= 2)
        {
            block = heap.Resize(block, size);
            Assert.Equal(size, heap.UsedBytes);
            Assert.Equal(3, Native.At<byte>(block + 39_999));
            Native.At<byte>(block + (ulong)size - 1) = 1;
        }
        block = heap.Resize(block, 100);
        Assert.Equal(3, Native.At<byte>(block + 99));
        Assert.True(heap.MappedBytes < 10 << 20, $"{heap.MappedBytes}");
        heap.Free(block);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void BlocksOfWholeCacheLinesAreAligned()
    {
        using var heap = new Heap(isFenced: false);
        for (int size = 64; size <= 1024; size += 64)
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal(0UL, heap.Allocate(size) % 64);
            }
        }
    }

    /// <summary>Bytes of the region's pages that have memory, as the kernel tells it page by page.</summary>
    private static long ResidentBytes(ulong region)
    {
        const ulong PresentBit = 1UL << 63;
        ulong[] pages = new ulong[ChunkHeader.RegionSize / Pages.Size];
        using FileStream map = File.OpenRead("/proc/self/pagemap");
        map.Seek((long)(region / (ulong)Pages.Size) * sizeof(ulong), SeekOrigin.Begin);
        map.ReadExactly(MemoryMarshal.AsBytes(pages.AsSpan()));
        return pages.LongCount(page => (page & PresentBit) != 0) * Pages.Size;
    }

    private static long RandomSize(Random random) => random.Next(200) switch
    {
        0 => random.Next(6 << 20),
        < 6 => random.Next(400_000),
        < 40 => random.Next(40_000),
        _ => random.Next(600),
    };
}
