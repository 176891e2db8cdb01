using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>Lets the hash index read the keys of records.</summary>
internal readonly struct RecordKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new Record(entry).Key;
}
