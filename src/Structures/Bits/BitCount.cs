using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bixbite.Structures.Bits;

/// <summary>
/// Counts set bits. With AVX2 a byte's two halves look their counts up in a register of sixteen; eight vectors add up in bytes before
/// the bytes are summed. Elsewhere, and for short texts, the processor's own count of a word does.
/// </summary>
public static class BitCount
{
    private const int VectorsAtOnce = 8;
    private const int VectorSizeMin = VectorsAtOnce * 32;

    /// <summary>How many bits are set within the range.</summary>
    public static long Count(ReadOnlySpan<byte> bytes, BitRange range)
    {
        if (range.IsEmpty)
        {
            return 0;
        }
        Debug.Assert(range.First >= 0 && range.Last >> 3 < bytes.Length);
        int first = (int)(range.First >> 3);
        int last = (int)(range.Last >> 3);
        uint before = bytes[first] & ~(0xFFu >> (int)(range.First & 7));
        uint after = bytes[last] & 0x7Fu >> (int)(range.Last & 7);
        return Count(bytes[first..(last + 1)]) - BitOperations.PopCount(before) - BitOperations.PopCount(after);
    }

    /// <summary>How many bits are set.</summary>
    public static long Count(ReadOnlySpan<byte> bytes)
    {
        long count = 0;
        if (Avx2.IsSupported && bytes.Length >= VectorSizeMin)
        {
            int size = bytes.Length / VectorSizeMin * VectorSizeMin;
            count = CountVectors(MemoryMarshal.Cast<byte, Vector256<byte>>(bytes[..size]));
            bytes = bytes[size..];
        }
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            count += BitOperations.PopCount(word);
        }
        foreach (byte value in bytes[(bytes.Length & ~7)..])
        {
            count += BitOperations.PopCount(value);
        }
        return count;
    }

    private static long CountVectors(ReadOnlySpan<Vector256<byte>> vectors)
    {
        Vector128<byte> halfCounts = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        Vector256<byte> lookup = Vector256.Create(halfCounts, halfCounts);
        Vector256<byte> half = Vector256.Create((byte)0x0F);
        Vector256<ulong> total = Vector256<ulong>.Zero;

        for (; vectors.Length >= VectorsAtOnce; vectors = vectors[VectorsAtOnce..])
        {
            // Eight vectors give at most 64 a byte.
            Vector256<byte> sum = Vector256<byte>.Zero;
            for (int i = 0; i < VectorsAtOnce; i++)
            {
                Vector256<byte> vector = vectors[i];
                sum += Avx2.Shuffle(lookup, vector & half);
                sum += Avx2.Shuffle(lookup, (vector.AsUInt16() >>> 4).AsByte() & half);
            }
            total += Avx2.SumAbsoluteDifferences(sum, Vector256<byte>.Zero).AsUInt64();
        }
        return (long)Vector256.Sum(total);
    }
}
