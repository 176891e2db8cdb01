using System.Globalization;
using System.Runtime.InteropServices;

namespace Bixbite.Structures.Sketches;

/// <summary>The test of PFSELFTEST: registers keep the values they are given, and estimates stay within six standard errors.</summary>
public static class HyperLogLogSelfTest
{
    private const int RegisterCycles = 1000;
    private const int ElementCountMax = 10_000_000;
    private const double StandardErrorFactor = 1.04;

    /// <summary>Runs for about a second; the text of the failure, or null.</summary>
    public static string? Run(Random random, int sparseSizeMax) => TestRegisters(random) ?? TestEstimates(random, sparseSizeMax);

    private static string? TestRegisters(Random random)
    {
        byte[] packed = new byte[DenseRegisters.Size];
        byte[] wanted = new byte[HyperLogLog.RegisterCount];
        for (int cycle = 0; cycle < RegisterCycles; cycle++)
        {
            Array.Clear(packed);
            random.NextBytes(wanted);
            for (int i = 0; i < wanted.Length; i++)
            {
                wanted[i] &= DenseRegisters.ValueCount - 1;
                DenseRegisters.Raise(packed, i, wanted[i]);
            }
            for (int i = 0; i < wanted.Length; i++)
            {
                int found = DenseRegisters.Get(packed, i);
                if (found != wanted[i])
                {
                    return string.Create(CultureInfo.InvariantCulture, $"TESTFAILED Register {i} should be {wanted[i]} but is {found}");
                }
            }
        }
        return null;
    }

    private static string? TestEstimates(Random random, int sparseSizeMax)
    {
        Span<byte> empty = stackalloc byte[HyperLogLog.EmptySize];
        HyperLogLog.WriteEmpty(empty);
        ScratchHolder sparse = new(empty);
        ScratchHolder dense = new(empty);
        try
        {
            HyperLogLog.TryMakeDense(ref dense);
            return CompareEstimates(ref sparse, ref dense, (ulong)random.NextInt64(), sparseSizeMax);
        }
        finally
        {
            sparse.Dispose();
            dense.Dispose();
        }
    }

    private static string? CompareEstimates(ref ScratchHolder sparse, ref ScratchHolder dense, ulong seed, int sparseSizeMax)
    {
        double relativeError = StandardErrorFactor / Math.Sqrt(HyperLogLog.RegisterCount);
        long checkpoint = 1;
        for (long count = 1; count <= ElementCountMax; count++)
        {
            ulong element = (ulong)count ^ seed;
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in element));
            HyperLogLog.Add(ref dense, bytes, sparseSizeMax);
            HyperLogLog.Add(ref sparse, bytes, sparseSizeMax);
            if (count != checkpoint)
            {
                continue;
            }

            if (count < sparseSizeMax / 2 && HyperLogLog.IsDense(sparse.Bytes))
            {
                return "TESTFAILED sparse encoding not used";
            }
            HyperLogLog.TryCount(dense.Bytes, out ulong denseCount);
            if (!HyperLogLog.TryCount(sparse.Bytes, out ulong sparseCount) || denseCount != sparseCount)
            {
                return "TESTFAILED dense/sparse disagree";
            }

            // Of ten elements two may share a register: an error of one is common, and six standard errors are less than that.
            long errorMax = count == 10 ? 1 : (long)Math.Ceiling(relativeError * 6 * count);
            long error = Math.Abs(count - (long)denseCount);
            if (error > errorMax)
            {
                return string.Create(CultureInfo.InvariantCulture, $"TESTFAILED Too big error. card:{count} abserr:{error}");
            }
            checkpoint *= 10;
        }
        return null;
    }
}
