using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// A failure to write or sync the log: told to the gates, which refuse changes meanwhile, and to people. It is over when what
/// failed has been written and synced.
/// </summary>
internal sealed class AofTrouble(DataState state, IClock clock, ServerLog log)
{
    private const long RetryIntervalUs = 1_000_000;

    private long _triedUs;

    public bool IsOn => state.AofErrno != 0;

    /// <summary>Whether the bytes that failed have been written and are being synced.</summary>
    public bool IsProving { get; private set; }

    /// <summary>The last attempt is a while ago.</summary>
    public bool IsTryDue => clock.MonotonicUs - _triedUs >= RetryIntervalUs;

    public void Note(int errno, string call, string path)
    {
        IsProving = false;
        _triedUs = clock.MonotonicUs;
        if (!IsOn)
        {
            log.Write(
                LogLevel.Warning,
                $"{call} of the AOF file {path} failed: {Errno.Text(errno)}. Changes are refused until it succeeds; "
                + "it is tried every second.");
        }
        state.AofErrno = errno;
    }

    /// <summary>An attempt begins.</summary>
    public void NoteAttempt() => _triedUs = clock.MonotonicUs;

    /// <summary>The bytes that failed have been written; that counts when they are synced.</summary>
    public void Prove() => IsProving = true;

    public void End(string path)
    {
        log.Write(LogLevel.Warning, $"The AOF file {path} can be written again, and changes are accepted.");
        Forget();
    }

    /// <summary>Nothing is written any longer.</summary>
    public void Forget()
    {
        IsProving = false;
        state.AofErrno = 0;
    }
}
