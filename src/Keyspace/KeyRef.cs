using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>
/// Where a key is, or where it would go: the result of one look-up, good until the next change of the same database. Changes made
/// through it keep it current, so check, change and notify hash the key once.
/// </summary>
public struct KeyRef
{
    internal readonly ulong Hash;
    internal IndexPosition Position;

    internal KeyRef(ulong hash, IndexPosition position)
    {
        Hash = hash;
        Position = position;
    }

    /// <summary>The key's record; none where the key does not exist.</summary>
    public readonly Record Record => Position.IsFound ? new Record(Position.Link.Address) : default;

    public readonly bool Exists => Position.IsFound;
}
