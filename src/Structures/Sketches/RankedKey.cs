namespace Bixbite.Structures.Sketches;

/// <summary>A key with a number by which it is compared with others.</summary>
/// <param name="Hash">The hash it was told with.</param>
/// <param name="Group">Where the key lives.</param>
/// <param name="Key">Its first bytes.</param>
/// <param name="Length">The bytes of the whole key.</param>
/// <param name="Count">The number.</param>
public readonly record struct RankedKey(ulong Hash, int Group, byte[] Key, int Length, long Count);
