using System.Buffers.Binary;
using System.Diagnostics;

namespace Bixbite.Structures.Packed;

/// <summary>
/// Changes at the ends of a listpack that move no other entry: only the header, or the end mark, is written anew at another place. In
/// front that means that the listpack begins elsewhere in its block:
/// <code>
///   | slack .......... | size, count | first | second | ... | FF |
///   | slack ................. | size, count | second | ... | FF |        without the first
/// </code>
/// </summary>
public static class ListpackEnds
{
    /// <summary>The most that an entry takes beyond its text: a long one's head and its size behind.</summary>
    private const int EntryFrameMax = 10;

    /// <summary>
    /// Puts a text before the listpack that begins as many bytes into the room as the entry takes; the listpack now begins with the room.
    /// </summary>
    public static void WriteFirst(Span<byte> room, ReadOnlySpan<byte> text)
    {
        var item = new ListpackItem(text);
        ReadOnlySpan<byte> header = room[item.Size..];
        int size = BinaryPrimitives.ReadInt32LittleEndian(header) + item.Size;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[Listpack.CountOffset..]);
        item.WriteTo(room.Slice(Listpack.HeaderSize, item.Size));
        WriteHeader(room, size, count == Listpack.CountUnknown ? Listpack.CountUnknown : count + 1);
    }

    /// <summary>The bytes that are enough for a text of this length as an entry.</summary>
    public static long EntrySizeMax(int textLength) => (long)textLength + EntryFrameMax;

    /// <summary>
    /// Puts a text behind all entries; the room begins with the listpack and has the spare bytes behind it that <see cref="EntrySizeMax"/>
    /// tells.
    /// </summary>
    public static void WriteLast(Span<byte> room, ReadOnlySpan<byte> text)
    {
        var item = new ListpackItem(text);
        int end = Listpack.EndOffset(room);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(room[Listpack.CountOffset..]);
        item.WriteTo(room.Slice(end, item.Size));
        end += item.Size;
        room[end] = ListpackEncoding.End;
        WriteHeader(room, end + 1, count == Listpack.CountUnknown ? Listpack.CountUnknown : count + 1);
    }

    /// <summary>Takes some entries, but not all, from the front; returns by how many bytes the listpack now begins later.</summary>
    public static int DropFirst(Span<byte> pack, int count)
    {
        int left = Listpack.Count(pack) - count;
        Debug.Assert(count > 0 && left > 0, "Some are taken and some are left.");
        int skipped = Listpack.Seek(pack, count) - Listpack.HeaderSize;
        WriteHeader(pack[skipped..], pack.Length - skipped, left);
        return skipped;
    }

    /// <summary>Takes some entries, but not all, from the end.</summary>
    public static void DropLast(Span<byte> pack, int count)
    {
        int left = Listpack.Count(pack) - count;
        Debug.Assert(count > 0 && left > 0, "Some are taken and some are left.");
        int end = Listpack.Seek(pack, -count);
        pack[end] = ListpackEncoding.End;
        WriteHeader(pack, end + 1, left);
    }

    /// <summary>The size of a listpack of the entries from the one at the offset on.</summary>
    public static int SizeFrom(ReadOnlySpan<byte> pack, int offset) => Listpack.HeaderSize + pack.Length - offset;

    /// <summary>Makes a listpack of the last so many entries, which begin at the offset; the target has just the size.</summary>
    public static void CopyFrom(ReadOnlySpan<byte> pack, int offset, int count, Span<byte> target)
    {
        Debug.Assert(target.Length == SizeFrom(pack, offset), "The target has just the size.");
        pack[offset..].CopyTo(target[Listpack.HeaderSize..]);
        WriteHeader(target, target.Length, count);
    }

    private static void WriteHeader(Span<byte> pack, int size, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(pack, size);
        BinaryPrimitives.WriteUInt16LittleEndian(pack[Listpack.CountOffset..], (ushort)Math.Min(count, Listpack.CountUnknown));
    }
}
