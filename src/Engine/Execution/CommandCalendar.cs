using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Tells commands the time. The one reading of the monotonic clock that ends a command gives the next one its time as well, so that the
/// calendar is read once a round; a clock whose calendar has a pace of its own is asked each time. Owned by the recorder.
/// </summary>
internal sealed class CommandCalendar(CommandTime time, IClock clock)
{
    private readonly bool _hasOwnPace = clock.HasOwnPace;
    private readonly long _steadyOffsetUs = clock.UnixUs - clock.WaitingUs;
    private long _unixOffsetUs;

    /// <summary>A round begins.</summary>
    public void Begin(long monotonicUs) => _unixOffsetUs = clock.UnixUs - monotonicUs;

    /// <summary>Unix time at a moment of this round.</summary>
    public long UnixUsAt(long monotonicUs) => _hasOwnPace ? clock.UnixUs : monotonicUs + _unixOffsetUs;

    /// <summary>Sets the time that the next command sees.</summary>
    public void Set(long monotonicUs)
    {
        if (_hasOwnPace)
        {
            time.Set(clock.UnixMs, clock.WaitingUs + _steadyOffsetUs);
            return;
        }
        time.Set((monotonicUs + _unixOffsetUs) / 1000, monotonicUs + _steadyOffsetUs);
    }
}
