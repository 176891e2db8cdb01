namespace Bixbite.Keyspace;

/// <summary>
/// Chooses the next key to evict, as Redis does: a few keys of every database are sampled, the best candidates are kept in a pool between
/// the rounds, and the best of all is chosen. With the default of five samples this comes close to exact LRU. Unlike there a candidate
/// that was used after it was sampled stays.
/// </summary>
internal sealed class EvictionChoice(Databases databases, AccessClock access)
{
    public const int SampleCountMax = 64;

    /// <summary>Databases with keys that are sampled for one eviction; where there are more, others are the next time.</summary>
    private const int DatabaseCountMax = 64;

    private readonly EvictionPool _pool = new();
    private readonly Random _random = new();
    private readonly ulong[] _samples = new ulong[SampleCountMax];
    private EvictionPolicy _policy;
    private int _nextDatabase;

    public EvictionPolicy Policy
    {
        get => _policy;
        set
        {
            _policy = value;
            access.IsLfu = value.IsLfu();
            _pool.Clear();
        }
    }

    /// <summary>Keys looked at in each database for one eviction, 1 to 64.</summary>
    public int SampleCount { get; set; } = 5;

    /// <summary>The database and the place of the key to go; null where no key may.</summary>
    public Database? Next(out KeyRef at)
    {
        at = default;
        if (Policy.IsRandom())
        {
            return NextRandom(out at);
        }
        while (FillPool())
        {
            while (_pool.TryTake(out int number, out ReadOnlySpan<byte> key, out ulong score))
            {
                Database database = databases[number];
                at = database.Find(key);
                // One that was used since, or whose deadline was put off, no longer deserves it.
                if (at.Exists && (!Policy.IsVolatile() || at.Record.HasDeadline) && ScoreOf(at.Record) >= score)
                {
                    return database;
                }
            }
        }
        return null;
    }

    private Database? NextRandom(out KeyRef at)
    {
        at = default;
        for (int left = databases.All.Length; left > 0; left--)
        {
            Database database = NextDatabase();
            if (Sample(database, 1) == 1)
            {
                at = database.Find(new Record(_samples[0]).Key);
                return database;
            }
        }
        return null;
    }

    private Database NextDatabase()
    {
        ReadOnlySpan<Database> all = databases.All;
        _nextDatabase = _nextDatabase + 1 >= all.Length ? 0 : _nextDatabase + 1;
        return all[_nextDatabase];
    }

    /// <summary>Samples databases into the pool; false where there is nothing to sample at all.</summary>
    private bool FillPool()
    {
        bool isAny = false;
        int databaseCount = databases.All.Length;
        for (int visited = 0; visited < databaseCount && !(isAny && visited >= DatabaseCountMax); visited++)
        {
            Database database = NextDatabase();
            int count = Sample(database, Math.Clamp(SampleCount, 1, SampleCountMax));
            for (int i = 0; i < count; i++)
            {
                isAny = true;
                var record = new Record(_samples[i]);
                _pool.Offer(database.Number, record.Key, ScoreOf(record));
            }
        }
        return isAny;
    }

    private int Sample(Database database, int count)
    {
        if (database.Count == 0)
        {
            return 0;
        }
        Span<ulong> target = _samples.AsSpan(0, count);
        return Policy.IsVolatile() ? new VolatileSample(database).Draw(_random, target) : database.Index.Sample(_random, target);
    }

    private ulong ScoreOf(Record record)
    {
        if (Policy == EvictionPolicy.VolatileTtl)
        {
            return ulong.MaxValue - (ulong)record.DeadlineMs;
        }
        return Policy.IsLfu() ? 255ul - access.Frequency(record.Access) : (ulong)access.IdleMs(record.Access);
    }
}
