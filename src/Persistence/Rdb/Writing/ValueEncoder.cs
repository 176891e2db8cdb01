using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

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

    /// <summary>
    /// Writes what stands before the elements of a large collection, which are then written one by one; when the first field of a hash
    /// expires.
    /// </summary>
    public static long Begin(RdbWriter writer, KeyType type, scoped ValueSlot slot)
    {
        switch (type)
        {
            case KeyType.List:
                writer.Length((ulong)new ListValue(slot).Nodes().Count);
                break;
            case KeyType.Set:
                writer.Length((ulong)new SetValue(slot).Count);
                break;
            case KeyType.SortedSet:
                writer.Length((ulong)new SortedSetValue(slot).Count);
                break;
            case KeyType.Hash:
                var hash = new HashValue(slot);
                return HashEncoder.Begin(writer, hash, hash.StoredCount);
        }
        return FieldDeadlines.None;
    }
}
