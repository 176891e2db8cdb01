using System.Diagnostics;

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
            word |= registers[at + 1] << 8;
        return word >> (bit & 7) & Mask;
    }

    /// <summary>Sets a register if it is smaller; whether it was.</summary>
    public static bool Raise(Span<byte> registers, int index, int value)
    {
        Debug.Assert(value is >= 0 and <= Mask);
        if (value <= Get(registers, index))
            return false;
        int bit = index * Bits;
        int at = bit >> 3;
        int shift = bit & 7;
        registers[at] = (byte)(registers[at] & ~(Mask << shift) | value << shift);
        if (shift > 8 - Bits)
            registers[at + 1] = (byte)(registers[at + 1] & ~(Mask >> 8 - shift) | value >> 8 - shift);
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
        for (int from = 0, to = 0; to < registers.Length; from += 3, to += 4)
        {
            int four = packed[from] | packed[from + 1] << 8 | packed[from + 2] << 16;
            registers[to] = Math.Max(registers[to], (byte)(four & Mask));
            registers[to + 1] = Math.Max(registers[to + 1], (byte)(four >> 6 & Mask));
            registers[to + 2] = Math.Max(registers[to + 2], (byte)(four >> 12 & Mask));
            registers[to + 3] = Math.Max(registers[to + 3], (byte)(four >> 18));
        }
    }

    /// <summary>Adds to the count of each value the registers that have it.</summary>
    public static void AddTo(ReadOnlySpan<byte> packed, Span<int> histogram)
    {
        Debug.Assert(packed.Length == Size && histogram.Length == ValueCount);
        for (int from = 0; from + 3 <= packed.Length; from += 3)
        {
            int four = packed[from] | packed[from + 1] << 8 | packed[from + 2] << 16;
            histogram[four & Mask]++;
            histogram[four >> 6 & Mask]++;
            histogram[four >> 12 & Mask]++;
            histogram[four >> 18]++;
        }
    }
}
