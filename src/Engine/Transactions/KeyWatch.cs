using Bixbite.Keyspace;

namespace Bixbite.Engine.Transactions;

/// <summary>A key that a session watches.</summary>
/// <param name="Owner">All watches of the session whose next transaction depends on it.</param>
/// <param name="Database">Where the key is.</param>
/// <param name="Key">The key.</param>
/// <param name="Existed">The key existed when the watch began, and as long as the watch is whole it does.</param>
internal sealed record KeyWatch(SessionWatches Owner, Database Database, byte[] Key, bool Existed)
{
    /// <summary>Bytes of a watch beside its key, estimated: itself, and its places in the lists of the key and the session.</summary>
    private const long SizeBase = 240;

    /// <summary>Bytes that are held for the watch; the key is there twice.</summary>
    public long SizeBytes => SizeBase + (2L * Key.Length);

    /// <summary>A swap of databases brought a key whose time had come already: its removal is no change.</summary>
    public bool IsStale { get; set; }
}
