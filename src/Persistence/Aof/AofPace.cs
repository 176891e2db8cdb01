using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>When the log is written and synced: what appendfsync asks for, and what waits while the disk is behind.</summary>
internal sealed class AofPace(AofSettings settings, IClock clock, ServerLog log)
{
    private const long SyncIntervalUs = 1_000_000;
    private const long PostponedMaxUs = 2_000_000;

    private long _syncWantedEnd;
    private long _syncWantedUs;
    private long _postponedSinceUs;
    private long _toldUs;

    /// <summary>Replies wait until what they acknowledge is durable. Any thread.</summary>
    public bool IsAlways => settings.Fsync.Value == SyncPolicy.Always;

    /// <summary>Set while a snapshot is written and the log is not to be synced every second (no-appendfsync-on-rewrite).</summary>
    public bool IsSuspended { get; set; }

    /// <summary>The number of times that waiting bytes were written although an fsync was under way.</summary>
    public long DelayedCount { get; set; }

    /// <summary>Microseconds for which something has waited to be written.</summary>
    public long PostponedUs => _postponedSinceUs == 0 ? 0 : clock.MonotonicUs - _postponedSinceUs;

    /// <summary>
    /// Whether a round stays in the buffer for now. Nothing is written before the file that was left is durable, so that the log has no
    /// gap; and with everysec it is better to wait a little for an fsync than to be held up by it in write(2). But not for longer than two
    /// seconds, and not for more bytes than <see cref="AofBounds.WaitingSize"/>: what is written survives the process, at least.
    /// </summary>
    public bool Postpones(AofSync sync, long waitingSize, AofBounds bounds)
    {
        bool isBehind = sync.IsClosing || (settings.Fsync.Value == SyncPolicy.EverySecond && sync.IsBusy);
        if (!isBehind)
        {
            _postponedSinceUs = 0;
            return false;
        }
        long nowUs = clock.MonotonicUs;
        if (_postponedSinceUs == 0)
        {
            _postponedSinceUs = nowUs;
        }
        if (nowUs - _postponedSinceUs < PostponedMaxUs && waitingSize < bounds.WaitingSize)
        {
            return true;
        }
        _postponedSinceUs = nowUs;
        NoteDelay(nowUs);
        return false;
    }

    /// <summary>Whether what is written up to a position is to be synced now.</summary>
    public bool IsSyncDue(AofSync sync, long writtenEnd) =>
        HasUnwanted(writtenEnd) && !sync.IsBusy && (IsAlways || IsSyncDueEverySecond());

    /// <summary>Something is written that nobody has wanted to be synced yet.</summary>
    public bool HasUnwanted(long writtenEnd) => _syncWantedEnd < writtenEnd;

    /// <summary>Notes that everything up to a position is being synced.</summary>
    public void NoteSync(long writtenEnd)
    {
        _syncWantedEnd = writtenEnd;
        _syncWantedUs = clock.MonotonicUs;
    }

    private bool IsSyncDueEverySecond() => settings.Fsync.Value == SyncPolicy.EverySecond
        && !IsSuspended
        && clock.MonotonicUs - _syncWantedUs >= SyncIntervalUs;

    private void NoteDelay(long nowUs)
    {
        DelayedCount++;
        if (nowUs - _toldUs < PostponedMaxUs)
        {
            return;
        }
        _toldUs = nowUs;
        log.Write(
            LogLevel.Notice,
            "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, "
            + "this may slow down the server.");
    }
}

/// <summary>How many bytes of the log may be in memory.</summary>
/// <param name="WaitingSize">More than these are written even if an fsync is under way; with always their clients wait a little.</param>
/// <param name="RefusingSize">With always and more than these not durable, changes are refused until the disk has caught up.</param>
/// <param name="WritingSize">With always and more than these not durable, everybody waits for the disk.</param>
/// <param name="LosingSize">If more than these cannot be written they are given up, and the log is made anew by a rewrite.</param>
/// <param name="LargeSizeMin">So many bytes in one piece are written from where they lie.</param>
internal sealed record AofBounds(
    long WaitingSize = 64L << 20, long RefusingSize = 256L << 20, long WritingSize = 512L << 20, long LosingSize = 1L << 30,
    int LargeSizeMin = 4 << 20);
