using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using static Bixbite.Structures.Packed.ListpackEncoding;

namespace Bixbite.Structures.Packed;

/// <summary>
/// Looks for an entry by its text. A walk goes from entry to entry, and each step waits for the one before: in a small listpack that is
/// the fastest. In a larger one the text's bytes are sought with vectors first. Where they do not occur, the entry is not there, and
/// nothing was walked; where they occur behind a fitting head, a walk from the nearer end proves that this is an entry and not
/// the inside of one. Long texts are walked to: their entries are few.
/// <code>
///   | header | entry | entry | entry | 0x85 h e l l o 6 | entry | ... | 0xFF |
///            proof ------------------^ text found  ^-------- proof from here, if nearer
/// </code>
/// </summary>
internal static class ListpackSearch
{
    /// <summary>From so many bytes on the vectors win (measured).</summary>
    private const int VectorSizeMin = 160;

    /// <summary>The text may occur in other texts. After so many of those the walk is the safer way.</summary>
    private const int FalsePlacesMax = 8;

    private const int None = 0;
    private const int Unclear = -1;

    internal static int Find(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip)
    {
        if (text.Length > 0 && text[0] <= '9')
        {
            var sought = new ListpackItem(text);
            if (sought.IsInteger)
            {
                return FindInteger(pack, offset, sought, skip);
            }
        }
        return pack.Length - offset < VectorSizeMin || text.Length is 0 or > ShortTextMax
            ? WalkToText(pack, offset, text, skip)
            : FindPlace(pack, offset, text, skip);
    }

    private static int FindPlace(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip)
    {
        int place = PlaceOf(pack, offset, text);
        if (place == None || (place != Unclear && IsEntry(pack, offset, place, skip)))
        {
            return place;
        }
        return WalkToText(pack, offset, text, skip);
    }

    /// <summary>The first place behind the offset that looks like an entry with this text.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text)
    {
        int start = offset + 1;
        for (int i = 0; i < FalsePlacesMax; i++)
        {
            int found = pack[start..].IndexOf(text);
            if (found < 0)
            {
                return None;
            }
            start += found;
            int head = HeadBefore(pack, start, text.Length);
            if (start - head >= offset && head > 0)
            {
                return start - head;
            }
            start++;
        }
        return Unclear;
    }

    /// <summary>The size of the head before a text, if it is that of a text of this length, in whatever form; else 0.</summary>
    private static int HeadBefore(ReadOnlySpan<byte> pack, int text, int length)
    {
        Debug.Assert(length <= ShortTextMax, "Longer texts are not sought with vectors.");
        if (pack[text - 1] == (ShortText | length))
        {
            return 1;
        }
        if (pack[text - 1] == length && pack[text - 2] == MediumText)
        {
            return 2;
        }
        return pack[text - LongTextHead] == LongText && BinaryPrimitives.ReadInt32LittleEndian(pack[(text - 4)..]) == length
            ? LongTextHead
            : 0;
    }

    /// <summary>Whether an entry that is to be compared begins at this place: by walking there from the nearer end.</summary>
    private static bool IsEntry(ReadOnlySpan<byte> pack, int offset, int place, int skip)
    {
        int end = pack.Length - 1;
        if (place - offset > end - place && CanWalkBack(pack, offset, skip))
        {
            while (end > place)
            {
                for (int i = skip; i >= 0; i--)
                {
                    end -= SizeBefore(pack, end);
                }
            }
            return end == place;
        }
        while (offset < place)
        {
            offset = SkipFrom(pack, offset, skip + 1);
        }
        return offset == place;
    }

    /// <summary>Whether steps of skip + 1 entries from the end meet those from the offset.</summary>
    private static bool CanWalkBack(ReadOnlySpan<byte> pack, int offset, int skip)
    {
        if (skip == 0)
        {
            return true;
        }
        int count = BinaryPrimitives.ReadUInt16LittleEndian(pack[Listpack.CountOffset..]);
        return offset == Listpack.HeaderSize && count != Listpack.CountUnknown && count % (skip + 1) == 0;
    }

    private static int WalkToText(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip)
    {
        int soughtHead = text.Length <= ShortTextMax ? ShortText | text.Length : None;
        while (true)
        {
            byte head = pack[offset];
            if (head == soughtHead && soughtHead != None && pack.Slice(offset + 1, text.Length).SequenceEqual(text))
            {
                return offset;
            }
            int size = SizeByHead[head];
            if (size == 0)
            {
                if (head == End)
                {
                    return None;
                }
                if (ListpackEntry.Read(pack, offset).Equals(text))
                {
                    return offset;
                }
                size = LargeSizeAt(pack, offset);
            }
            offset = SkipFrom(pack, offset + size, skip);
        }
    }

    private static int FindInteger(ReadOnlySpan<byte> pack, int offset, in ListpackItem sought, int skip)
    {
        long integer = sought.Integer;
        while (true)
        {
            byte head = pack[offset];
            int size = SizeByHead[head];
            if (head < ShortText ? head == integer : EqualsOther(pack, offset, head, sought))
            {
                return offset;
            }
            if (size == 0)
            {
                if (head == End)
                {
                    return None;
                }
                size = LargeSizeAt(pack, offset);
            }
            offset = SkipFrom(pack, offset + size, skip);
        }
    }

    /// <summary>Whether the entry reads as this integer, in whatever form: another writer may have stored it wider, or as text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EqualsOther(ReadOnlySpan<byte> pack, int offset, byte head, in ListpackItem sought)
    {
        if (head < ShortInteger)
        {
            return head == (ShortText | sought.Text.Length) && pack.Slice(offset + 1, sought.Text.Length).SequenceEqual(sought.Text);
        }
        if (head < MediumText)
        {
            return ListpackEntry.ShortIntegerOf(head, pack[offset + 1]) == sought.Integer;
        }
        if (head <= LongText)
        {
            return ListpackEntry.Read(pack, offset).Equals(sought.Text);
        }
        return head != End && ListpackEntry.WideIntegerAt(pack[offset..]) == sought.Integer;
    }

    /// <summary>So many entries further, or the end mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipFrom(ReadOnlySpan<byte> pack, int offset, int count)
    {
        for (; count > 0; count--)
        {
            int size = SizeByHead[pack[offset]];
            if (size == 0)
            {
                if (pack[offset] == End)
                {
                    break;
                }
                size = LargeSizeAt(pack, offset);
            }
            offset += size;
        }
        return offset;
    }
}
