namespace Bixbite.Structures.Sketches;

/// <summary>
/// Estimates a cardinality from how many registers have which value, by the improved raw estimator of Otmar Ertl,
/// "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284, algorithm 6. The order of the operations is
/// that of Redis, so that the last bit, and with it the rounded count, is equal.
/// </summary>
internal static class Cardinality
{
    // 0.5 / ln 2
    private const double Alpha = 0.721347520444481703680;
    private const double Registers = HyperLogLog.RegisterCount;

    public static ulong Estimate(ReadOnlySpan<int> histogram)
    {
        double z = Registers * Tau((Registers - histogram[HyperLogLog.RunBits + 1]) / Registers);
        for (int value = HyperLogLog.RunBits; value >= 1; value--)
        {
            z += histogram[value];
            z *= 0.5;
        }
        z += Registers * Sigma(histogram[0] / Registers);
        return (ulong)Math.Round(Alpha * Registers * Registers / z, MidpointRounding.AwayFromZero);
    }

    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }
        double y = 1;
        double z = x;
        double before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (before != z);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }
        double y = 1;
        double z = 1 - x;
        double before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= Math.Pow(1 - x, 2) * y;
        }
        while (before != z);
        return z / 3;
    }
}
