using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bixbite.Structures.Checks;

/// <summary>
/// The 64-bit checksum of RDB files and DUMP payloads: the Jones polynomial, bits reflected, starting from zero, not inverted at the
/// end.
/// <para>
/// Eight bytes at a time: table k holds what a byte contributes when k more bytes follow it in the same step. Where the processor
/// multiplies polynomials, long texts are folded before: 16 bytes weigh the same, as a polynomial modulo the divisor, as their
/// product with a constant does 64 bytes later, so they are added there, until 16 bytes stand for all before them.
/// </para>
/// </summary>
public static class Crc64
{
    private const ulong ReflectedPolynomial = 0x95AC_9329_AC4B_C9B5;
    private const int StepSize = 8;
    private const int TableSize = 256;

    private const int Lanes = 4;
    private const int FoldSizeMin = 128;

    private static readonly ulong[] s_tables = BuildTables();
    private static readonly Vector128<ulong> s_byOne = WeightsOf(1);
    private static readonly Vector128<ulong> s_byLanes = WeightsOf(Lanes);

    /// <summary>The checksum of what crc stands for followed by the bytes; zero stands for nothing.</summary>
    public static ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        if (Pclmulqdq.IsSupported && bytes.Length >= FoldSizeMin)
        {
            crc = AppendFolded(crc, ref bytes);
        }
        ReadOnlySpan<ulong> t = s_tables.AsSpan(0, StepSize * TableSize);
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
        {
            crc = t[(int)(crc ^ value) & 0xFF] ^ (crc >> 8);
        }
        return crc;
    }

    /// <summary>Appends whole blocks of 16 bytes and leaves the rest.</summary>
    private static ulong AppendFolded(ulong crc, ref ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector128<ulong>> blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        bytes = bytes[(blocks.Length * Vector128<byte>.Count)..];
        Vector128<ulong> a = blocks[0] ^ Vector128.CreateScalar(crc);
        Vector128<ulong> b = blocks[1];
        Vector128<ulong> c = blocks[2];
        Vector128<ulong> d = blocks[3];
        for (blocks = blocks[Lanes..]; blocks.Length >= Lanes; blocks = blocks[Lanes..])
        {
            a = Fold(a, s_byLanes) ^ blocks[0];
            b = Fold(b, s_byLanes) ^ blocks[1];
            c = Fold(c, s_byLanes) ^ blocks[2];
            d = Fold(d, s_byLanes) ^ blocks[3];
        }
        a = Fold(Fold(Fold(a, s_byOne) ^ b, s_byOne) ^ c, s_byOne) ^ d;
        foreach (Vector128<ulong> block in blocks)
        {
            a = Fold(a, s_byOne) ^ block;
        }

        Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
        a.AsByte().CopyTo(rest);
        return Append(0, rest);
    }

    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> weights) =>
        Pclmulqdq.CarrylessMultiply(block, weights, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, weights, 0x11);

    /// <summary>The factors for the two halves of a block to stand that many blocks later.</summary>
    private static Vector128<ulong> WeightsOf(int blocks)
    {
        // The product of two reflected polynomials is one place short, hence the power is one less; the first half weighs 64 more.
        int bits = blocks * 128;
        return Vector128.Create(PowerOfX(bits + 64 - 1), PowerOfX(bits - 1));
    }

    private static ulong PowerOfX(int exponent)
    {
        ulong power = 1UL << 63;
        for (int i = 0; i < exponent; i++)
        {
            power = (power >> 1) ^ ((power & 1) != 0 ? ReflectedPolynomial : 0);
        }
        return power;
    }

    private static ulong[] BuildTables()
    {
        ulong[] tables = new ulong[StepSize * TableSize];
        for (int value = 0; value < TableSize; value++)
        {
            ulong crc = (ulong)value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? ReflectedPolynomial : 0);
            }
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
