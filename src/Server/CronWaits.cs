using Bixbite.Engine.Blocking;

namespace Bixbite.Server;

/// <summary>Whatever clients wait for: what ends by time, and those who can go on since keys changed by themselves.</summary>
internal sealed record CronWaits(BlockedSessions Blocked, PauseGate Pause, WaitServer Server)
{
    public bool IsPaused => Pause.IsOn;

    /// <summary>Ends what is over; returns the next time at which something ends, in monotonic milliseconds.</summary>
    public long RunTimeouts(long nowMs) => Math.Min(Blocked.RunTimeouts(nowMs), Pause.RunTimeout(nowMs));
}
