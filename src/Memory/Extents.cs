using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// Blocks larger than a slab's: whole pages. Up to 4 MiB they are runs of chunks in regions, of which only the pages in use are
/// touched, so a block grows inside its last chunk for nothing; beyond, each is a mapping of its own, which the kernel resizes
/// by moving page tables instead of bytes.
/// <code>
///   extent   | chunk i ................. | chunk i+1 ........ |     header: chunk i's in the region's table
///            |&lt;------- Size, 4 KiB steps -------&gt;| untouched |
///   mapping  | 256 KiB, one page touched | Size ...             header: the one for chunk 1, as in a region
/// </code>
/// A few freed extents stay touched for the next allocation of the same number of chunks.
/// </summary>
internal sealed class Extents : IDisposable
{
    /// <summary>Larger blocks are mappings of their own.</summary>
    internal const long RunSizeMax = 4L << 20;

    private const int KeptCountMax = 64;
    private const long KeptBytesMax = 8L << 20;

    private readonly Regions _regions = new();
    private readonly HashSet<ulong> _mappings = [];
    private readonly List<ulong> _kept = [];
    private long _keptBytes;
    private long _touchedBytes;
    private bool _wasKeptTaken;

    internal long MappedBytes => _touchedBytes + _regions.HeaderBytes;

    /// <summary>The usable bytes of all live blocks.</summary>
    internal long UsedBytes { get; private set; }

    /// <summary>Bytes of freed extents that are kept for the next allocation.</summary>
    internal long KeptBytes => _keptBytes;

    internal ulong Allocate(long size)
    {
        long usable = Pages.RoundUp(size);
        UsedBytes += usable;
        return usable > RunSizeMax ? AllocateMapping(usable) : AllocateRun(usable);
    }

    internal void Free(ulong header)
    {
        ref ChunkHeader extent = ref Native.At<ChunkHeader>(header);
        if (extent.Kind == ChunkKind.Mapping)
        {
            FreeMapping(header);
            return;
        }
        Invariant.Require(extent.Kind == ChunkKind.Extent, "an address is freed that is no block");
        extent.Kind = ChunkKind.Free;
        UsedBytes -= extent.Size;
        long touched = extent.TouchedPages * Pages.Size;
        if (_kept.Count == KeptCountMax || _keptBytes + touched > KeptBytesMax)
        {
            GiveBack(header);
            return;
        }
        _kept.Add(header);
        _keptBytes += touched;
    }

    /// <summary>The block's address after a resize in place or by the kernel; 0 if the caller has to copy.</summary>
    internal ulong TryResize(ulong header, long size)
    {
        long usable = Pages.RoundUp(size);
        ref ChunkHeader extent = ref Native.At<ChunkHeader>(header);
        if (extent.Kind == ChunkKind.Mapping)
            return usable > RunSizeMax ? ResizeMapping(header, usable) : 0;
        if (ChunksFor(usable) != extent.ChunkCount)
            return 0;
        UsedBytes += usable - extent.Size;
        extent.Size = usable;
        Touch(ref extent, header);
        return ChunkHeader.ChunkOf(header);
    }

    /// <summary>Gives back one of the extents that are kept, unless somebody has taken one since the last call.</summary>
    internal void TrimSome()
    {
        if (_kept.Count > 0 && !_wasKeptTaken)
        {
            ulong header = _kept[^1];
            _kept.RemoveAt(_kept.Count - 1);
            _keptBytes -= Native.At<ChunkHeader>(header).TouchedPages * Pages.Size;
            GiveBack(header);
        }
        _wasKeptTaken = false;
    }

    internal void Trim()
    {
        foreach (ulong header in _kept)
            GiveBack(header);
        _kept.Clear();
        _keptBytes = 0;
    }

    public void Dispose()
    {
        foreach (ulong region in _mappings)
            Pages.Unmap(region, MappingSize(Native.At<ChunkHeader>(region + ChunkHeader.SizeOf).Size));
        _mappings.Clear();
        _regions.Dispose();
        _touchedBytes = 0;
        UsedBytes = 0;
    }

