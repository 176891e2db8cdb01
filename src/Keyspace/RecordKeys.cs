using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>Lets the hash index read the keys of records, and when something happens to them by itself.</summary>
internal readonly struct RecordKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new Record(entry).Key;

    /// <summary>In a cluster it has the key's slot in front.</summary>
    public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.OfKey(seed, key);

    public static long DeadlineMsOf(ulong entry) => new Record(entry).WakeMs;
}
