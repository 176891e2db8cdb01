using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>The edits a list makes in one listpack.</summary>
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
        int offset = Find(Listpack.Pack(tail), text);
        while (offset != 0)
        {
            int count = RunFrom(Listpack.Pack(tail), offset, text, countMax - removed);
            Listpack.Remove(tail, offset, count);
            removed += count;
            ReadOnlySpan<byte> pack = Listpack.Pack(tail);
            bool isOver = removed == countMax || offset == Listpack.EndOffset(pack);
            offset = isOver ? 0 : Listpack.Find(pack, offset, text, 0);
        }
        return removed;
    }

    private static int RemoveBackwards(in BlockTail tail, ReadOnlySpan<byte> text, long countMax)
    {
        int removed = 0;
        // Whether there is one at all is found much faster forwards.
        int offset = Find(Listpack.Pack(tail), text) == 0 ? 0 : Listpack.Last(Listpack.Pack(tail));
        while (offset != 0 && removed < countMax)
        {
            ReadOnlySpan<byte> pack = Listpack.Pack(tail);
            int count = 0;
            int first = offset;
            while (offset != 0 && removed + count < countMax && Listpack.At(pack, offset).Equals(text))
            {
                first = offset;
                offset = Listpack.Previous(pack, offset);
                count++;
            }
            if (count > 0)
            {
                Listpack.Remove(tail, first, count);
                removed += count;
            }
            else
            {
                offset = Listpack.Previous(pack, offset);
            }
        }
        return removed;
    }

    /// <summary>How many entries from this one on, which is one of them, equal the text without another between them.</summary>
    private static int RunFrom(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, long countMax)
    {
        int count = 1;
        for (int next = Listpack.Next(pack, offset); next != 0 && count < countMax; next = Listpack.Next(pack, next))
        {
            if (!Listpack.At(pack, next).Equals(text))
            {
                break;
            }
            count++;
        }
        return count;
    }
}
