using System.Diagnostics.CodeAnalysis;
using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// The collection of a record for reading, where only the record is known: one that a snapshot hands over, or a scan has found. Good until
/// the key's next change.
/// </summary>
public ref struct RecordReading(ValueContext values, Record record)
{
    private Link _link = new(record.Address);

    /// <summary>The collection, which must not be changed through this.</summary>
    [UnscopedRef]
    public ValueSlot Open() => new(values, ref _link, record.ValueOffset);
}
