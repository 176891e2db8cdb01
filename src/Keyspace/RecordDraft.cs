using System.Diagnostics.CodeAnalysis;
using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// A key's record that no database has yet: its collection is built aside, while the commands' sources are still read, and then given
/// to the key with <see cref="Database.Attach"/>, or discarded. It owns the record until then.
/// </summary>
public ref struct RecordDraft
{
    private readonly ValueContext _values;
    private readonly RecordStore _records;
    private Link _link;

    internal RecordDraft(ValueContext values, RecordStore records, Record record)
    {
        _values = values;
        _records = records;
        _link = new Link(record.Address);
    }

    /// <summary>The collection, empty at first.</summary>
    [UnscopedRef]
    public ValueSlot Open() => new(_values, ref _link, new Record(_link.Address).ValueOffset);

    /// <summary>The type of the value being built.</summary>
    public readonly KeyType Type => new Record(_link.Address).Type;

    /// <summary>The key that it is for.</summary>
    public readonly ReadOnlySpan<byte> Key => new Record(_link.Address).Key;

    /// <summary>Frees what was built.</summary>
    public void Discard() => _records.Free(Take(), lazily: true);

    internal Record Take()
    {
        var record = new Record(_link.Address);
        _link = default;
        return record;
    }
}
