using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>Lets the hash index read the keys of records, and when something happens to them by itself.</summary>
internal readonly struct RecordKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new Record(entry).Key;

    public static long DeadlineMsOf(ulong entry) => new Record(entry).WakeMs;
}
