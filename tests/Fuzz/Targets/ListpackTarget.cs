using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Bytes that pass the check can be read both ways, searched and changed, and nothing beyond them is touched; the others are only
/// refused.
/// </summary>
internal static class ListpackTarget
{
    private const int ChangesMax = 20;

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [7, 0, 0, 0, 0, 0, 0xFF],
        [22, 0, 0, 0, 5, 0, 0x85, .. "hello"u8, 6, 5, 1, 0x80, 1, 0xC4, 0, 2, 0, 1, 0xFF],
        [34, 0, 0, 0, 5, 0, 0xF1, 0, 16, 3, 0xF2, 1, 2, 3, 4, 0xF3, 1, 2, 3, 4, 5, 0xF4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 0xFF],
        [23, 0, 0, 0, 3, 0, 0xE0, 2, .. "ab"u8, 4, 0xF0, 2, 0, 0, 0, .. "12"u8, 7, 0x81, (byte)'7', 2, 0xFF],
        [9, 0, 0, 0, 0xFF, 0xFF, 1, 1, 0xFF],
        Repeated(40),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length >= Listpack.EmptySize)
        {
            Check(WithFrame(input));
        }
        Check(input.ToArray());
    }

    /// <summary>Long enough for a search with vectors, with texts that occur in others.</summary>
    private static byte[] Repeated(int count)
    {
        byte[] entries = [0x83, .. "a\x81b"u8, 4, 0x81, (byte)'b', 2];
        byte[] pack = [0, 0, 0, 0, (byte)(2 * count), 0, .. Enumerable.Repeat(entries, count).SelectMany(bytes => bytes), 0xFF];
        BitConverter.TryWriteBytes(pack, pack.Length);
        return pack;
    }

    /// <summary>The input with a total and an end mark that fit, so that mutations come past them.</summary>
    private static byte[] WithFrame(ReadOnlySpan<byte> input)
    {
        byte[] framed = input.ToArray();
        BitConverter.TryWriteBytes(framed, framed.Length);
        if (framed[^1] % 2 == 0)
        {
            framed[4] = framed[5] = 0xFF;
        }
        framed[^1] = 0xFF;
        return framed;
    }

    private static void Check(byte[] input)
    {
        using var place = new GuardedInput(input.Length);
        ReadOnlySpan<byte> pack = Native.Bytes(place.Place(input), input.Length);
        if (!Listpack.IsValid(pack, out int count))
        {
            return;
        }
        List<byte[]> texts = ReadForward(pack);
        Require(texts.Count == count && Listpack.Count(pack) == count, "The count is not what reading gives.");
        ReadBackward(pack, texts);
        Search(pack, texts);
        Change(place.Heap, pack, texts);
    }

    private static List<byte[]> ReadForward(ReadOnlySpan<byte> pack)
    {
        var texts = new List<byte[]>();
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
        {
            texts.Add(Listpack.At(pack, offset).Text(scratch).ToArray());
        }
        return texts;
    }

    private static void ReadBackward(ReadOnlySpan<byte> pack, List<byte[]> texts)
    {
        int index = texts.Count;
        for (int offset = Listpack.Last(pack); offset != 0; offset = Listpack.Previous(pack, offset))
        {
            Require(Listpack.At(pack, offset).Equals(texts[--index]), "Backwards the entries are others.");
        }
        Require(index == 0, "Backwards some entries are missing.");
    }

    private static void Search(ReadOnlySpan<byte> pack, List<byte[]> texts)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            int first = texts.FindIndex(text => text.AsSpan().SequenceEqual(texts[i]));
            int found = Listpack.Find(pack, Listpack.First(pack), texts[i], 0);
            Require(found == Listpack.Seek(pack, first), "The search found another entry.");
            byte[] absent = [.. texts[i], 0xAA, .. texts[i]];
            Require(texts.Count > 1 || Listpack.Find(pack, Listpack.First(pack), absent, 1) == 0, "The search found what is not there.");
        }
    }

    private static void Change(Heap heap, ReadOnlySpan<byte> pack, List<byte[]> texts)
    {
        var link = new Link(heap.Allocate(pack.Length + 3));
        var tail = new BlockTail(heap, ref link, 3);
        pack.CopyTo(tail.Bytes(pack.Length));
        for (int i = 0; i < Math.Min(texts.Count, ChangesMax); i++)
        {
            Listpack.Replace(tail, Listpack.Seek(Listpack.Pack(tail), i), texts[^(i + 1)]);
            Listpack.InsertPair(tail, Listpack.Seek(Listpack.Pack(tail), i), texts[i], texts[i].Length);
            Listpack.Remove(tail, Listpack.Seek(Listpack.Pack(tail), i), 2);
        }
        Require(Listpack.IsValid(Listpack.Pack(tail), out int count) && count == texts.Count, "A change broke the listpack.");
        heap.Free(link.Address);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
