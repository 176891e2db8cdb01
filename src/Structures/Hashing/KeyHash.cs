using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// The hash of keys: XXH3 with a seed that nobody outside can guess, so that nobody can choose keys that collide. Every index then
/// mixes a seed of its own into it, since what is walked in the order of one index must arrive in no order at another.
/// </summary>
public static class KeyHash
{
    private const ulong Multiplier = 0x9FB2_1C65_1E98_DF25;
    private const ulong SeedStep = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, (long)seed);

    /// <summary>The hash as an index with this seed orders it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Spread(ulong hash, ulong indexSeed)
    {
        ulong high = Math.BigMul(hash ^ indexSeed, Multiplier, out ulong low);
        return high ^ low;
    }

    /// <summary>The index seed after this one: each is drawn from the one before, so a run with the same first seed is the same.</summary>
    public static ulong NextIndexSeed(ulong indexSeed)
    {
        ulong seed = indexSeed + SeedStep;
        return Spread(seed, seed >> 32) + seed;
    }
}
