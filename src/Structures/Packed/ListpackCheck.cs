using System.Buffers.Binary;
using static Bixbite.Structures.Packed.ListpackEncoding;

namespace Bixbite.Structures.Packed;

/// <summary>Decides about bytes that may be any whether they are a listpack. Time grows with their number and nothing else.</summary>
internal static class ListpackCheck
{
    internal static bool IsValid(ReadOnlySpan<byte> pack, out int count)
    {
        count = 0;
        if (pack.Length is < Listpack.EmptySize or > Listpack.SizeMax)
        {
            return false;
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(pack) != (uint)pack.Length || pack[^1] != End)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = pack[Listpack.HeaderSize..];
        for (; rest[0] != End; count++)
        {
            int size = CheckedSize(rest);
            if (size == 0)
            {
                return false;
            }
            rest = rest[size..];
        }
        int told = BinaryPrimitives.ReadUInt16LittleEndian(pack[Listpack.CountOffset..]);
        return rest.Length == 1 && (told == Listpack.CountUnknown || told == count);
    }

    /// <summary>
    /// The size of the entry these bytes begin with, if it is sound and bytes are left behind it; else 0.
    /// </summary>
    private static int CheckedSize(ReadOnlySpan<byte> rest)
    {
        int size = SizeByHead[rest[0]];
        if (size != 0)
        {
            return size < rest.Length && rest[size - 1] == size - 1 ? size : 0;
        }

        int head = LargeHeadSize(rest[0]);
        if (head == 0 || head >= rest.Length)
        {
            return 0;
        }
        int length = LargeLengthAt(rest, 0);
        if ((uint)length >= (uint)(rest.Length - head))
        {
            return 0;
        }
        int body = head + length;
        int backSize = BackSizeOf(body);
        if (body + backSize >= rest.Length)
        {
            return 0;
        }
        Span<byte> expected = stackalloc byte[backSize];
        WriteBackSize(expected, body);
        return rest.Slice(body, backSize).SequenceEqual(expected) ? body + backSize : 0;
    }
}
