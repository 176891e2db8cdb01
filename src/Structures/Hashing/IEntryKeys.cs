namespace Bixbite.Structures.Hashing;

/// <summary>
/// How an index reads the records that it points to. An entry is a record's address: not 0, a multiple of 8, below 2^48. The index
/// stores it and never owns it.
/// </summary>
public interface IEntryKeys
{
    static abstract ReadOnlySpan<byte> KeyOf(ulong entry);

    /// <summary>When the record expires, in Unix milliseconds, or <see cref="EntryDeadline.None"/>.</summary>
    static virtual long DeadlineMsOf(ulong entry) => EntryDeadline.None;

    /// <summary>The hash that callers pass to the index; another one only in tests.</summary>
    static virtual ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.Of(seed, key);

    /// <summary>The hash as the index with this seed uses it; replaced only in tests.</summary>
    static virtual ulong Spread(ulong hash, ulong indexSeed) => KeyHash.Spread(hash, indexSeed);
}

public static class EntryDeadline
{
    /// <summary>The record never expires.</summary>
    public const long None = long.MinValue;
}
