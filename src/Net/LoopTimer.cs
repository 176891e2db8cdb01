using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>The loop's time: read once per round, and what is due by it.</summary>
internal sealed class LoopTimer(IClock clock, ILoopUser user, LoopStatistics statistics)
{
    /// <summary>The loop looks after its connections at least this often.</summary>
    private const long UpkeepUs = 1_000_000;

    private readonly IClock _clock = clock;
    private readonly ILoopUser _user = user;
    private readonly LoopStatistics _statistics = statistics;
    private long _tickDueUs;
    private long _upkeepDueUs;
    private bool _isAsleep;

    internal long NowUs { get; private set; } = clock.MonotonicUs;

    /// <summary>When the loop that sleeps is awake again by itself.</summary>
    internal long WakeUs { get; private set; }

    /// <summary>When the requests of the round were there, and when they could begin to run.</summary>
    internal RoundTimes Round { get; private set; }

    /// <summary>All requests that came are received, and the lock is asked for.</summary>
    internal void NoteReceived()
    {
        long nowUs = _clock.MonotonicUs;
        Round = new RoundTimes(NowUs, nowUs, nowUs);
    }

    /// <summary>The lock, for which somebody else may have had to be waited, is given.</summary>
    internal void NoteLocked() => Round = Round with { LockTakenUs = _clock.MonotonicUs };

    /// <summary>The time now, where it is not enough to know when the round began.</summary>
    internal long ReadNow() => _clock.MonotonicUs;

    /// <summary>A guest begins a round while the loop sleeps.</summary>
    internal void BeginGuest() => NowUs = _clock.MonotonicUs;

    internal void EndGuest() => EndRound(_clock.MonotonicUs);

    /// <summary>When something is due.</summary>
    internal long DueUs(long otherDueUs) => Math.Min(Math.Min(_tickDueUs, _upkeepDueUs), otherDueUs);

    internal void Read()
    {
        long nowUs = _clock.MonotonicUs;
        if (!_isAsleep)
        {
            EndRound(nowUs);
        }
        _isAsleep = false;
        NowUs = nowUs;
    }

    internal bool IsTickDue => NowUs >= _tickDueUs;

    internal void Tick()
    {
        // Far away meanwhile, so that a Reschedule from within the call is not overruled unless it is the later one.
        _tickDueUs = long.MaxValue;
        int waitMs = Math.Max(_user.Tick(), 0);
        _tickDueUs = Math.Min(_tickDueUs, NowUs + (waitMs * 1000L));
    }

    /// <summary>Makes the next tick come within so many milliseconds; with 0 in this round, if its tick is still to come.</summary>
    internal void Reschedule(int ms) => _tickDueUs = Math.Min(_tickDueUs, ms <= 0 ? NowUs : _clock.MonotonicUs + (ms * 1000L));

    internal bool IsHousekeepingDue()
    {
        if (NowUs < _upkeepDueUs)
        {
            return false;
        }
        _upkeepDueUs = NowUs + UpkeepUs;
        return true;
    }

    /// <summary>How long the loop may sleep, in whole milliseconds rounded up.</summary>
    internal int SleepMs(long otherDueUs)
    {
        WakeUs = DueUs(otherDueUs);
        long nowUs = _clock.MonotonicUs;
        EndRound(nowUs);
        _isAsleep = true;
        long waitUs = WakeUs - nowUs;
        return waitUs <= 0 ? 0 : (int)Math.Min((waitUs + 999) / 1000, UpkeepUs / 1000);
    }

    private void EndRound(long nowUs)
    {
        _statistics.BusyUs += nowUs - NowUs;
        _statistics.NoteRound(nowUs - NowUs);
    }
}
