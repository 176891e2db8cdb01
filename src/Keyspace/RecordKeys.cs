using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>Lets the hash index read the keys and deadlines of records.</summary>
internal readonly struct RecordKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new Record(entry).Key;

    public static long DeadlineMsOf(ulong entry) => new Record(entry).DeadlineMs;
}
