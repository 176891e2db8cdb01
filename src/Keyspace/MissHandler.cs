namespace Bixbite.Keyspace;

/// <summary>Told of a key that was looked for in vain; its bytes are valid only during the call.</summary>
public delegate void MissHandler(Database database, ReadOnlySpan<byte> key);
