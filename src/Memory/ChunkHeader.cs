using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bixbite.Memory;

internal enum ChunkKind : byte
{
    Free,
    Slab,
    Extent,
    Mapping,
    Fenced,
}

/// <summary>
/// The heap's record of a chunk, found from any address in it by arithmetic alone. Address space is cut into regions of 64 MiB
/// at multiples of 64 MiB, a region into 256 chunks of 256 KiB; chunk 0 holds the headers, side by side, so that those in use
/// share cache lines' sets and pages evenly instead of all lying 256 KiB apart.
/// <code>
///   region  | chunk 0: 256 headers of 64 bytes | chunk 1 | chunk 2 | ... | chunk 255 |
///
///   header  0          4       8                16       20      24        28     29   30    31
///           | BlockSize | Live | FreeHead       | BinLow | Carved| Capacity| Class| Bin| Kind| - |
///           32                 40               48               56           60
///           | Previous         | Next           | Size           | ChunkCount | TouchedPages |
/// </code>
/// A header belongs to whoever acquired its chunk from <see cref="Regions"/>: a slab, an extent (the header of its first chunk),
/// a mapping of its own, or the fence.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChunkHeader
{
    internal const int SizeOf = 64;
    internal const int RegionBits = 26;
    internal const int ChunkBits = 18;
    internal const long RegionSize = 1L << RegionBits;
    internal const long ChunkSize = 1L << ChunkBits;
    internal const int ChunksPerRegion = 1 << (RegionBits - ChunkBits);

    /// <summary>Bytes per block of a slab; 0 says that the chunk is no slab.</summary>
    internal uint BlockSize;

    /// <summary>Blocks in use.</summary>
    internal uint Live;

    /// <summary>First free block of the slab, each of which begins with the address of the next; 0 ends the list.</summary>
    internal ulong FreeHead;

    /// <summary>When <see cref="Live"/> falls below this, the slab changes its bin.</summary>
    internal uint BinLow;

    /// <summary>Blocks that have ever been on the free list; those behind them were never touched.</summary>
    internal uint Carved;

    internal uint Capacity;
    internal byte Class;
    internal byte Bin;
    internal ChunkKind Kind;

    /// <summary>Headers of the neighbours in the slab's bin, 0 at the ends.</summary>
    internal ulong Previous;
    internal ulong Next;

    /// <summary>Usable bytes of an extent or mapping.</summary>
    internal long Size;

    /// <summary>Chunks that were acquired together.</summary>
    internal uint ChunkCount;

    /// <summary>Pages from the first chunk's start that the system may have given memory to.</summary>
    internal uint TouchedPages;

    /// <summary>The header of the chunk that holds the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Of(ulong address) =>
        (address & ~((1UL << RegionBits) - 1)) | ((address >> (ChunkBits - 6)) & ((ChunksPerRegion - 1) * SizeOf));

    /// <summary>The first address of the header's chunk.</summary>
    internal static ulong ChunkOf(ulong header)
    {
        ulong offset = header & ((1UL << RegionBits) - 1);
        return (header - offset) + (offset << (ChunkBits - 6));
    }
}
