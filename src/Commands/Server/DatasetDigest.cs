using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bixbite.Keyspace;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Server;

/// <summary>
/// A digest of keys and values that is equal where the content is, in whatever order the keys are stored; it is the one that Redis
/// computes. Parts whose order counts are mixed in (exclusive or with the part's SHA-1, then SHA-1 of the whole); parts in any order are
/// only combined.
/// </summary>
[SuppressMessage("Security", "CA5350", Justification = "The digest compares content; it protects nothing.")]
internal sealed class DatasetDigest
{
    private const int ScanCount = 1000;

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
                var one = new DatasetDigest();
                one.Mix(record.Key);
                one.AddValue(database, database.Find(record.Key));
                Combine(one._bytes);
            }
        }
        while (cursor != 0);
    }

    /// <summary>Adds a value, its type and whether it expires.</summary>
    public void AddValue(Database database, KeyRef at)
    {
        Record record = at.Record;
        MixNumber((int)record.Type);
        switch (record.Type)
        {
            case KeyType.String:
                Span<byte> scratch = stackalloc byte[Integers.SizeMax];
                Mix(record.Text(scratch));
                break;
            case KeyType.Hash:
                var fields = new FieldDigest(this);
                new HashValue(database.Open(at)).Visit(ref fields);
                break;
        }
        if (record.HasDeadline)
        {
            Combine("!!expire!!"u8);
        }
    }

    public override string ToString() => Convert.ToHexStringLower(_bytes);

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

    private readonly struct FieldDigest(DatasetDigest whole) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            var one = new DatasetDigest();
            one.Mix(field);
            one.Mix(value);
            if (deadlineMs != FieldDeadlines.None)
            {
                one.Combine("!!hexpire!!"u8);
            }
            whole.Combine(one._bytes);
        }
    }
}
