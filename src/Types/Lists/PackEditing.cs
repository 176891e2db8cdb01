using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>What a list does with one listpack.</summary>
internal static class PackEditing
{
    /// <summary>The offset of the first entry that equals the text; 0 if none does.</summary>
    public static int Find(ReadOnlySpan<byte> pack, ReadOnlySpan<byte> text)
    {
        int first = Listpack.First(pack);
        return first == 0 ? 0 : Listpack.Find(pack, first, text, 0);
    }

    /// <summary>Removes up to so many entries that equal the text, beginning at one end; returns how many. None may be left.</summary>
    public static int RemoveEqual(in BlockTail tail, ReadOnlySpan<byte> text, long countMax, ListEnd from) =>
        from == ListEnd.Left ? RemoveForwards(tail, text, countMax) : RemoveBackwards(tail, text, countMax);

    private static int RemoveForwards(in BlockTail tail, ReadOnlySpan<byte> text, long countMax)
    {
        int removed = 0;
        int offset = Listpack.First(Listpack.Pack(tail));
        while (offset != 0 && removed < countMax)
        {
            offset = Listpack.Find(Listpack.Pack(tail), offset, text, 0);
            if (offset == 0)
            {
                break;
            }
            Listpack.Remove(tail, offset, 1);
            removed++;
            if (offset >= Listpack.Pack(tail).Length - 1)
            {
                break;
            }
        }
        return removed;
    }

    private static int RemoveBackwards(in BlockTail tail, ReadOnlySpan<byte> text, long countMax)
    {
        int removed = 0;
        int offset = Listpack.Last(Listpack.Pack(tail));
        while (offset != 0 && removed < countMax)
        {
            ReadOnlySpan<byte> pack = Listpack.Pack(tail);
            int previous = Listpack.Previous(pack, offset);
            if (Listpack.At(pack, offset).Equals(text))
            {
                Listpack.Remove(tail, offset, 1);
                removed++;
            }
            offset = previous;
        }
        return removed;
    }
}
