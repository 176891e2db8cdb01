using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>All that an index is, but for its segments: it lies in native memory, in a block of the index's owner.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
public struct IndexRoot
{
    public const int SizeOf = 88;

    /// <summary>The directory's words; 0 once the index has been given up.</summary>
    internal ulong Words;

    /// <summary>The ticks of the <see cref="DueTable"/>; 0 as long as no deadline was ever set.</summary>
    internal ulong DueTicks;

    /// <summary>The tick of the last collection of due entries.</summary>
    internal long LastTick;

    internal long Count;
    internal long VolatileCount;
    internal long SegmentCount;
    internal long MemoryBytes;

    /// <summary>The directory word at which the next look for segments on sparse pages begins.</summary>
    internal long EvacuationCursor;

    /// <summary>The directory word at which the next collection of due entries begins.</summary>
    internal long DueCursor;

    /// <summary>While the index is given up: the first hash whose segment is still there.</summary>
    internal ulong Released;

    /// <summary>Segments as deep as the directory.</summary>
    internal int DeepestCount;

    internal int Depth;

    /// <summary>The entries of the index whose root is at this address.</summary>
    public static long CountAt(ulong root) => Native.At<IndexRoot>(root).Count;

    /// <summary>The entries with a deadline of the index whose root is at this address.</summary>
    public static long VolatileCountAt(ulong root) => Native.At<IndexRoot>(root).VolatileCount;

    /// <summary>Makes an empty index in the <see cref="SizeOf"/> bytes at this address.</summary>
    public static void Initialize(Heap heap, ulong root) => SegmentDirectory.Initialize(heap, root);

    /// <summary>A block of its own with an empty index, for the caller to free.</summary>
    public static ulong Allocate(Heap heap)
    {
        ulong root = heap.Allocate(SizeOf);
        Initialize(heap, root);
        return root;
    }
}
