using System.Buffers.Binary;
using System.Diagnostics;

namespace Bixbite.Structures.Bits;

/// <summary>
/// Numbers of 1 to 64 bits anywhere in a text of bytes, the most significant bit first: 5 bits of 23 at bit 7 are
/// <code>
/// 00000001 01110000
///        ^ ^^^^
/// </code>
/// A field touches at most nine bytes; they are handled as one 128-bit word whose top bit is the top bit of the first byte.
/// </summary>
public static class BitField
{
    private const int WindowSize = 9;

    /// <summary>The number at the bit offset; bits beyond the end of the text read as zero.</summary>
    public static long Get(ReadOnlySpan<byte> bytes, long offset, BitFieldType type)
    {
        Debug.Assert(offset >= 0);
        if (offset >> 3 >= bytes.Length)
        {
            return 0;
        }
        UInt128 word = Load(bytes[(int)(offset >> 3)..]) << (int)(offset & 7);
        ulong top = (ulong)(word >> 64);
        int unused = 64 - type.BitCount;
        return type.IsSigned ? (long)top >> unused : (long)(top >> unused);
    }

    /// <summary>Stores the lower bits of the value; the text has to hold all bits of the field.</summary>
    public static void Set(Span<byte> bytes, long offset, BitFieldType type, long value)
    {
        Debug.Assert(offset >= 0 && offset + type.BitCount - 1 >> 3 < bytes.Length);
        Span<byte> window = bytes[(int)(offset >> 3)..];
        int shift = 128 - (int)(offset & 7) - type.BitCount;
        UInt128 mask = (UInt128)(ulong.MaxValue >> (64 - type.BitCount)) << shift;
        UInt128 word = Load(window);
        Store(window, word & ~mask | (UInt128)(ulong)value << shift & mask);
    }

    /// <summary>Makes a value fit the type for SET; false if it does not and the rule is to fail.</summary>
    /// <remarks>The value of an unsigned field is taken for unsigned, so -1 is too large for it and not too small.</remarks>
    public static bool TryFit(BitFieldType type, long value, BitFieldOverflow overflow, out long fitted)
    {
        // Redis' distance to the maximum overflows for values this small, and so it takes them for too large.
        bool isTooLarge = value < type.Min && (Int128)type.Max - value > long.MaxValue;
        Int128 number = type.IsSigned && !isTooLarge ? value : (ulong)value;
        return TryFit(type, number, overflow, out fitted);
    }

    /// <summary>The sum for INCRBY, made to fit the type; false if it does not and the rule is to fail.</summary>
    public static bool TryAdd(BitFieldType type, long value, long increment, BitFieldOverflow overflow, out long sum) =>
        TryFit(type, (Int128)value + increment, overflow, out sum);

    private static bool TryFit(BitFieldType type, Int128 number, BitFieldOverflow overflow, out long fitted)
    {
        if (number >= type.Min && number <= type.Max)
        {
            fitted = (long)number;
            return true;
        }
        if (overflow == BitFieldOverflow.Saturate)
        {
            fitted = number > type.Max ? type.Max : type.Min;
            return true;
        }
        int unused = 64 - type.BitCount;
        ulong top = (ulong)(UInt128)number << unused;
        fitted = type.IsSigned ? (long)top >> unused : (long)(top >> unused);
        return overflow == BitFieldOverflow.Wrap;
    }

    private static UInt128 Load(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= WindowSize)
        {
            return new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), (ulong)bytes[WindowSize - 1] << 56);
        }
        UInt128 word = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            word |= (UInt128)bytes[i] << (120 - 8 * i);
        }
        return word;
    }

    private static void Store(Span<byte> bytes, UInt128 word)
    {
        int size = Math.Min(bytes.Length, WindowSize);
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)(word >> (120 - 8 * i));
        }
    }
}
