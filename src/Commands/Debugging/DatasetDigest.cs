using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Bixbite.Keyspace;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Debugging;

/// <summary>
/// A digest of keys and values that is equal where the content is, in whatever order the keys are stored; it is the one that Redis
/// computes. Parts whose order counts are mixed in (exclusive or with the part's SHA-1, then SHA-1 of the whole); parts in any order are
/// only combined.
/// </summary>
[SuppressMessage("Security", "CA5350", Justification = "The digest compares content; it protects nothing.")]
internal sealed class DatasetDigest(ValueContext values)
{
    private const int ScanCount = 1000;
    private const int ScoreSizeMax = 32;

    /// <summary>Redis counts modules' values before streams; other types have the same numbers here.</summary>
    private const int StreamNumber = 6;

    private readonly ValueContext _values = values;
    private readonly byte[] _bytes = new byte[SHA1.HashSizeInBytes];

    /// <summary>Adds all keys of a database; an empty one adds nothing.</summary>
    public void Add(Database database)
    {
        if (database.Count == 0)
        {
            return;
        }
        MixNumber(database.Number);
        var found = new List<Record>();
        ulong cursor = 0;
        do
        {
            found.Clear();
            cursor = database.Scan(cursor, ScanCount, found);
            foreach (Record record in found)
            {
                var one = new DatasetDigest(_values);
                one.Mix(record.Key);
                one.AddValue(record);
                Combine(one._bytes);
            }
        }
        while (cursor != 0);
    }

    /// <summary>Adds a value, its type and whether it expires.</summary>
    public void AddValue(Record record)
    {
        MixNumber(record.Type == KeyType.Stream ? StreamNumber : (int)record.Type);
        if (record.Type == KeyType.String)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            Mix(record.Text(digits));
        }
        else
        {
            var reading = new RecordReading(_values, record);
            AddCollection(record.Type, reading.Open());
        }
        if (record.HasDeadline)
        {
            Combine("!!expire!!"u8);
        }
    }

    public override string ToString() => Convert.ToHexStringLower(_bytes);

    private void AddCollection(KeyType type, scoped ValueSlot slot)
    {
        switch (type)
        {
            case KeyType.List:
                AddElements(new ListValue(slot));
                break;
            case KeyType.Set:
                AddMembers(new SetValue(slot));
                break;
            case KeyType.SortedSet:
                AddScores(new SortedSetValue(slot));
                break;
            case KeyType.Hash:
                var fields = new FieldDigests(this);
                new HashValue(slot).Visit(ref fields);
                break;
            case KeyType.Stream:
                AddEntries(new StreamValue(slot));
                break;
        }
    }

    private void AddElements(scoped ListValue list)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        ListReader elements = list.Read(0, list.Count);
        while (elements.MoveNext())
        {
            Mix(elements.Current.Text(digits));
        }
    }

    private void AddMembers(scoped SetValue set)
    {
        SetReader members = set.Read();
        while (members.MoveNext())
        {
            Combine(members.Member);
        }
    }

    private void AddScores(scoped SortedSetValue set)
    {
        Span<byte> score = stackalloc byte[ScoreSizeMax];
        SortedSetReader elements = set.Read(set.All);
        while (elements.MoveNext())
        {
            var one = new DatasetDigest(_values);
            one.Mix(elements.Member);
            one.Mix(score[..FormatScore(elements.Score, score)]);
            Combine(one._bytes);
        }
    }

    /// <summary>The entries alone: groups do not count.</summary>
    private void AddEntries(scoped StreamValue stream)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        StreamEntryReader entries = stream.Read();
        while (entries.MoveNext())
        {
            int length = entries.Id.Format(text);
            text[..length].Replace((byte)'-', (byte)'.');
            Mix(text[..length]);
            while (entries.NextField(out ListpackEntry field, out ListpackEntry value))
            {
                Mix(field.Text(text));
                Mix(value.Text(text));
            }
        }
    }

    /// <summary>As C's <c>%.17g</c> prints it, which is what Redis 7.0 digests.</summary>
    private static int FormatScore(double score, Span<byte> target)
    {
        if (double.IsInfinity(score))
        {
            ReadOnlySpan<byte> text = score > 0 ? "inf"u8 : "-inf"u8;
            text.CopyTo(target);
            return text.Length;
        }
        bool fits = score.TryFormat(target, out int length, "g17", CultureInfo.InvariantCulture);
        Debug.Assert(fits, "The buffer takes any score.");
        return length;
    }

    private void MixNumber(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        Mix(bytes);
    }

    private void Mix(ReadOnlySpan<byte> part)
    {
        Combine(part);
        SHA1.HashData(_bytes, _bytes);
    }

    private void Combine(ReadOnlySpan<byte> part)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(part, hash);
        for (int i = 0; i < hash.Length; i++)
        {
            _bytes[i] ^= hash[i];
        }
    }

    /// <summary>Adds the fields of a hash, each with its value and whether it expires.</summary>
    private readonly struct FieldDigests(DatasetDigest digest) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            var one = new DatasetDigest(digest._values);
            one.Mix(field);
            one.Mix(value);
            if (deadlineMs != FieldDeadlines.None)
            {
                one.Combine("!!hexpire!!"u8);
            }
            digest.Combine(one._bytes);
        }
    }
}
