namespace Bixbite.Persistence.Aof;

/// <summary>When the log of writes is made durable (appendfsync).</summary>
public enum SyncPolicy
{
    /// <summary>Once a second.</summary>
    EverySecond,

    /// <summary>Before a change is acknowledged.</summary>
    Always,

    /// <summary>When the system likes.</summary>
    Never,
}
