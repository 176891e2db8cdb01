using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// When replicas are asked how far they are: at the end of the turn in which somebody wants to know. While a question is on its way the
/// next waits for its answer, so one serves all who came meanwhile; but no longer than a millisecond, which is little where replicas are
/// far.
/// </summary>
internal sealed class AcknowledgementQuestions(IClock clock, CronAlarm alarm)
{
    private const long PatienceMs = 1;
    private const long None = long.MinValue / 2;

    private bool _isOpen;
    private long _dueUs;
    private bool _isRung;

    /// <summary>The position before the last question; negative if there was none in this stream.</summary>
    public long LastPosition { get; private set; } = None;

    /// <summary>Somebody wants to know, and nobody was asked yet.</summary>
    public bool IsWanted { get; set; }

    /// <summary>The milliseconds until the next question need not wait any longer for an answer.</summary>
    public long DueMs => !IsWanted ? CronTask.Never : Math.Max(_dueUs - clock.MonotonicUs + 999, 0) / 1000;

    /// <summary>A question has to be asked now. If it has to wait, the cron ticks when it need not any longer.</summary>
    public bool IsDue()
    {
        if (!IsWanted || !_isOpen || clock.MonotonicUs >= _dueUs)
        {
            return IsWanted;
        }
        if (!_isRung)
        {
            _isRung = true;
            alarm.RingWithin(PatienceMs);
        }
        return false;
    }

    /// <summary>It is asked, behind everything before this position.</summary>
    public void Ask(long end)
    {
        IsWanted = false;
        _isOpen = true;
        LastPosition = end;
        _dueUs = clock.MonotonicUs + (PatienceMs * 1000);
        _isRung = false;
    }

    /// <summary>A replica has everything before this position.</summary>
    public void NoteAnswer(long end) => _isOpen &= end < LastPosition;

    /// <summary>Nobody is asked any more, and no answer comes.</summary>
    public void Forget()
    {
        IsWanted = false;
        _isOpen = false;
        LastPosition = None;
    }
}
