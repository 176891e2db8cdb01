using System.Diagnostics;
using Bixbite.Platform;

namespace Bixbite.Keyspace;

/// <summary>
/// Keeps memory under its limit by removing keys, as Redis does: a few keys of every database are sampled, the best candidates are
/// kept in a pool between the rounds, and the best of all goes. With the default of five samples this comes close to exact LRU.
/// </summary>
public sealed class Eviction
{
    private const int SamplesMax = 64;
    private const int ClockCheckInterval = 16;

    private readonly Databases _databases;
    private readonly AccessClock _access;
    private readonly KeyspaceStatistics _statistics;
    private readonly IKeyChanges _changes;
    private readonly IMemoryGauge _memory;
    private readonly IClock _clock;
    private readonly EvictionPool _pool = new();
    private readonly Random _random = new();
    private readonly ulong[] _samples = new ulong[SamplesMax];
    private int _nextRandomDatabase;

    public Eviction(
        Databases databases, AccessClock access, KeyspaceStatistics statistics, IKeyChanges changes, IMemoryGauge memory, IClock clock)
    {
        _databases = databases;
        _access = access;
        _statistics = statistics;
        _changes = changes;
        _memory = memory;
        _clock = clock;
    }

    public EvictionPolicy Policy { get; private set; }

    /// <summary>Keys looked at in each database for one eviction, 1 to 64.</summary>
    public int SampleCount { get; set; } = 5;

    /// <summary>How long one call may go on removing keys (maxmemory-eviction-tenacity).</summary>
    public long SliceUs { get; set; } = 500;

    public void SetPolicy(EvictionPolicy policy)
    {
        Policy = policy;
        _access.IsLfu = policy.IsLfu();
        _pool.Clear();
    }

    /// <summary>
    /// Removes keys until memory is under the limit or a slice of time is used up. False where the limit is exceeded and nothing can be
    /// removed: then commands that need memory must be refused.
    /// </summary>
    public bool MakeRoom()
    {
        if (!_memory.IsOverLimit)
        {
            return true;
        }
        if (Policy == EvictionPolicy.NoEviction)
        {
            return false;
        }
        long endUs = _clock.MonotonicUs + SliceUs;
        for (int i = 1; _memory.IsOverLimit; i++)
        {
            if (!EvictOne())
            {
                return false;
            }
            if (i % ClockCheckInterval == 0 && _clock.MonotonicUs > endUs)
            {
                break;
            }
        }
        return true;
    }

    private bool EvictOne()
    {
        if (Policy.IsRandom())
        {
            return EvictRandom();
        }
        while (FillPool())
        {
            while (_pool.TryTake(out EvictionPool.Candidate candidate))
            {
                Database database = _databases[candidate.Database];
                KeyRef at = database.Find(candidate.Key);
                if (at.Exists && (!Policy.IsVolatile() || at.Record.HasDeadline))
                {
                    Evict(database, ref at);
                    return true;
                }
            }
        }
        return false;
    }

    private bool EvictRandom()
    {
        for (int i = 0; i < _databases.Count; i++)
        {
            Database database = _databases[_nextRandomDatabase++ % _databases.Count];
            if (Sample(database, 1) == 1)
            {
                KeyRef at = database.Find(new Record(_samples[0]).Key);
                Evict(database, ref at);
                return true;
            }
        }
        return false;
    }

    /// <summary>Samples every database into the pool; false where there is nothing to sample at all.</summary>
    private bool FillPool()
    {
        bool isAny = false;
        foreach (Database database in _databases.All)
        {
            int count = Sample(database, Math.Clamp(SampleCount, 1, SamplesMax));
            for (int i = 0; i < count; i++)
            {
                isAny = true;
                var record = new Record(_samples[i]);
                ulong score = ScoreOf(record);
                if (_pool.Wants(score))
                {
                    _pool.Offer(database.Number, record.Key.ToArray(), score);
                }
            }
        }
        return isAny;
    }

    private int Sample(Database database, int count)
    {
        Span<ulong> target = _samples.AsSpan(0, count);
        if (Policy.IsVolatile())
        {
            return database.SampleVolatile(_random, target);
        }
        return database.Count == 0 ? 0 : database.Index.Sample(_random, target);
    }

    private ulong ScoreOf(Record record)
    {
        if (Policy == EvictionPolicy.VolatileTtl)
        {
            return ulong.MaxValue - (ulong)record.DeadlineMs;
        }
        return Policy.IsLfu() ? 255ul - _access.Frequency(record.Access) : (ulong)_access.IdleMs(record.Access);
    }

    private void Evict(Database database, ref KeyRef at)
    {
        Debug.Assert(at.Exists, "Only what exists can be evicted.");
        Record record = database.Detach(ref at);
        _statistics.Evicted++;
        _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Evicted, "evicted"u8));
        database.Free(record);
    }
}
