namespace Bixbite.Engine.Lifecycle;

/// <summary>Whether the server does by itself what it does from time to time (DEBUG PAUSE-CRON). Under the execution lock.</summary>
public sealed class CronSwitch
{
    /// <summary>
    /// Nothing expires, is evicted or moved between commands, nothing is saved, sampled or closed by itself. Waits still end, and what is
    /// being loaded, saved or freed already goes on.
    /// </summary>
    public bool IsPaused { get; set; }
}
