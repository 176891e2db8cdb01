using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>All that an index is, but for its segments: it lies in native memory, in a block of the index's owner.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
public struct IndexRoot
{
    public const int SizeOf = 96;

    /// <summary>The directory's words; 0 once the index has been given up.</summary>
    internal ulong Words;

    /// <summary>The seed that this index mixes into its keys' hashes.</summary>
    internal ulong Seed;

    /// <summary>The directory has 2 to this power of words.</summary>
    internal int Depth;

    /// <summary>Words of the directory that no other word is equal to by design: of segments as deep as it, and of nodes.</summary>
    internal int DeepestCount;

    internal long Count;
    internal long VolatileCount;
    internal long MemoryBytes;

    /// <summary>The words of the <see cref="SegmentTable"/>; 0 as long as there is one segment.</summary>
    internal ulong Table;

    /// <summary>The ticks of the <see cref="DueTable"/>; 0 as long as no deadline was ever set.</summary>
    internal ulong DueTicks;

    /// <summary>The tick of the last collection of due entries.</summary>
    internal long LastTick;

    /// <summary>While the index is given up: the first hash whose segment is still there.</summary>
    internal ulong Released;

    internal int SegmentCount;

    /// <summary>The table has room for 2 to this power of segments.</summary>
    internal int TableShift;

    /// <summary>The number of the segment at which the next look for segments on sparse pages begins.</summary>
    internal int EvacuationCursor;

    /// <summary>The number of the segment at which the next collection of due entries begins.</summary>
    internal int DueCursor;

    /// <summary>The entries of the index whose root is at this address.</summary>
    public static long CountAt(ulong root) => Native.At<IndexRoot>(root).Count;

    /// <summary>The entries with a deadline of the index whose root is at this address.</summary>
    public static long VolatileCountAt(ulong root) => Native.At<IndexRoot>(root).VolatileCount;

    /// <summary>Makes an empty index in the <see cref="SizeOf"/> bytes at this address.</summary>
    /// <param name="heap">Where the index lives.</param>
    /// <param name="root">The address.</param>
    /// <param name="indexSeed">A seed that no other index has.</param>
    public static void Initialize(Heap heap, ulong root, ulong indexSeed) => SegmentDirectory.Initialize(heap, root, indexSeed);

    /// <summary>A block of its own with an empty index, for the caller to free.</summary>
    public static ulong Allocate(Heap heap, ulong indexSeed)
    {
        ulong root = heap.Allocate(SizeOf);
        Initialize(heap, root, indexSeed);
        return root;
    }
}
