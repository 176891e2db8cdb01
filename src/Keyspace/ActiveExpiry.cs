using Bixbite.Platform;

namespace Bixbite.Keyspace;

/// <summary>
/// Removes keys when their time has come without anybody asking for them. The index says which keys may be due without touching
/// the others, so a cycle costs what there is to remove, whatever the number of keys.
/// </summary>
public sealed class ActiveExpiry
{
    private const int BatchSize = 64;
    private const int FieldBatchSize = 256;

    /// <summary>Databases that one slice looks at; where there are more, it is the others' turn in the next.</summary>
    private const int DatabaseCountMax = 4096;

    private readonly Databases _databases;
    private readonly KeyAccess _keys;
    private readonly KeyspaceStatistics _statistics;
    private readonly CommandTime _time;
    private readonly IClock _clock;
    private readonly ulong[] _due = new ulong[BatchSize];
    private int _next;

    public ActiveExpiry(Databases databases, KeyAccess keys, KeyspaceStatistics statistics, CommandTime time, IClock clock)
    {
        _databases = databases;
        _keys = keys;
        _statistics = statistics;
        _time = time;
        _clock = clock;
    }

    /// <summary>Off only where a test asks for it (DEBUG SET-ACTIVE-EXPIRE 0).</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>There may be keys to which something happens by itself.</summary>
    public bool HasWork
    {
        get
        {
            ReadOnlySpan<Database> all = _databases.All;
            bool hasWork = all.Length > DatabaseCountMax;
            for (int i = 0; i < all.Length && !hasWork; i++)
            {
                hasWork = all[i].ExpiringCount > 0;
            }
            return hasWork;
        }
    }

    /// <summary>One slice of at most about <paramref name="budgetUs"/> microseconds; true where due keys may be left.</summary>
    public bool Run(long budgetUs)
    {
        if (!IsOn)
        {
            return false;
        }
        long start = _clock.MonotonicUs;
        _time.Set(_clock.UnixMs);
        bool isLeft = false;
        ReadOnlySpan<Database> all = _databases.All;
        for (int left = Math.Min(all.Length, DatabaseCountMax); left > 0 && !isLeft; left--)
        {
            _next = _next >= all.Length ? 0 : _next;
            if (all[_next].ExpiringCount > 0 && ExpireSome(all[_next], start + budgetUs))
            {
                isLeft = true;
                _statistics.ExpiryTimeCapReached++;
            }
            else
            {
                _next++;
            }
        }
        _statistics.ExpiryUs += _clock.MonotonicUs - start;
        return isLeft;
    }

    private bool ExpireSome(Database database, long endUs)
    {
        bool isMore;
        do
        {
            int count = database.Index.CollectDue(_time.UnixMs, _due, out isMore);
            for (int i = 0; i < count; i++)
            {
                KeyRef at = database.Find(new Record(_due[i]).Key);
                isMore |= _keys.ExpireSome(database, ref at, FieldBatchSize);
            }
        }
        while (isMore && _clock.MonotonicUs < endUs);
        return isMore;
    }
}
