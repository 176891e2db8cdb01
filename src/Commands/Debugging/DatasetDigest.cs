using Bixbite.Keyspace;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Digests;

namespace Bixbite.Commands.Debugging;

/// <summary>A digest of keys and values that is equal where the content is, in whatever order the keys are stored.</summary>
internal sealed class DatasetDigest(ValueContext values)
{
    private const int ScanCount = 1000;

    private readonly ContentDigest _digest = new();

    /// <summary>Adds all keys of a database; an empty one adds nothing.</summary>
    public void Add(Database database)
    {
        if (database.Count == 0)
        {
            return;
        }
        _digest.MixNumber(database.Number);
        var found = new List<Record>();
        ulong cursor = 0;
        do
        {
            found.Clear();
            cursor = database.Scan(cursor, ScanCount, found);
            foreach (Record record in found)
            {
                var one = new ContentDigest();
                one.Mix(record.Key);
                AddValue(one, record);
                _digest.Combine(one);
            }
        }
        while (cursor != 0);
    }

    /// <summary>Adds a value, its type and whether it expires.</summary>
    public void AddValue(Record record) => AddValue(_digest, record);

    public override string ToString() => _digest.ToString();

    private void AddValue(ContentDigest digest, Record record)
    {
        digest.MixNumber(values.Types[record.Type].DigestNumber);
        if (record.Type == KeyType.String)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            digest.Mix(record.Text(digits));
        }
        else
        {
            var reading = new RecordReading(values, record);
            values.Types.Collection(record.Type).Digest(digest, reading.Open());
        }
        if (record.HasDeadline)
        {
            digest.Combine("!!expire!!"u8);
        }
    }
}
