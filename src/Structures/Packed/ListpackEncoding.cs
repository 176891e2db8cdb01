using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Packed;

/// <summary>
/// How the entries of a listpack are written. The first byte, the head, tells what follows; behind the body stands the body's size, read
/// from its last byte backwards, so that entries can be walked from the end.
/// <code>
///   entry = | head and body: size bytes | size: 1 to 5 bytes |
///
///   0xxxxxxx                            integer 0 .. 127
///   10llllll text                       text of up to 63 bytes
///   110xxxxx xxxxxxxx                   integer of 13 bits, signed, the high bits first
///   1110llll llllllll text              text of up to 4095 bytes, the length's high bits first
///   0xF0 + 4 bytes of length + text     longer text
///   0xF1, 0xF2, 0xF3, 0xF4              integers of 2, 3, 4, 8 bytes, signed, little-endian
///   0xFF                                the end of the listpack
///
///   size: 7 bits a byte, the first byte has the highest ones; all but the first have their top bit set
/// </code>
/// </summary>
internal static class ListpackEncoding
{
    internal const byte ShortText = 0x80;
    internal const byte ShortInteger = 0xC0;
    internal const byte MediumText = 0xE0;
    internal const byte LongText = 0xF0;
    internal const byte Integer16 = 0xF1;
    internal const byte Integer24 = 0xF2;
    internal const byte Integer32 = 0xF3;
    internal const byte Integer64 = 0xF4;
    internal const byte End = 0xFF;

    internal const int ShortTextMax = 63;
    internal const int MediumTextMax = 4095;
    internal const int LongTextHead = 5;

    private const int BackSizeMax = 5;

    /// <summary>
    /// By head: the bytes of an entry, its backward size included, or 0 where the head alone does not tell. One look instead of
    /// a branch for each encoding, which the processor could not foresee in mixed data.
    /// </summary>
    internal static ReadOnlySpan<byte> SizeByHead =>
    [
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
        34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
        50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 4, 5, 6, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The bytes of the entry at this offset, its backward size included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SizeAt(ReadOnlySpan<byte> pack, int offset)
    {
        int size = SizeByHead[pack[offset]];
        return size != 0 ? size : LargeSizeAt(pack, offset);
    }

    /// <summary><see cref="SizeAt"/> for heads that do not tell the size alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int LargeSizeAt(ReadOnlySpan<byte> pack, int offset)
    {
        int head = LargeHeadSize(pack[offset]);
        Invariant.Require(head > 0, "a listpack's entry has no known encoding");
        int body = head + LargeLengthAt(pack, offset);
        return body + BackSizeOf(body);
    }

    /// <summary>The bytes before the text, for heads whose text is not a short one; 0 for others.</summary>
    internal static int LargeHeadSize(byte head) => head == LongText ? LongTextHead : (head & 0xF0) == MediumText ? 2 : 0;

    /// <summary>The length of a text that is not a short one.</summary>
    internal static int LargeLengthAt(ReadOnlySpan<byte> pack, int offset) => pack[offset] == LongText
        ? BinaryPrimitives.ReadInt32LittleEndian(pack[(offset + 1)..])
        : ((pack[offset] & 0x0F) << 8) | pack[offset + 1];

    /// <summary>
    /// The bytes that a body's size takes behind it. The limits are Redis': from the third on they lie one below what would fit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int BackSizeOf(int body) => body <= 127 ? 1 : LargeBackSizeOf(body);

    private static int LargeBackSizeOf(int body) => body < 16383 ? 2 : body < 2097151 ? 3 : body < 268435455 ? 4 : BackSizeMax;

    internal static void WriteBackSize(Span<byte> target, int body)
    {
        Debug.Assert(target.Length == BackSizeOf(body), "The size has its one place.");
        uint rest = (uint)body;
        for (int i = target.Length - 1; i > 0; i--, rest >>= 7)
        {
            target[i] = (byte)(rest | 0x80);
        }
        target[0] = (byte)rest;
    }

    /// <summary>The bytes of the entry that ends before this offset, its backward size included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SizeBefore(ReadOnlySpan<byte> pack, int offset)
    {
        int last = pack[offset - 1];
        return last <= 127 ? last + 1 : LargeSizeBefore(pack, offset);
    }

    private static int LargeSizeBefore(ReadOnlySpan<byte> pack, int offset)
    {
        int body = 0;
        int shift = 0;
        byte next;
        do
        {
            next = pack[--offset];
            body |= (next & 0x7F) << shift;
            shift += 7;
        }
        while ((next & 0x80) != 0 && shift < 7 * BackSizeMax);
        return body + BackSizeOf(body);
    }
}
