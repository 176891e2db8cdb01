using Bixbite.Structures.Sketches;

namespace Bixbite.Fuzz.Targets;

/// <summary>Whatever passes for a HyperLogLog can be counted, merged and described, or is called broken.</summary>
internal static class HyperLogLogTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        Sparse(0x7f, 0xff), Sparse(0x80, 0x7f, 0xfe), Sparse(0x03, 0x88, 0x7f, 0xfa), Dense(),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!HyperLogLog.IsValid(input))
        {
            return;
        }
        byte[] registers = new byte[HyperLogLog.RegisterCount];
        bool isMerged = HyperLogLog.TryMerge(input, registers);
        if (HyperLogLog.TryCount(input, out ulong cardinality) != isMerged)
        {
            throw new InvalidOperationException("Counting and merging do not agree on whether the sketch is sound.");
        }
        if (isMerged && HyperLogLog.Count(registers) != cardinality)
        {
            throw new InvalidOperationException("Merged into nothing, the sketch counts another number.");
        }
        HyperLogLog.TryGetCached(input, out _);
        if (!HyperLogLog.IsDense(input))
        {
            HyperLogLog.Describe(input);
        }
    }

    private static byte[] Sparse(params byte[] opcodes) => [.. "HYLL"u8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, .. opcodes];

    private static byte[] Dense()
    {
        byte[] value = new byte[HyperLogLog.DenseSize];
        "HYLL"u8.CopyTo(value);
        return value;
    }
}
