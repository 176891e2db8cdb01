using Bixbite.Engine.Blocking;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;

namespace Bixbite.Hosting;

/// <summary>Whatever clients wait for: what ends by time, and what they are to have since keys changed by themselves.</summary>
internal sealed record CronWaits(BlockedSessions Blocked, PauseGate Pause, LazyRemoval Removal, Executor Executor)
{
    public bool IsPaused => Pause.IsOn;

    /// <summary>Those who write are slowed down, or held, for a snapshot.</summary>
    public bool IsTight => Pause.IsTight;

    /// <summary>Serves those who waited for keys that changed since the last round, and tells of the changes.</summary>
    public void RunBetweenRounds(long nowUs)
    {
        Pause.RunSaving(nowUs);
        Executor.RunBetweenRounds();
    }

    /// <summary>Ends what is over; returns the next time at which something ends, in monotonic milliseconds.</summary>
    public long RunTimeouts(long nowMs) => Math.Min(Blocked.RunTimeouts(nowMs), Pause.RunTimeout(nowMs));
}
