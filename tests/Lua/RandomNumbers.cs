namespace Bixbite.Lua;

/// <summary>Finite doubles of all kinds: any bits, small integers, few decimals, neighbours of powers of ten, and ties.</summary>
internal static class RandomNumbers
{
    public static double Next(Random random)
    {
        double value = random.Next(7) switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            1 => random.Next(-1000, 1000),
            2 => random.NextInt64(1L << random.Next(1, 62)) / Math.Pow(10, random.Next(20)),
            3 => random.NextInt64(1L << random.Next(1, 62)) / Math.Pow(2, random.Next(1, 64)),
            4 => Neighbour(Math.Pow(10, random.Next(-30, 30)), random.Next(-2, 3)),
            5 => random.NextDouble(),
            _ => random.NextInt64(long.MinValue, long.MaxValue),
        };
        value = random.Next(4) == 0 ? -value : value;
        return double.IsFinite(value) ? value : 0.5;
    }

    private static double Neighbour(double value, int steps) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + steps);
}
