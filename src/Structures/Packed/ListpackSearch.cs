using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Bixbite.Structures.Packed.ListpackEncoding;

namespace Bixbite.Structures.Packed;

/// <summary>
/// Looks for an entry by its text. Each step reads eight bytes of the entry at once: its first byte tells the size, all of them
/// together are compared with the first eight the sought entry would have. So no step depends on the comparison, and the processor
/// walks ahead of it.
/// </summary>
internal static class ListpackSearch
{
    private const int WordSize = sizeof(ulong);

    internal static int Find(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip)
    {
        var sought = new ListpackItem(text);
        return sought.IsInteger ? FindInteger(pack, offset, sought, skip) : FindText(pack, offset, text, skip);
    }

    private static int FindText(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip)
    {
        Span<byte> first = stackalloc byte[WordSize];
        first.Clear();
        int head = ListpackItem.WriteHead(first, text.Length);
        int compared = Math.Min(text.Length, WordSize - head);
        text[..compared].CopyTo(first[head..]);
        ulong wanted = BinaryPrimitives.ReadUInt64LittleEndian(first);
        ulong mask = ulong.MaxValue >> (8 * (WordSize - head - compared));
        ReadOnlySpan<byte> others = text[compared..];

        while (true)
        {
            ulong word = WordAt(pack, offset);
            if ((word & mask) == wanted && (others.IsEmpty || pack.Slice(offset + WordSize, others.Length).SequenceEqual(others)))
                return offset;
            int size = SizeByHead[(byte)word];
            if (size == 0)
            {
                if ((byte)word == End)
                    return 0;
                if (ListpackEntry.Read(pack, offset).Equals(text))
                    return offset;
                size = LargeSizeAt(pack, offset);
            }
            offset = SkipFrom(pack, offset + size, skip);
        }
    }

    private static int FindInteger(ReadOnlySpan<byte> pack, int offset, in ListpackItem sought, int skip)
    {
        while (true)
        {
            ulong word = WordAt(pack, offset);
            byte head = (byte)word;
            int size = SizeByHead[head];
            if (head < ShortText ? head == sought.Integer : head != End && EqualsOther(pack, offset, word, sought))
                return offset;
            if (size == 0)
            {
                if (head == End)
                    return 0;
                size = LargeSizeAt(pack, offset);
            }
            offset = SkipFrom(pack, offset + size, skip);
        }
    }

    /// <summary>Whether the entry is this integer, in whatever encoding: some other writer's text may also read as it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EqualsOther(ReadOnlySpan<byte> pack, int offset, ulong word, in ListpackItem sought)
    {
        byte head = (byte)word;
        if (head < ShortInteger)
            return (head & ShortTextMax) == sought.Text.Length && pack.Slice(offset + 1, sought.Text.Length).SequenceEqual(sought.Text);
        if (head < MediumText)
            return ListpackEntry.ShortIntegerOf(head, (byte)(word >> 8)) == sought.Integer;
        return head <= LongText
            ? ListpackEntry.Read(pack, offset).Equals(sought.Text)
            : ListpackEntry.WideIntegerAt(pack[offset..]) == sought.Integer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipFrom(ReadOnlySpan<byte> pack, int offset, int skip)
    {
        for (; skip > 0 && pack[offset] != End; skip--)
            offset += SizeAt(pack, offset);
        return offset;
    }

    /// <summary>Eight bytes from this offset on; those behind the end read as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WordAt(ReadOnlySpan<byte> pack, int offset)
    {
        int last = pack.Length - WordSize;
        return offset <= last
            ? BinaryPrimitives.ReadUInt64LittleEndian(pack[offset..])
            : BinaryPrimitives.ReadUInt64LittleEndian(pack[last..]) >> (8 * (offset - last));
    }
}
