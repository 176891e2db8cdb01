using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// Blocks for tests, each against a guard page of its own. Addresses are never used again, so any later access to a freed block
/// stops the process, as one beyond the block's end does; a write into the last few bytes is found when the block is freed.
/// <code>
///   page            page                                   page
///   | free | Size, Mark (16 bytes) | block, 8-aligned | 0..7 slack |  inaccessible  |
///                                  ^ address
/// </code>
/// Every live block costs the process two mappings, of which the system allows some 65,000: beyond a number of live blocks the
/// heap uses slabs.
/// </summary>
internal sealed class FencedBlocks : IDisposable
{
    private const int LiveMax = 6_000;
    private const long SizeMax = 8L << 20;
    private const int HeaderSize = 16;
    private const ulong Mark = 0xB1B1_7EFE_ACED_0001;
    private const byte SlackByte = 0xFD;
    private const byte FreshByte = 0xCD;
    private const int FreshSizeMax = 4096;
    private const int HeaderTableSize = ChunkHeader.ChunksPerRegion * ChunkHeader.SizeOf;

    private readonly List<ulong> _regions = [];
    private ulong _next;
    private ulong _end;
    private int _liveCount;

    internal long MappedBytes { get; private set; }

    /// <summary>The sizes of all live blocks.</summary>
    internal long UsedBytes { get; private set; }

    /// <summary>A fenced block, or 0 where a block without fence has to do.</summary>
    internal ulong TryAllocate(long size)
    {
        if (_liveCount >= LiveMax || size > SizeMax)
        {
            return 0;
        }
        size = Math.Max(size, 1);
        long rounded = RoundUp(size);
        long pagesSize = Pages.RoundUp(rounded + HeaderSize);
        if (_end - _next < (ulong)(pagesSize + Pages.Size) && !AddRegion())
        {
            return 0;
        }
        if (!Pages.TryOpen(_next, pagesSize))
        {
            return 0;
        }

        ulong address = _next + (ulong)(pagesSize - rounded);
        _next += (ulong)(pagesSize + Pages.Size);
        _liveCount++;
        MappedBytes += pagesSize;
        UsedBytes += size;
        Native.At<long>(address - HeaderSize) = size;
        Native.At<ulong>(address - 8) = Mark;
        Native.Bytes(address, (int)Math.Min(size, FreshSizeMax)).Fill(FreshByte);
        Slack(address, size).Fill(SlackByte);
        return address;
    }

    internal static long SizeOf(ulong address)
    {
        Invariant.Require(
            Native.At<ulong>(address - 8) == Mark,
            "an address is used as a block that is none, or its header was overwritten");
        return Native.At<long>(address - HeaderSize);
    }

    internal void Free(ulong address)
    {
        long size = SizeOf(address);
        Invariant.Require(!Slack(address, size).ContainsAnyExcept(SlackByte), "bytes behind a block's end were written");
        long rounded = RoundUp(size);
        long pagesSize = Pages.RoundUp(rounded + HeaderSize);
        Pages.Close(address - (ulong)(pagesSize - rounded), pagesSize);
        _liveCount--;
        MappedBytes -= pagesSize;
        UsedBytes -= size;
        Debug.Assert(_liveCount >= 0, "More blocks freed than made.");
    }

    public void Dispose()
    {
        foreach (ulong region in _regions)
        {
            Pages.Unmap(region, ChunkHeader.RegionSize);
        }
        _regions.Clear();
        _next = _end = 0;
    }

    private static long RoundUp(long size) => (size + 7) & ~7L;

    private static Span<byte> Slack(ulong address, long size) => Native.Bytes(address + (ulong)size, (int)(RoundUp(size) - size));

    private bool AddRegion()
    {
        ulong region = Pages.MapAligned(ChunkHeader.RegionSize, isAccessible: false);
        if (!Pages.TryOpen(region, HeaderTableSize))
        {
            Pages.Unmap(region, ChunkHeader.RegionSize);
            return false;
        }
        for (int i = 0; i < ChunkHeader.ChunksPerRegion; i++)
        {
            Native.At<ChunkHeader>(region + (ulong)(i * ChunkHeader.SizeOf)).Kind = ChunkKind.Fenced;
        }
        MappedBytes += HeaderTableSize;
        _regions.Add(region);
        _next = region + (ulong)ChunkHeader.ChunkSize;
        _end = region + (ulong)ChunkHeader.RegionSize;
        return true;
    }
}
