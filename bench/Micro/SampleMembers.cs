using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Micro;

/// <summary>Elements as a sorted set has them: an 8-byte score, then a member of 12 bytes.</summary>
internal readonly struct SampleMembers : ITreeEntries
{
    public const int Size = 24;

    public static bool IsWeighted => false;

    public static ulong PrefixOf(ulong entry) => Native.At<ulong>(entry) >> (64 - TreePrefix.Bits);

    public static ulong Create(Heap heap, ulong score, int number)
    {
        ulong element = heap.Allocate(Size);
        Native.At<ulong>(element) = score;
        Native.At<long>(element + 8) = number;
        return element;
    }

    public static SampleKey KeyOf(ulong element) => new(Native.At<ulong>(element), Native.At<long>(element + 8));

    /// <summary>The score that stands at this place in some random order.</summary>
    public static ulong Scatter(ulong number) => number * 0x9E37_79B9_7F4A_7C15;
}

internal readonly record struct SampleKey(ulong Score, long Number) : ITreeKey
{
    public ulong Prefix => Score >> (64 - TreePrefix.Bits);

    public int CompareTo(ulong entry)
    {
        SampleKey other = SampleMembers.KeyOf(entry);
        return Score != other.Score ? Score.CompareTo(other.Score) : Number.CompareTo(other.Number);
    }
}
