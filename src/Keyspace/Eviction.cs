using System.Diagnostics;
using Bixbite.Platform;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// Keeps memory under its limit by removing keys, in slices bounded by time: before a command runs, and between the rounds until memory is
/// under the limit again. What was removed but is still to be freed goes first, so a large value that is freed in slices does not cost
/// other keys their place; and what removing keys makes clients hold (invalidations, key events) is no reason to remove more.
/// </summary>
public sealed class Eviction
{
    private const int ClockCheckInterval = 16;

    private readonly EvictionChoice _choice;
    private readonly LazyFree _lazyFree;
    private readonly KeyspaceStatistics _statistics;
    private readonly IKeyChanges _changes;
    private readonly IMemoryGauge _memory;
    private readonly IClock _clock;
    private readonly Func<bool> _isEnough;
    private long _endUs;
    private long _exceededFromUs;

    public Eviction(
        Databases databases, AccessClock access, LazyFree lazyFree, KeyspaceStatistics statistics, IKeyChanges changes, IMemoryGauge memory,
        IClock clock)
    {
        _choice = new EvictionChoice(databases, access);
        _lazyFree = lazyFree;
        _statistics = statistics;
        _changes = changes;
        _memory = memory;
        _clock = clock;
        _isEnough = () => !_memory.IsOverLimit || _clock.MonotonicUs >= _endUs;
    }

    public EvictionPolicy Policy => _choice.Policy;

    /// <summary>Keys looked at in each database for one eviction, 1 to 64.</summary>
    public int SampleCount
    {
        get => _choice.SampleCount;
        set => _choice.SampleCount = value;
    }

    /// <summary>How long one call may go on removing keys (maxmemory-eviction-tenacity).</summary>
    public long SliceUs { get; set; } = 500;

    public void SetPolicy(EvictionPolicy policy) => _choice.Policy = policy;

    /// <summary>
    /// Removes keys until memory is under the limit or a slice of time is used up. False where the limit is exceeded and nothing can be
    /// removed, or removing everything would not help: then commands that need memory must be refused.
    /// </summary>
    public bool MakeRoom()
    {
        if (!_memory.IsOverLimit)
        {
            if (_exceededFromUs != 0)
            {
                EndExceeding();
            }
            return true;
        }
        bool isPossible = Policy != EvictionPolicy.NoEviction && !_memory.IsLimitHeldByClients && Shrink();
        CountExceeding();
        return isPossible;
    }

    /// <summary>Goes on between the rounds; whether it wants another slice at once.</summary>
    public bool RunSlice() => MakeRoom() && _memory.IsOverLimit;

    /// <summary>
    /// Whether so many bytes may be added: not where they would not fit even if all keys went, nor, without eviction, where they exceed
    /// what is left.
    /// </summary>
    public bool HasRoomFor(long bytes) =>
        bytes <= 0
        || (Policy == EvictionPolicy.NoEviction ? !_memory.IsOverLimitWith(bytes) : !_memory.IsOverLimitWithoutData(bytes));

    private bool Shrink()
    {
        _endUs = _clock.MonotonicUs + SliceUs;
        for (int i = 1; _memory.IsOverLimit; i++)
        {
            if (!_lazyFree.IsIdle)
            {
                _lazyFree.Run(_isEnough);
            }
            else if (!EvictOne())
            {
                return false;
            }
            if (i % ClockCheckInterval == 0 && _clock.MonotonicUs >= _endUs)
            {
                break;
            }
        }
        return true;
    }

    private bool EvictOne()
    {
        if (_choice.Next(out KeyRef at) is not { } database)
        {
            return false;
        }
        Debug.Assert(at.Exists, "Only what exists can be evicted.");
        Record record = database.Detach(ref at);
        _statistics.Evicted++;
        _memory.IsExcusing = true;
        _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Evicted, "evicted"u8));
        _memory.IsExcusing = false;
        database.Free(record);
        return true;
    }

    private void CountExceeding()
    {
        if (_memory.IsOverLimit)
        {
            long nowUs = _clock.MonotonicUs;
            _exceededFromUs = _exceededFromUs == 0 ? nowUs : _exceededFromUs;
            _statistics.LimitExceededNowUs = nowUs - _exceededFromUs;
        }
        else if (_exceededFromUs != 0)
        {
            EndExceeding();
        }
    }

    private void EndExceeding()
    {
        _statistics.LimitExceededUs += _clock.MonotonicUs - _exceededFromUs;
        _statistics.LimitExceededNowUs = 0;
        _exceededFromUs = 0;
    }
}
