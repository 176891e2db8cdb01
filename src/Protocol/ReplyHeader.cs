using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>The first line of a reply: a type byte, a decimal number, a line end.</summary>
internal static class ReplyHeader
{
    /// <summary>Room for any header: a type byte, 20 digits, a line end, rounded up to allow stores of 8 bytes.</summary>
    public const int Room = 32;

    public const uint LineEnd = 0x0A0D;

    /// <summary>Writes a header and returns its size; the frequent short numbers are one store of a composed word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Put(Span<byte> room, byte kind, long value)
    {
        if ((ulong)value < 10)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(room, (LineEnd << 16) | ((uint)value + '0') << 8 | kind);
            return 4;
        }

        return (ulong)value < 1000 ? PutShort(room, kind, (uint)value) : PutLong(room, kind, value);
    }

    private static int PutShort(Span<byte> room, byte kind, uint value)
    {
        const ulong Zeroes = 0x30_3030;
        if (value < 100)
        {
            uint tens = value / 10;
            ulong two = (Zeroes & 0xFFFF) + tens + ((value - tens * 10) << 8);
            BinaryPrimitives.WriteUInt64LittleEndian(room, (ulong)LineEnd << 24 | two << 8 | kind);
            return 5;
        }

        uint hundreds = value / 100;
        uint rest = value - hundreds * 100;
        uint middle = rest / 10;
        ulong three = Zeroes + hundreds + (middle << 8) + ((rest - middle * 10) << 16);
        BinaryPrimitives.WriteUInt64LittleEndian(room, (ulong)LineEnd << 32 | three << 8 | kind);
        return 6;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int PutLong(Span<byte> room, byte kind, long value)
    {
        room[0] = kind;
        int size = 1 + Integers.Format(value, room[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(room[size..], (ushort)LineEnd);
        return size + 2;
    }
}
