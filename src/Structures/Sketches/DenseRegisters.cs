using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bixbite.Structures.Sketches;

/// <summary>
/// 16,384 registers of 6 bits, packed from the least significant bit on: four of them are three bytes.
/// <code>
/// byte 0    byte 1    byte 2
/// 11000000  22221111  33333322
/// </code>
/// </summary>
internal static class DenseRegisters
{
    public const int Size = HyperLogLog.RegisterCount * Bits / 8;

    /// <summary>How many values a register can have.</summary>
    public const int ValueCount = 1 << Bits;

    private const int Bits = 6;
    private const int Mask = ValueCount - 1;

    public static int Get(ReadOnlySpan<byte> registers, int index)
    {
        int bit = index * Bits;
        int at = bit >> 3;
        int word = registers[at];
        // The last register ends with the last byte: the byte after it does not exist, nor does it matter.
        if (at + 1 < registers.Length)
        {
            word |= registers[at + 1] << 8;
        }
        return word >> (bit & 7) & Mask;
    }

    /// <summary>Sets a register if it is smaller; whether it was.</summary>
    public static bool Raise(Span<byte> registers, int index, int value)
    {
        Debug.Assert(value is >= 0 and <= Mask);
        if (value <= Get(registers, index))
        {
            return false;
        }
        int bit = index * Bits;
        int at = bit >> 3;
        int shift = bit & 7;
        registers[at] = (byte)(registers[at] & ~(Mask << shift) | value << shift);
        if (shift > 8 - Bits)
        {
            registers[at + 1] = (byte)(registers[at + 1] & ~(Mask >> 8 - shift) | value >> 8 - shift);
        }
        return true;
    }

    /// <summary>Packs registers of a byte each.</summary>
    public static void Write(ReadOnlySpan<byte> registers, Span<byte> packed)
    {
        Debug.Assert(registers.Length == HyperLogLog.RegisterCount && packed.Length == Size);
        for (int from = 0, to = 0; from < registers.Length; from += 4, to += 3)
        {
            int four = registers[from] | registers[from + 1] << 6 | registers[from + 2] << 12 | registers[from + 3] << 18;
            packed[to] = (byte)four;
            packed[to + 1] = (byte)(four >> 8);
            packed[to + 2] = (byte)(four >> 16);
        }
    }

    /// <summary>Raises registers of a byte each to the packed ones.</summary>
    public static void Merge(ReadOnlySpan<byte> packed, Span<byte> registers)
    {
        Debug.Assert(registers.Length == HyperLogLog.RegisterCount && packed.Length == Size);
        Span<Vector128<byte>> sixteens = MemoryMarshal.Cast<byte, Vector128<byte>>(registers);
        for (int i = 0; i < sixteens.Length; i++)
        {
            sixteens[i] = Vector128.Max(sixteens[i], Unpack(packed, i));
        }
    }

    /// <summary>Counts how many registers have which value.</summary>
    public static void Count(ReadOnlySpan<byte> packed, Span<int> histogram)
    {
        Debug.Assert(packed.Length == Size && histogram.Length == ValueCount);
        Span<byte> registers = stackalloc byte[HyperLogLog.RegisterCount];
        Span<Vector128<byte>> sixteens = MemoryMarshal.Cast<byte, Vector128<byte>>(registers);
        for (int i = 0; i < sixteens.Length; i++)
        {
            sixteens[i] = Unpack(packed, i);
        }
        CountUnpacked(registers, histogram);
    }

    /// <summary>Counts how many registers of a byte each have which value.</summary>
    public static void CountUnpacked(ReadOnlySpan<byte> registers, Span<int> histogram)
    {
        // Neighbours often are equal, and a counter has to be written before it can be read again: each lane has its own.
        const int laneCount = 4;
        Span<int> lanes = stackalloc int[laneCount * ValueCount];
        lanes.Clear();
        for (int i = 0; i + laneCount <= registers.Length; i += laneCount)
        {
            lanes[registers[i] & Mask]++;
            lanes[ValueCount + (registers[i + 1] & Mask)]++;
            lanes[(2 * ValueCount) + (registers[i + 2] & Mask)]++;
            lanes[(3 * ValueCount) + (registers[i + 3] & Mask)]++;
        }
        for (int i = 0; i < lanes.Length; i++)
        {
            histogram[i & Mask] += lanes[i];
        }
    }

    /// <summary>The sixteen registers of twelve bytes: three bytes to each 32-bit lane, then a register to each byte of it.</summary>
    private static Vector128<byte> Unpack(ReadOnlySpan<byte> packed, int sixteen)
    {
        const int twelve = 12;
        int start = sixteen * twelve;
        Vector128<byte> bytes;
        Vector128<byte> places;
        if (start + Vector128<byte>.Count <= packed.Length)
        {
            bytes = Vector128.Create(packed.Slice(start, Vector128<byte>.Count));
            places = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        }
        else
        {
            // The last ones are read from four bytes before, to stay within.
            bytes = Vector128.Create(packed[^Vector128<byte>.Count..]);
            places = Vector128.Create((byte)4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255, 13, 14, 15, 255);
        }
        Vector128<uint> four = Vector128.Shuffle(bytes, places).AsUInt32();
        Vector128<uint> mask = Vector128.Create((uint)Mask);
        return ((four & mask)
            | (four << 2 & mask << 8)
            | (four << 4 & mask << 16)
            | (four << 6 & mask << 24)).AsByte();
    }
}
