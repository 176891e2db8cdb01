using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Keyspace;

/// <summary>
/// Gives memory back that was freed: looks regularly how much of the slabs' pages is waste, and if it is worth the effort lets the heap
/// choose slabs to be emptied and walks once over all that is stored, in slices between the commands. docs/MEMORY.md tells the whole.
/// <code>
///   at rest --(waste over the limits, nothing waits to be freed)--> choosing slabs --> walking --> at rest, longer if it gained nothing
/// </code>
/// </summary>
public sealed class Defragmentation
{
    private const long LookIntervalUs = 100_000;
    private const long SliceUs = 200;

    /// <summary>Between two readings of the clock, in looks at blocks: some ten microseconds.</summary>
    private const int WorkPerReading = 100;

    private readonly Heap _heap;
    private readonly Evacuation _evacuation;
    private readonly RelocationWalk _walk;
    private readonly LazyFree _lazyFree;
    private readonly IClock _clock;
    private readonly DefragmentationRest _rest = new();
    private long _nextUs;
    private long _beganUs;
    private long _spentUs;
    private long _wasteBefore;
    private bool _isChosen;

    public Defragmentation(Databases databases, LazyFree lazyFree, IClock clock)
    {
        _heap = databases.Values.Heap;
        _evacuation = new Evacuation(_heap, databases.Values.Pinned);
        _walk = new RelocationWalk(databases, _evacuation);
        _lazyFree = lazyFree;
        _clock = clock;
    }

    public DefragmentationLimits Limits { get; } = new();

    /// <summary>A collection of more elements is moved in parts.</summary>
    public long ElementsAtOnceMax
    {
        get => _walk.Large.CountMin;
        set => _walk.Large.CountMin = value;
    }

    /// <summary>The share of time that is being spent, in percent; 0 at rest.</summary>
    public int Effort { get; private set; }

    /// <summary>Blocks that were moved.</summary>
    public long MovedCount => _evacuation.MovedCount;

    /// <summary>Blocks that were looked at and stayed.</summary>
    public long StayedCount => _evacuation.StayedCount;

    /// <summary>Keys of which something was moved.</summary>
    public long MovedKeyCount => _walk.Large.MovedKeyCount;

    public long StayedKeyCount => _walk.Large.StayedKeyCount;

    /// <summary>Microseconds during which there was something to do, in all.</summary>
    public long TotalUs => _spentUs + CurrentUs;

    /// <summary>Microseconds since there has been something to do; 0 at rest.</summary>
    public long CurrentUs => Effort == 0 ? 0 : _clock.MonotonicUs - _beganUs;

    /// <summary>The longest slice by what the thread had of a core, which is what others have waited for.</summary>
    public long LongestSliceUs { get; private set; }

    /// <summary>Does a slice if one is due; returns the microseconds until the next.</summary>
    public long Run()
    {
        long nowUs = _clock.MonotonicUs;
        if (Effort != 0 && !Limits.IsOn)
        {
            End(nowUs);
        }
        if (nowUs >= _nextUs)
        {
            long cpuUs = _clock.ThreadCpuUs;
            _nextUs = nowUs + (Effort != 0 || Begin(nowUs) ? RunSlice(nowUs) : LookIntervalUs);
            LongestSliceUs = Math.Max(LongestSliceUs, _clock.ThreadCpuUs - cpuUs);
        }
        return _nextUs - nowUs;
    }

    public void ResetStatistics()
    {
        _evacuation.ResetStatistics();
        _walk.Large.ResetStatistics();
        _spentUs = 0;
        LongestSliceUs = 0;
    }

    /// <summary>Begins if it is worth the effort.</summary>
    private bool Begin(long nowUs)
    {
        _heap.TrimSome();
        long waste = _heap.SparseBytes;
        int effort = Limits.EffortFor(waste, _heap.UsedBytes);
        if (effort == 0 || !_lazyFree.IsIdle || !_rest.IsOver(nowUs, waste))
        {
            return false;
        }
        Effort = effort;
        _beganUs = nowUs;
        _wasteBefore = waste;
        _isChosen = false;
        _walk.Restart();
        return true;
    }

    /// <summary>Moves blocks for a while; returns the microseconds from now until the next slice.</summary>
    private long RunSlice(long nowUs)
    {
        int effort = Math.Max(Effort, Limits.EffortFor(_heap.SparseBytes, _heap.UsedBytes));
        Effort = Math.Min(effort, Math.Max(Limits.EffortMin, Limits.EffortMax));
        long us;
        bool isLeft;
        do
        {
            isLeft = Step();
            us = _clock.MonotonicUs;
        }
        while (isLeft && us < nowUs + SliceUs);
        if (!isLeft)
        {
            End(us);
            return LookIntervalUs;
        }
        return (us - nowUs) * 100 / Effort;
    }

    private bool Step()
    {
        if (_isChosen)
        {
            _evacuation.Allow(WorkPerReading);
            return _walk.Step();
        }
        _isChosen = !_evacuation.Begin();
        return !_isChosen || _evacuation.HasWork;
    }

    private void End(long nowUs)
    {
        _evacuation.End();
        _rest.Note(nowUs, _wasteBefore, _heap.SparseBytes);
        _spentUs += nowUs - _beganUs;
        Effort = 0;
    }
}
