using System.Diagnostics;

namespace Bixbite.Memory;

/// <summary>
/// Chooses the slabs of each class that are worth emptying.
/// <code>
///   slabs of a class, the emptiest first     | 5 % | 10 % | 40 % | 90 % | current |
///                                              leave, leave        blocks go to the free places here, and then to fresh slabs
/// </code>
/// A slab leaves if that gives more pages back than it takes: those of fresh slabs for what finds no free place, and the effort of copying.
/// </summary>
internal sealed class SlabChoice(Slabs slabs)
{
    /// <summary>So many slabs of a class are looked at in one step; more wait for the next evacuation.</summary>
    private const int SlabCountMax = 2048;

    /// <summary>The least number of bytes that emptying a slab must gain, so that single pages are not moved to and fro.</summary>
    private const long GainMin = 16 * 1024;

    /// <summary>A byte gained is worth copying so many.</summary>
    private const long CopiedPerGained = 8;

    private readonly List<ulong> _withRoom = [];

    /// <summary>Makes slabs of this class leave.</summary>
    internal void Choose(int sizeClass)
    {
        _withRoom.Clear();
        slabs.ListWithRoom(sizeClass, _withRoom, SlabCountMax);
        _withRoom.Sort(static (a, b) => LiveOf(a).CompareTo(LiveOf(b)));
        int blockSize = SizeClass.SizeOf(sizeClass);
        long roomCount = 0;
        foreach (ulong header in _withRoom)
        {
            roomCount += FreeOf(header);
        }
        long movedCount = 0;
        foreach (ulong header in _withRoom)
        {
            long live = LiveOf(header);
            long roomLeft = roomCount - FreeOf(header);
            long added = FreshBytes(movedCount + live - roomLeft, blockSize) - FreshBytes(movedCount - roomCount, blockSize);
            long gain = (Native.At<ChunkHeader>(header).TouchedPages * Pages.Size) - added;
            if (gain < GainMin || gain * CopiedPerGained < live * blockSize)
            {
                continue;
            }
            roomCount = roomLeft;
            movedCount += live;
            slabs.MakeLeave(header);
        }
    }

    private static long LiveOf(ulong header) => Native.At<ChunkHeader>(header).Live;

    private static long FreeOf(ulong header)
    {
        ref ChunkHeader slab = ref Native.At<ChunkHeader>(header);
        Debug.Assert(slab.Live <= slab.Capacity, "A slab has no more blocks than it holds.");
        return slab.Capacity - slab.Live;
    }

    private static long FreshBytes(long count, int blockSize) => count <= 0 ? 0 : Pages.RoundUp(count * blockSize);
}
