using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>How large the values of a database are, told in a time that does not grow with them.</summary>
public readonly struct ValueSizes
{
    private readonly ValueContext _values;
    private readonly RecordStore _records;
    private readonly long _indexSizePerKey;

    internal ValueSizes(ValueContext values, RecordStore records, long indexSizePerKey)
    {
        _values = values;
        _records = records;
        _indexSizePerKey = indexSizePerKey;
    }

    /// <summary>The value does not lie in the record.</summary>
    public static bool IsLarge(Record record) => record.Owned != 0;

    /// <summary>The bytes of the record and its value alone, estimated.</summary>
    public long OwnOf(Record record) => _records.EstimateOf(record);

    /// <summary>As <see cref="Database.SizeOf"/>, estimated.</summary>
    public long EstimateOf(Record record) => _records.EstimateOf(record) + _indexSizePerKey;

    /// <summary>The elements of a large collection.</summary>
    public long CountOf(Record record) =>
        _values.Types.Collection(record.Type).CountOf(_values, ValueSlot.RootAt(record.ValueAddress));
}
