using System.Buffers.Binary;

namespace Bixbite.Structures.Checks;

/// <summary>
/// The 64-bit checksum of RDB files and DUMP payloads: the Jones polynomial, bits reflected, starting from zero, not inverted at the
/// end. Eight bytes at a time: table k holds what a byte contributes when k more bytes follow it in the same step.
/// </summary>
public static class Crc64
{
    private const ulong ReflectedPolynomial = 0x95AC_9329_AC4B_C9B5;
    private const int StepSize = 8;
    private const int TableSize = 256;

    private static readonly ulong[] Tables = BuildTables();

    /// <summary>The checksum of what crc stands for followed by the bytes; zero stands for nothing.</summary>
    public static ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> t = Tables.AsSpan(0, StepSize * TableSize);
        while (bytes.Length >= StepSize)
        {
            crc ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            crc = t[(7 * TableSize) + (int)(crc & 0xFF)]
                ^ t[(6 * TableSize) + (int)(crc >> 8 & 0xFF)]
                ^ t[(5 * TableSize) + (int)(crc >> 16 & 0xFF)]
                ^ t[(4 * TableSize) + (int)(crc >> 24 & 0xFF)]
                ^ t[(3 * TableSize) + (int)(crc >> 32 & 0xFF)]
                ^ t[(2 * TableSize) + (int)(crc >> 40 & 0xFF)]
                ^ t[TableSize + (int)(crc >> 48 & 0xFF)]
                ^ t[(int)(crc >> 56)];
            bytes = bytes[StepSize..];
        }
        foreach (byte value in bytes)
            crc = t[(int)(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static ulong[] BuildTables()
    {
        ulong[] tables = new ulong[StepSize * TableSize];
        for (int value = 0; value < TableSize; value++)
        {
            ulong crc = (ulong)value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? ReflectedPolynomial : 0);
            tables[value] = crc;
        }
        for (int i = TableSize; i < tables.Length; i++)
        {
            ulong shorter = tables[i - TableSize];
            tables[i] = tables[(int)(shorter & 0xFF)] ^ (shorter >> 8);
        }
        return tables;
    }
}
