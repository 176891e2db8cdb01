using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Checks;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// The hash of keys: XXH3 with a seed that nobody outside can guess, so that nobody can choose keys that collide. Every index then
/// mixes a seed of its own into it, since what is walked in the order of one index must arrive in no order at another.
/// In a cluster the hash of a key begins with its slot, and the index leaves it there: so the keys of a slot follow each other in the
/// index's order. Whether it does, the first bit of a seed says, of that of the hashes and of the index's own.
/// <code>
///   hash of a key in a cluster, in and out of an index | slot: 14 bits | hash: 50 bits |
/// </code>
/// </summary>
public static class KeyHash
{
    /// <summary>The bits of a hash in a cluster that are the slot.</summary>
    public const int SlotBits = 14;

    private const int SlotShift = 64 - SlotBits;
    private const ulong SlotMask = ulong.MaxValue << SlotShift;
    private const ulong SlotFlag = 1UL << 63;
    private const ulong Multiplier = 0x9FB2_1C65_1E98_DF25;
    private const ulong SeedStep = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, (long)seed);

    /// <summary>The hash of a key of a database, which has the slot in front if the seed says so.</summary>
    public static ulong OfKey(ulong seed, ReadOnlySpan<byte> key)
    {
        ulong hash = Of(seed, key);
        return HasSlots(seed) ? FirstHashOf(HashSlot.Of(key)) | (hash >> SlotBits) : hash;
    }

    /// <summary>The slot in a hash that has one.</summary>
    public static int SlotOf(ulong hash) => (int)(hash >> SlotShift);

    /// <summary>Whether hashes made with this seed, or indexes with it, have slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasSlots(ulong seed) => (seed & SlotFlag) != 0;

    /// <summary>The seed for hashes with slots, or without.</summary>
    public static ulong Seed(ulong seed, bool hasSlots) => (seed & ~SlotFlag) | (hasSlots ? SlotFlag : 0);

    /// <summary>The hash as an index with this seed orders it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Spread(ulong hash, ulong indexSeed)
    {
        ulong high = Math.BigMul(hash ^ indexSeed, Multiplier, out ulong low);
        ulong spread = high ^ low;
        return HasSlots(indexSeed) ? (hash & SlotMask) | (spread >> SlotBits) : spread;
    }

    /// <summary>The lowest hash of a slot, before and after <see cref="Spread"/>.</summary>
    internal static ulong FirstHashOf(int slot) => (ulong)slot << SlotShift;

    /// <summary>The highest hash of a slot.</summary>
    internal static ulong LastHashOf(int slot) => FirstHashOf(slot) | ~SlotMask;

    /// <summary>The index seed after this one: each is drawn from the one before, so a run with the same first seed is the same. It
    /// has slots if that one has.</summary>
    public static ulong NextIndexSeed(ulong indexSeed)
    {
        ulong seed = indexSeed + SeedStep;
        return Seed(Spread(seed, seed >> 32) + seed, HasSlots(indexSeed));
    }
}
