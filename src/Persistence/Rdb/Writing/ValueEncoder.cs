using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>Writes values of all types: the one place that knows which type's encoder does it.</summary>
internal static class ValueEncoder
{
    /// <summary>How the record's value will be laid out, which is written before the value, and in files before the key.</summary>
    public static RdbType TypeOf(ValueContext values, Record record)
    {
        if (record.Type == KeyType.String)
        {
            return RdbType.String;
        }
        var reading = new RecordReading(values, record);
        ValueSlot slot = reading.Open();
        return record.Type switch
        {
            KeyType.List => RdbType.ListOfListpacks,
            KeyType.Set => SetEncoder.TypeOf(slot),
            KeyType.SortedSet => SortedSetEncoder.TypeOf(slot),
            KeyType.Hash => HashEncoder.TypeOf(slot),
            KeyType.Stream => RdbType.StreamWithCounters,
            _ => throw new System.Diagnostics.UnreachableException($"a {record.Type} has no RDB form"),
        };
    }

    /// <summary>Writes the value, laid out as <see cref="TypeOf"/> says.</summary>
    public static void Write(RdbWriter writer, ValueContext values, Record record)
    {
        if (record.Type == KeyType.String)
        {
            StringEncoder.Write(writer, record);
            return;
        }
        var reading = new RecordReading(values, record);
        ValueSlot slot = reading.Open();
        switch (record.Type)
        {
            case KeyType.List:
                ListEncoder.Write(writer, slot);
                break;
            case KeyType.Set:
                SetEncoder.Write(writer, slot);
                break;
            case KeyType.SortedSet:
                SortedSetEncoder.Write(writer, slot);
                break;
            case KeyType.Hash:
                HashEncoder.Write(writer, slot);
                break;
            case KeyType.Stream:
                StreamEncoder.Write(writer, slot);
                break;
        }
    }
}
