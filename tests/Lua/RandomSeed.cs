using System.Globalization;

namespace Bixbite.Lua;

/// <summary>
/// The seed of a random test: printed first, and taken from BIXBITE_SEED. Without that it is the same each time, since a program that is
/// made at random may run for ever in Lua 5.1, where nothing stops it; when BIXBITE_LUA_PROGRAMS asks for more programs it is another one.
/// </summary>
internal static class RandomSeed
{
    private const int Usual = 5;

    public static Random Next()
    {
        string? wanted = Environment.GetEnvironmentVariable("BIXBITE_SEED");
        bool isLong = Environment.GetEnvironmentVariable("BIXBITE_LUA_PROGRAMS") is not null;
        int seed = wanted is not null ? int.Parse(wanted, CultureInfo.InvariantCulture) : isLong ? Environment.TickCount : Usual;
        TestContext.Current.TestOutputHelper?.WriteLine($"BIXBITE_SEED={seed}");
        return new Random(seed);
    }
}
