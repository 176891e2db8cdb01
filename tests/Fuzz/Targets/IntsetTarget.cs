using Bixbite.Memory;
using Bixbite.Structures.Packed;

namespace Bixbite.Fuzz.Targets;

/// <summary>Bytes that pass the check are an ascending set in which each integer is found, and which stays one when it changes.</summary>
internal static class IntsetTarget
{
    private const int ChangesMax = 20;

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [2, 0, 0, 0, 3, 0, 0, 0, 0xFF, 0xFF, 5, 0, 7, 1],
        [4, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 1, 0],
        [8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, 0],
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > Intset.EmptySize)
        {
            Check(WithFrame(input));
        }
        Check(input.ToArray());
    }

    /// <summary>The input with a count that fits its width.</summary>
    private static byte[] WithFrame(ReadOnlySpan<byte> input)
    {
        int width = 2 << (input[0] % 3);
        int count = (input.Length - Intset.EmptySize) / width;
        byte[] framed = input[..(Intset.EmptySize + (count * width))].ToArray();
        BitConverter.TryWriteBytes(framed, width);
        BitConverter.TryWriteBytes(framed.AsSpan(4), count);
        return framed;
    }

    private static void Check(byte[] input)
    {
        using var place = new GuardedInput(input.Length);
        ReadOnlySpan<byte> set = Native.Bytes(place.Place(input), input.Length);
        if (!Intset.IsValid(set))
        {
            return;
        }
        int count = Intset.Count(set);
        for (int i = 0; i < count; i++)
        {
            long value = Intset.At(set, i);
            Require(Intset.Find(set, value) == i, "An integer is not found where it is.");
            Require(i == 0 || Intset.At(set, i - 1) < value, "The integers do not ascend.");
        }

        var link = new Link(place.Heap.Allocate(set.Length + 5));
        var tail = new BlockTail(place.Heap, ref link, 5);
        set.CopyTo(tail.Bytes(set.Length));
        for (int i = 0; i < Math.Min(count, ChangesMax); i++)
        {
            long value = Intset.At(set, i);
            Require(Intset.Remove(tail, value) && Intset.Insert(tail, ~value) == !Intset.Contains(set, ~value), "A change went wrong.");
            Require(Intset.IsValid(Intset.Set(tail)) && Intset.Insert(tail, value), "A change broke the set.");
            Intset.Remove(tail, Intset.Contains(set, ~value) ? value : ~value);
            Intset.Insert(tail, value);
        }
        Require(Intset.IsValid(Intset.Set(tail)) && Intset.Count(Intset.Set(tail)) == count, "The changes left something else.");
        place.Heap.Free(link.Address);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
