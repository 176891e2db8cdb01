using System.Text;
using Bixbite.Engine.Sampling;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The keys with one prefix: counts that may be estimates.</summary>
internal sealed class PrefixShare(byte[] prefix)
{
    public byte[] Prefix => prefix;

    public double Keys { get; set; }

    public double Bytes { get; set; }

    public double UsesPerSecond { get; set; }
}

/// <summary>
/// Divides the keys of a database by their prefixes, up to and with the first delimiter. Of a database with few keys all are looked at; of
/// a larger one some are drawn, which stand for the others, but the largest keys, which are known, stand for themselves.
/// </summary>
internal sealed class PrefixSurvey(Database database, byte[] delimiter)
{
    /// <summary>Keys that are looked at in a large database.</summary>
    public const int SampleCount = 10_000;

    private const int PrefixSizeMax = 64;
    private const int ScanCount = 1000;

    private readonly Dictionary<string, PrefixShare> _shares = [];

    public long KeyCount => database.Count;

    /// <summary>Keys that were looked at.</summary>
    public long SampledCount { get; private set; }

    /// <summary>All keys were looked at.</summary>
    public bool IsExact { get; private set; }

    /// <summary>The prefixes with the most bytes first.</summary>
    public IEnumerable<PrefixShare> Shares => _shares.Values.OrderByDescending(static share => share.Bytes);

    public void Run(BigKeys bigKeys, Random random)
    {
        IsExact = database.Count <= SampleCount;
        if (IsExact)
        {
            LookAtAll();
        }
        else
        {
            LookAtSome(bigKeys, random);
        }
    }

    /// <summary>Adds how often the keys were used lately.</summary>
    public void AddUses(RecentKeys recent, IClock clock)
    {
        double seconds = Math.Max((clock.MonotonicUs - recent.OldestUs) / 1e6, 0.001);
        for (int i = 0; i < recent.Count; i++)
        {
            RecentKey key = recent[i];
            if (key.Database == database.Number)
            {
                ShareOf(key.Start).UsesPerSecond += key.Weight / seconds;
            }
        }
    }

    private void LookAtAll()
    {
        List<Record> records = [];
        ulong cursor = 0;
        do
        {
            records.Clear();
            cursor = database.Scan(cursor, ScanCount, records);
            foreach (Record record in records)
            {
                Add(record.Key, keys: 1, database.Sizes.EstimateOf(record));
            }
            SampledCount += records.Count;
        }
        while (cursor != 0);
    }

    private void LookAtSome(BigKeys bigKeys, Random random)
    {
        List<BigKey> known = [.. bigKeys.Types.SelectMany(type => bigKeys.Largest(type, isByElements: false, database.Number))];
        double each = (double)(database.Count - known.Count) / SampleCount;
        for (int tries = 0; SampledCount < SampleCount && tries < 2 * SampleCount; tries++)
        {
            Record record = database.RandomRecord(random);
            if (!ValueSizes.IsLarge(record) || !bigKeys.IsKnown(database, record.Key, record.Type))
            {
                Add(record.Key, each, each * database.Sizes.EstimateOf(record));
                SampledCount++;
            }
        }
        foreach (BigKey key in known)
        {
            Add(key.Key, keys: 1, key.Bytes);
        }
    }

    private void Add(ReadOnlySpan<byte> key, double keys, double bytes)
    {
        PrefixShare share = ShareOf(key);
        share.Keys += keys;
        share.Bytes += bytes;
    }

    /// <summary>A key without the delimiter is one of no prefix, and so is one whose prefix is too long to be one.</summary>
    private PrefixShare ShareOf(ReadOnlySpan<byte> key)
    {
        int at = key[..Math.Min(key.Length, PrefixSizeMax)].IndexOf(delimiter);
        ReadOnlySpan<byte> prefix = at < 0 ? default : key[..(at + delimiter.Length)];
        Span<char> letters = stackalloc char[PrefixSizeMax];
        var shares = _shares.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> name = letters[..Encoding.Latin1.GetChars(prefix, letters)];
        if (!shares.TryGetValue(name, out PrefixShare? share))
        {
            share = new PrefixShare(prefix.ToArray());
            shares[name] = share;
        }
        return share;
    }
}
