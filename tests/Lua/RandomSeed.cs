using System.Globalization;

namespace Bixbite.Lua;

/// <summary>The seed of a random test: printed first, and taken from BIXBITE_SEED to run one again.</summary>
internal static class RandomSeed
{
    public static Random Next()
    {
        string? wanted = Environment.GetEnvironmentVariable("BIXBITE_SEED");
        int seed = wanted is null ? Environment.TickCount : int.Parse(wanted, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"BIXBITE_SEED={seed}");
        return new Random(seed);
    }
}
