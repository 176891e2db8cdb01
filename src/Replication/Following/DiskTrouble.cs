using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Replication.Following;

/// <summary>
/// Decides what becomes of a primary's changes while this server's disk does not take them (replica-ignore-disk-write-errors): what is
/// refused to clients then. Redis ends its process instead. Under the execution lock.
/// </summary>
internal sealed class DiskTrouble(DataState state, SnapshotSettings snapshots, IntakeSettings settings, IClock clock, ServerLog log)
{
    private const long ToldPeriodUs = 10_000_000;

    private long _toldUs = long.MinValue / 2;

    /// <summary>Why nothing may be applied; null if it may.</summary>
    public string? Refusal => settings.IgnoresDiskErrors.Value ? null : Reason;

    private string? Reason =>
        state.AofErrno != 0 ? $"the append only file cannot be written ({Errno.Text(state.AofErrno)})"
        : state.HasSnapshotFailed && snapshots.StopWritesOnSaveError.Value && snapshots.Save.Value.Count > 0
            ? "the last snapshot could not be saved"
            : null;

    /// <summary>Something is applied: the log is told now and then if it is not on the disk.</summary>
    public void NoteApplied()
    {
        if (Reason is { } reason && clock.MonotonicUs - _toldUs > ToldPeriodUs)
        {
            _toldUs = clock.MonotonicUs;
            log.Write(LogLevel.Warning, $"Replica is applying a command even though it is unable to write to disk: {reason}");
        }
    }
}