    private static uint ChunksFor(long usable) => (uint)((usable + ChunkHeader.ChunkSize - 1) >> ChunkHeader.ChunkBits);

    private static long MappingSize(long usable) => ChunkHeader.ChunkSize + usable;

    private ulong AllocateRun(long usable)
    {
        uint chunkCount = ChunksFor(usable);
        ulong header = TakeKept(chunkCount, usable);
        if (header == 0)
            header = _regions.Acquire((int)chunkCount);
        ref ChunkHeader extent = ref Native.At<ChunkHeader>(header);
        extent.Kind = ChunkKind.Extent;
        extent.Size = usable;
        Touch(ref extent, header);
        return ChunkHeader.ChunkOf(header);
    }

    /// <summary>The kept extent of so many chunks that has the fewest pages too many or too few.</summary>
    private ulong TakeKept(uint chunkCount, long usable)
    {
        int best = -1;
        long bestDifference = long.MaxValue;
        for (int i = 0; i < _kept.Count; i++)
        {
            ref ChunkHeader extent = ref Native.At<ChunkHeader>(_kept[i]);
            if (extent.ChunkCount != chunkCount) continue;
            long difference = Math.Abs((extent.TouchedPages * Pages.Size) - usable);
            if (difference >= bestDifference) continue;
            (best, bestDifference) = (i, difference);
        }
        if (best < 0) return 0;
        _wasKeptTaken = true;
        ulong header = _kept[best];
        _kept[best] = _kept[^1];
        _kept.RemoveAt(_kept.Count - 1);
        _keptBytes -= Native.At<ChunkHeader>(header).TouchedPages * Pages.Size;
        return header;
    }

    /// <summary>Counts the pages in use; pages beyond them go back when they are more than a quarter.</summary>
    private void Touch(ref ChunkHeader extent, ulong header)
    {
        long touched = extent.TouchedPages * Pages.Size;
        if (touched > extent.Size + (extent.Size / 4))
            Pages.Discard(ChunkHeader.ChunkOf(header) + (ulong)extent.Size, touched - extent.Size);
        else if (touched > extent.Size)
            return;
        _touchedBytes += extent.Size - touched;
        extent.TouchedPages = (uint)(extent.Size / Pages.Size);
    }

    private void GiveBack(ulong header)
    {
        long touched = Native.At<ChunkHeader>(header).TouchedPages * Pages.Size;
        Pages.Discard(ChunkHeader.ChunkOf(header), touched);
        _touchedBytes -= touched;
        _regions.Release(header);
    }

    private ulong AllocateMapping(long usable)
    {
        ulong region = Pages.MapAligned(MappingSize(usable), isAccessible: true);
        ulong header = region + ChunkHeader.SizeOf;
        Native.At<ChunkHeader>(header) = new ChunkHeader { Kind = ChunkKind.Mapping, Size = usable };
        _mappings.Add(region);
        _touchedBytes += usable + Pages.Size;
        return ChunkHeader.ChunkOf(header);
    }

    private void FreeMapping(ulong header)
    {
        ulong region = header - ChunkHeader.SizeOf;
        long usable = Native.At<ChunkHeader>(header).Size;
        Invariant.Require(_mappings.Remove(region), "an address is freed that is no block");
        Pages.Unmap(region, MappingSize(usable));
        _touchedBytes -= usable + Pages.Size;
        UsedBytes -= usable;
    }

    private ulong ResizeMapping(ulong header, long usable)
    {
        ulong region = header - ChunkHeader.SizeOf;
        long oldUsable = Native.At<ChunkHeader>(header).Size;
        ulong moved = Pages.Remap(region, MappingSize(oldUsable), MappingSize(usable));
        if (moved != region)
        {
            _mappings.Remove(region);
            _mappings.Add(moved);
        }
        header = moved + ChunkHeader.SizeOf;
        Native.At<ChunkHeader>(header).Size = usable;
        _touchedBytes += usable - oldUsable;
        UsedBytes += usable - oldUsable;
        Debug.Assert(Native.At<ChunkHeader>(header).Kind == ChunkKind.Mapping, "The header moves with its mapping.");
        return ChunkHeader.ChunkOf(header);
    }
}
