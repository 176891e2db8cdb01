using System.Buffers;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

namespace Bixbite.Persistence.Aof;

/// <summary>Writes a key as the requests that make it: those that build its value, at most 64 elements each, then its deadline.</summary>
internal readonly struct ValueRequests(IBufferWriter<byte> target, ValueContext values)
{
    /// <summary>Elements in one request.</summary>
    private const int ElementCountMax = 64;

    public static void WriteDeadline(IBufferWriter<byte> target, ReadOnlySpan<byte> key, long deadlineMs)
    {
        if (deadlineMs != Deadline.None)
        {
            target.Begin(3);
            target.Add("PEXPIREAT"u8);
            target.Add(key);
            target.Add(deadlineMs);
        }
    }

    /// <summary>The elements of a collection, none of which was written.</summary>
    public static ElementCount ElementsOf(KeyType type, scoped ValueSlot slot)
    {
        switch (type)
        {
            case KeyType.List:
                return new ElementCount(new ListValue(slot).Count, expire: false);
            case KeyType.Set:
                return new ElementCount(new SetValue(slot).Count, expire: false);
            case KeyType.SortedSet:
                return new ElementCount(new SortedSetValue(slot).Count, expire: false);
            default:
                var hash = new HashValue(slot);
                return new ElementCount(hash.StoredCount, hash.NextDeadlineMs != FieldDeadlines.None);
        }
    }

    public void Write(Record record)
    {
        WriteValue(record);
        WriteDeadline(target, record.Key, record.DeadlineMs);
    }

    private void WriteValue(Record record)
    {
        if (record.Type == KeyType.String)
        {
            WriteString(record);
            return;
        }
        var reading = new RecordReading(values, record);
        ValueSlot slot = reading.Open();
        switch (record.Type)
        {
            case KeyType.List:
                WriteList(record.Key, new ListValue(slot));
                break;
            case KeyType.Set:
                WriteSet(record.Key, new SetValue(slot));
                break;
            case KeyType.SortedSet:
                WriteSortedSet(record.Key, new SortedSetValue(slot));
                break;
            case KeyType.Hash:
                WriteHash(record, new HashValue(slot));
                break;
            case KeyType.Stream:
                StreamRequests.Write(target, record.Key, slot);
                break;
            default:
                throw new UnreachableException($"a {record.Type} cannot be written as requests");
        }
    }

    private void WriteString(Record record)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        target.Begin(3);
        target.Add("SET"u8);
        target.Add(record.Key);
        target.Add(record.Text(digits));
    }

    /// <summary>At each 64th element another request begins.</summary>
    public void BeginPart(long index, long count, ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, int argumentsPerElement)
    {
        if (index % ElementCountMax == 0)
        {
            int elementCount = (int)Math.Min(count - index, ElementCountMax);
            target.Begin(2 + (elementCount * argumentsPerElement));
            target.Add(name);
            target.Add(key);
        }
    }

    private void WriteList(ReadOnlySpan<byte> key, ListValue list)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        long count = list.Count;
        ListReader elements = list.Read(0, count);
        for (long index = 0; elements.MoveNext(); index++)
        {
            BeginPart(index, count, "RPUSH"u8, key, 1);
            target.Add(elements.Current.Text(digits));
        }
    }

    private void WriteSet(ReadOnlySpan<byte> key, SetValue set)
    {
        SetReader members = set.Read();
        for (long index = 0; members.MoveNext(); index++)
        {
            BeginPart(index, set.Count, "SADD"u8, key, 1);
            target.Add(members.Member);
        }
    }

    private void WriteSortedSet(ReadOnlySpan<byte> key, SortedSetValue set)
    {
        Span<byte> score = stackalloc byte[Doubles.SizeMax];
        SortedSetReader elements = set.Read(set.All, isReversed: false);
        for (long index = 0; elements.MoveNext(); index++)
        {
            BeginPart(index, set.Count, "ZADD"u8, key, 2);
            target.Add(score[..Doubles.Format(elements.Score, score)]);
            target.Add(elements.Member);
        }
    }

    private void WriteHash(Record record, HashValue hash)
    {
        var visitor = new FieldWriter(this, record, new ElementCount(hash.Count, hash.NextDeadlineMs != FieldDeadlines.None));
        hash.Visit(ref visitor);
    }

    /// <summary>Fields come in parts, or one by one with their deadlines where there are any.</summary>
    public void WriteField(ReadOnlySpan<byte> key, ElementCount fields, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs)
    {
        BeginField(key, fields, field);
        target.Add(value);
        if (deadlineMs != FieldDeadlines.None)
        {
            WriteFieldDeadline(key, field, deadlineMs);
        }
    }

    /// <summary>Writes what stands before a field's value.</summary>
    public void BeginField(ReadOnlySpan<byte> key, ElementCount fields, ReadOnlySpan<byte> field)
    {
        BeginPart(fields.Expire ? 0 : fields.Index, fields.Expire ? 1 : fields.Count, "HMSET"u8, key, 2);
        fields.Index++;
        target.Add(field);
    }

    public void WriteFieldDeadline(ReadOnlySpan<byte> key, ReadOnlySpan<byte> field, long deadlineMs)
    {
        target.Begin(6);
        target.Add("HPEXPIREAT"u8);
        target.Add(key);
        target.Add(deadlineMs);
        target.Add("FIELDS"u8);
        target.Add("1"u8);
        target.Add(field);
    }

    /// <summary>How many fields there are and how many were written; whether some expire.</summary>
    internal sealed class ElementCount(long count, bool expire)
    {
        public long Count { get; } = count;

        public bool Expire { get; } = expire;

        public long Index { get; set; }
    }

    private readonly struct FieldWriter(ValueRequests requests, Record record, ElementCount fields) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            requests.WriteField(record.Key, fields, field, value, deadlineMs);
    }
}
