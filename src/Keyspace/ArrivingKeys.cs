using Bixbite.Types.Strings;

namespace Bixbite.Keyspace;

/// <summary>
/// Keys on their way into databases, for who adds very many: each waits until a few more have come, and meanwhile the memory arrives in
/// which it will be added. It owns their records until then.
/// <code>
///   Add: the record is made, the memory asked for ── some keys later ── Settle: looked for, and added
/// </code>
/// </summary>
public sealed class ArrivingKeys
{
    /// <summary>The fetches that a processor has under way at once.</summary>
    private const int CountMax = 8;

    private readonly Arrival[] _arrivals = new Arrival[CountMax];
    private int _count;

    /// <summary>There is no room for another one.</summary>
    public bool IsFull => _count == CountMax;

    /// <summary>A string.</summary>
    /// <param name="database">Gets it.</param>
    /// <param name="hash">Of the key.</param>
    /// <param name="key">Copied.</param>
    /// <param name="form">Copied as well.</param>
    /// <param name="deadlineMs">A time, or none.</param>
    /// <param name="access">When or how often it was used; null for just now.</param>
    public void Add(Database database, ulong hash, ReadOnlySpan<byte> key, in StringForm form, long deadlineMs, uint? access) =>
        Add(database, hash, database.Make(key, form, deadlineMs), access);

    /// <summary>A collection, which must not be empty.</summary>
    public void Add(Database database, ulong hash, ref RecordDraft draft, long deadlineMs, uint? access) =>
        Add(database, hash, database.Finish(ref draft, deadlineMs), access);

    /// <summary>
    /// Adds all that wait. Where a key is there already it is replaced, or else it is given back and nothing that comes behind it is
    /// added: the last key of a file that makes no sense.
    /// </summary>
    public byte[]? Settle(bool replaces)
    {
        byte[]? twice = null;
        for (int i = 0; i < _count; i++)
        {
            (Database database, ulong hash, Record record) = _arrivals[i];
            KeyRef at = database.Find(hash, record.Key);
            if (twice is null && at.Exists && !replaces)
            {
                twice = record.Key.ToArray();
            }
            if (twice is not null)
            {
                database.Free(record);
                continue;
            }
            if (at.Exists)
            {
                database.Remove(ref at);
            }
            database.AddFinished(ref at, record);
        }
        Array.Clear(_arrivals, 0, _count);
        _count = 0;
        return twice;
    }

    private void Add(Database database, ulong hash, Record record, uint? access)
    {
        if (access is { } clock)
        {
            record.Access = clock;
        }
        _arrivals[_count++] = new Arrival(database, hash, record);
        database.PrefetchRoom(hash);
    }

    private readonly record struct Arrival(Database Database, ulong Hash, Record Record);
}
