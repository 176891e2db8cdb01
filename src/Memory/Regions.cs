using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// The regions of one use (slabs, or extents), and where in them chunks are free. An empty region is unmapped as long as
/// another one has room.
/// </summary>
internal sealed class Regions : IDisposable
{
    private readonly List<Region> _regions = [];
    private readonly Dictionary<ulong, Region> _byAddress = [];
    private int _firstWithRoom;

    /// <summary>Bytes of the pages that hold headers.</summary>
    internal long HeaderBytes { get; private set; }

    /// <summary>
    /// The cleared header of the first of so many chunks in a row; their pages may be dirty only if their last owner left them so.
    /// </summary>
    internal unsafe ulong Acquire(int count)
    {
        Debug.Assert(count is > 0 and < ChunkHeader.ChunksPerRegion, "A run of chunks lies in one region.");
        ulong header = 0;
        for (int i = count == 1 ? _firstWithRoom : 0; i < _regions.Count && header == 0; i++)
        {
            header = _regions[i].FreeCount < count ? 0 : AcquireIn(_regions[i], count);
            if (count == 1)
            {
                _firstWithRoom = i;
            }
        }
        if (header == 0)
        {
            if (count == 1)
            {
                _firstWithRoom = _regions.Count;
            }
            header = AcquireIn(Add(), count);
        }
        Native.At<ChunkHeader>(header) = new ChunkHeader { ChunkCount = (uint)count };
        return header;
    }

    /// <summary>Takes chunks back whose pages were discarded.</summary>
    internal void Release(ulong header)
    {
        ref ChunkHeader chunk = ref Native.At<ChunkHeader>(header);
        int count = (int)chunk.ChunkCount;
        chunk = default;
        Region region = _byAddress[header & ~(ulong)(ChunkHeader.RegionSize - 1)];
        region.Release(header, count);
        int index = _regions.IndexOf(region);
        _firstWithRoom = Math.Min(_firstWithRoom, index);
        if (region.IsEmpty && _regions.Exists(other => other != region && other.FreeCount > 0))
        {
            Remove(region, index);
        }
    }

    public void Dispose()
    {
        foreach (Region region in _regions)
        {
            Pages.Unmap(region.Address, ChunkHeader.RegionSize);
        }
        _regions.Clear();
        _byAddress.Clear();
        HeaderBytes = 0;
    }

    private ulong AcquireIn(Region region, int count)
    {
        long before = region.HeaderBytes;
        ulong header = region.TryAcquire(count);
        HeaderBytes += region.HeaderBytes - before;
        return header;
    }

    private Region Add()
    {
        var region = new Region();
        _regions.Add(region);
        _byAddress.Add(region.Address, region);
        return region;
    }

    private void Remove(Region region, int index)
    {
        Pages.Unmap(region.Address, ChunkHeader.RegionSize);
        HeaderBytes -= region.HeaderBytes;
        _regions.RemoveAt(index);
        _byAddress.Remove(region.Address);
        _firstWithRoom = 0;
    }
}
