using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;

namespace Bixbite.Scripting.Running;

/// <summary>
/// The memory that values of scripts have left behind on the managed heap. The runtime keeps it until it collects the heap as a whole,
/// which in a server at rest may be never; so once much has been left, the collection is asked for, a moment after the scripts.
/// <code>
///   a script is over, a machine is dropped ── Note ── much? ── the alarm ── RunIfDue, between two rounds ── the system has it back
/// </code>
/// </summary>
internal sealed class ScriptGarbage(CronAlarm alarm, IClock clock, ScriptRunner runner)
{
    /// <summary>Less is left to the runtime, in bytes.</summary>
    private const long SizeMin = 64L << 20;

    /// <summary>Between two collections that are asked for, and between the alarm and the first, in microseconds.</summary>
    private const long RestUs = 1_000_000;

    private long _bytes;
    private long _keptBytes;
    private long _nextUs;

    /// <summary>Collections that were asked for.</summary>
    public long Count { get; private set; }

    /// <summary>So many bytes are not used any more.</summary>
    public void Note(long bytes)
    {
        bool wasMuch = _bytes >= SizeMin;
        _bytes += bytes;
        if (_bytes >= SizeMin && !wasMuch)
        {
            _nextUs = Math.Max(_nextUs, clock.MonotonicUs + RestUs);
            alarm.RingWithin(RestUs / 1000);
        }
    }

    /// <summary>Gives memory back if much has been left, and the time has come; returns the milliseconds until it may have.</summary>
    public long RunIfDue(long nowUs)
    {
        if (_bytes < SizeMin)
        {
            return CronTask.Never;
        }
        if (runner.Running is not null)
        {
            return RestUs / 1000;
        }
        if (nowUs < _nextUs)
        {
            return (_nextUs - nowUs + 999) / 1000;
        }
        Collect();
        return CronTask.Never;
    }

    /// <summary>Gives memory back now, if much has been left.</summary>
    public void Collect()
    {
        if (_bytes < SizeMin)
        {
            return;
        }
        _bytes = 0;
        _nextUs = clock.MonotonicUs + RestUs;

        // Short-lived values have gone already: then there is nothing to gain.
        if (HeapBytes() < _keptBytes + SizeMin)
        {
            return;
        }
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _keptBytes = HeapBytes();
        Count++;
    }

    /// <summary>The heap with everything in it: as the last collection left it, or larger by what was allocated since.</summary>
    private static long HeapBytes() =>
        Math.Max(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false));
}
