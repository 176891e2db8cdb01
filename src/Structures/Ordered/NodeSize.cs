namespace Bixbite.Structures.Ordered;

/// <summary>
/// How many entries nodes hold, so that their blocks fill a size class of the heap. The top node grows through the sizes and shrinks
/// again; all others have the largest.
/// <code>
///   capacity   8    24    56   104   176
///   leaf     128   320   704  1280          bytes
///   inner    192   512  1152        3552
/// </code>
/// </summary>
internal static class NodeSize
{
    internal const int LeafCapacity = 104;
    internal const int InnerCapacity = 176;
    internal const int SmallestCapacity = 8;

    private const int LeafEntrySize = 12;
    private const int InnerEntrySize = 20;

    internal static int CapacityMax(int level) => level == 0 ? LeafCapacity : InnerCapacity;

    /// <summary>Below this a node takes entries from a sibling or joins it.</summary>
    internal static int CountMin(int level) => CapacityMax(level) * 2 / 5;

    /// <summary>Two siblings with no more entries than this become one.</summary>
    internal static int MergedCountMax(int level) => CapacityMax(level) * 7 / 8;

    /// <summary>At the tree's ends nodes fill and drain one by one: there siblings become one only if that leaves it half empty.</summary>
    internal static int MergedCountMaxAtEnd(int level) => CapacityMax(level) / 2;

    /// <summary>A full node gives entries to a sibling that has no more than this.</summary>
    internal static int SharingCountMax(int level) => CapacityMax(level) * 7 / 8;

    internal static int Next(int level, int capacity) => capacity switch
    {
        8 => 24,
        24 => 56,
        _ => CapacityMax(level),
    };

    /// <summary>The smallest capacity that so many entries fill to three quarters at most.</summary>
    internal static int Roomy(int level, int count)
    {
        int capacity = SmallestCapacity;
        while (count > capacity * 3 / 4 && capacity < CapacityMax(level))
        {
            capacity = Next(level, capacity);
        }
        return capacity;
    }

    internal static long BytesFor(int level, int capacity) =>
        NodeHeader.SizeOf + ((long)capacity * (level == 0 ? LeafEntrySize : InnerEntrySize));
}
