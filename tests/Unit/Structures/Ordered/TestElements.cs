using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Unit.Structures.Ordered;

/// <summary>Elements of an ordered tree: a prefix and a number that decides where prefixes are equal.</summary>
internal readonly struct TestElements : ITreeEntries
{
    public static bool IsWeighted => false;

    public static ulong PrefixOf(ulong entry) => Native.At<ulong>(entry);

    public static ulong Create(Heap heap, TestKey key)
    {
        ulong element = heap.Allocate(16);
        SetKey(element, key);
        return element;
    }

    public static void SetKey(ulong element, TestKey key)
    {
        Native.At<ulong>(element) = key.Prefix;
        Native.At<long>(element + 8) = key.Number;
    }

    public static TestKey KeyOf(ulong element) => new(Native.At<ulong>(element), Native.At<long>(element + 8));
}

/// <summary>Elements of a weighted tree: a number that the tree does not look at.</summary>
internal readonly struct TestBlocks : ITreeEntries
{
    public static bool IsWeighted => true;
}

internal readonly record struct TestKey(ulong Prefix, long Number) : ITreeKey, IComparable<TestKey>
{
    public int CompareTo(ulong entry) => Number.CompareTo(TestElements.KeyOf(entry).Number);

    public int CompareTo(TestKey other)
    {
        int order = Prefix.CompareTo(other.Prefix);
        return order != 0 ? order : Number.CompareTo(other.Number);
    }
}

/// <summary>The place before, or behind, all elements with a prefix.</summary>
internal readonly ref struct TestBound(ulong prefix, bool isBehind) : ITreeKey
{
    public ulong Prefix => prefix;

    public int CompareTo(ulong entry) => isBehind ? 1 : -1;
}

/// <summary>Moves elements that nobody else points to.</summary>
internal readonly struct ElementMover(Evacuation evacuation) : IEntryMover
{
    public ulong Move(ulong entry) => evacuation.Move(entry);
}
