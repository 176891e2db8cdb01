using Bixbite.Types.Hashes;

namespace Bixbite.Keyspace;

/// <summary>Told of a field of a hash whose time has come, before it is removed. The bytes are valid only during the call.</summary>
public delegate void DueFieldHandler(Database database, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field);

/// <summary>Told of a hash that goes though fields that were due are still stored. The bytes are valid only during the call.</summary>
public delegate void DueHashHandler(Database database, ReadOnlySpan<byte> key);

/// <summary>Hands the due fields of one hash to whoever wants to know of them.</summary>
internal readonly struct DueFields(DueFieldHandler? handler, Database database, Record record) : IDueFields
{
    public void Remove(ReadOnlySpan<byte> field) => handler?.Invoke(database, record.Key, field);
}
