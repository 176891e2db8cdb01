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
/// A few freed extents stay touched for the next allocation of the same number of chunks. What else is freed may wait, since giving pages
/// back takes time (<see cref="IsDeferring"/>): whoever owns the heap then gives some back between other work, and an allocation before it
/// takes new pages gives back as many, so what waits never adds to the most that was ever in use.
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
    private readonly Queue<ulong> _freed = new();
    private long _keptBytes;
    private long _touchedBytes;
    private bool _wasKeptTaken;

    internal long MappedBytes => _touchedBytes + _regions.HeaderBytes;

    /// <summary>The usable bytes of all live blocks.</summary>
    internal long UsedBytes { get; private set; }

    /// <summary>Bytes of freed extents that are kept for the next allocation, and of those that have not gone back yet.</summary>
    internal long KeptBytes => _keptBytes + FreedBytes;

    /// <summary>Pages of freed blocks are given back later, by <see cref="GiveBackSome"/>.</summary>
    internal bool IsDeferring { get; set; }

    /// <summary>Bytes of freed blocks whose pages have not gone back yet.</summary>
    internal long FreedBytes { get; private set; }

    internal ulong Allocate(long size)
    {
        long usable = Pages.RoundUp(size);
        UsedBytes += usable;
        return usable > RunSizeMax ? AllocateMapping(usable) : AllocateRun(usable);
    }

    /// <summary>A block that is a mapping whatever its size, so that it can be handed over.</summary>
    internal ulong Map(long size)
    {
        long usable = Pages.RoundUp(size);
        UsedBytes += usable;
        return AllocateMapping(usable);
    }

    /// <summary>Gives a mapping, as it is, to another heap's extents.</summary>
    internal void HandOver(ulong header, Extents receiver)
    {
        ref ChunkHeader mapping = ref Native.At<ChunkHeader>(header);
        bool isOwn = mapping.Kind == ChunkKind.Mapping && _mappings.Remove(header - ChunkHeader.SizeOf);
        Invariant.Require(isOwn, "a block is handed over that is no mapping of the heap");
        UsedBytes -= mapping.Size;
        _touchedBytes -= mapping.Size + Pages.Size;
        receiver._mappings.Add(header - ChunkHeader.SizeOf);
        receiver.UsedBytes += mapping.Size;
        receiver._touchedBytes += mapping.Size + Pages.Size;
    }

    internal void Free(ulong header)
    {
        ref ChunkHeader extent = ref Native.At<ChunkHeader>(header);
        bool isMapping = extent.Kind == ChunkKind.Mapping && _mappings.Contains(header - ChunkHeader.SizeOf);
        Invariant.Require(isMapping || extent.Kind == ChunkKind.Extent, "an address is freed that is no block");
        extent.Kind = ChunkKind.Free;
        UsedBytes -= extent.Size;
        long touched = isMapping ? extent.Size : extent.TouchedPages * Pages.Size;
        if (!isMapping && _kept.Count < KeptCountMax && _keptBytes + touched <= KeptBytesMax)
        {
            _kept.Add(header);
            _keptBytes += touched;
            return;
        }
        _freed.Enqueue(header);
        FreedBytes += touched;
        if (!IsDeferring)
        {
            GiveBackSome(touched);
        }
    }

    /// <summary>Gives back about so many bytes of what was freed, the oldest first.</summary>
    internal void GiveBackSome(long bytes)
    {
        while (bytes > 0 && _freed.TryPeek(out ulong header))
        {
            long given;
            if (_mappings.Contains(header - ChunkHeader.SizeOf))
            {
                given = Shorten(header, bytes);
            }
            else
            {
                _freed.Dequeue();
                given = GiveBack(header);
            }
            FreedBytes -= given;
            bytes -= Math.Max(given, 1);
        }
    }

    /// <summary>The block's address after a resize in place or by the kernel; 0 if the caller has to copy.</summary>
    internal ulong TryResize(ulong header, long size)
    {
        long usable = Pages.RoundUp(size);
        ref ChunkHeader extent = ref Native.At<ChunkHeader>(header);
        if (extent.Kind == ChunkKind.Mapping)
        {
            return usable > RunSizeMax || usable > extent.Size ? ResizeMapping(header, usable) : 0;
        }
        if (ChunksFor(usable) != extent.ChunkCount)
        {
            return 0;
        }
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
        {
            GiveBack(header);
        }
        _kept.Clear();
        _keptBytes = 0;
    }

    public void Dispose()
    {
        foreach (ulong region in _mappings)
        {
            Pages.Unmap(region, MappingSize(Native.At<ChunkHeader>(region + ChunkHeader.SizeOf).Size));
        }
        _mappings.Clear();
        _freed.Clear();
        _regions.Dispose();
        _touchedBytes = 0;
        FreedBytes = 0;
        UsedBytes = 0;
    }

    private static uint ChunksFor(long usable) => (uint)((usable + ChunkHeader.ChunkSize - 1) >> ChunkHeader.ChunkBits);

    private static long MappingSize(long usable) => ChunkHeader.ChunkSize + usable;

    private ulong AllocateRun(long usable)
    {
        uint chunkCount = ChunksFor(usable);
        ulong header = TakeKept(chunkCount, usable);
        if (header == 0)
        {
            GiveBackSome(usable);
            header = _regions.Acquire((int)chunkCount);
        }
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
            if (extent.ChunkCount != chunkCount)
            {
                continue;
            }
            long difference = Math.Abs((extent.TouchedPages * Pages.Size) - usable);
            if (difference >= bestDifference)
            {
                continue;
            }
            (best, bestDifference) = (i, difference);
        }
        if (best < 0)
        {
            return 0;
        }
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
        {
            Pages.Discard(ChunkHeader.ChunkOf(header) + (ulong)extent.Size, touched - extent.Size);
        }
        else if (touched > extent.Size)
        {
            return;
        }
        _touchedBytes += extent.Size - touched;
        extent.TouchedPages = (uint)(extent.Size / Pages.Size);
    }

    /// <summary>Gives back the pages and chunks of an extent; returns how many bytes they were.</summary>
    private long GiveBack(ulong header)
    {
        long touched = Native.At<ChunkHeader>(header).TouchedPages * Pages.Size;
        Pages.Discard(ChunkHeader.ChunkOf(header), touched);
        _touchedBytes -= touched;
        _regions.Release(header);
        return touched;
    }

    private ulong AllocateMapping(long usable)
    {
        GiveBackSome(usable);
        ulong region = Pages.MapAligned(MappingSize(usable), isAccessible: true);
        ulong header = region + ChunkHeader.SizeOf;
        Native.At<ChunkHeader>(header) = new ChunkHeader { Kind = ChunkKind.Mapping, Size = usable };
        _mappings.Add(region);
        _touchedBytes += usable + Pages.Size;
        return ChunkHeader.ChunkOf(header);
    }

    /// <summary>Unmaps about so many bytes at the end of a freed mapping, in the end all of it; returns how many.</summary>
    private long Shorten(ulong header, long bytes)
    {
        ulong region = header - ChunkHeader.SizeOf;
        ref ChunkHeader mapping = ref Native.At<ChunkHeader>(header);
        long size = mapping.Size;
        long left = Math.Max(size - Pages.RoundUp(bytes), 0);
        _touchedBytes -= size - left;
        if (left > 0)
        {
            mapping.Size = left;
            Pages.Shorten(region, MappingSize(size), MappingSize(left));
            return size - left;
        }
        _freed.Dequeue();
        _mappings.Remove(region);
        _touchedBytes -= Pages.Size;
        Pages.Unmap(region, MappingSize(size));
        return size;
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
