namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// The reasons that may keep a request from running: one bit for each gate. The gate of the lowest bit is asked first, so the order of the
/// bits says which error comes before which, as in Redis. The bits between are free for the gates of modules.
/// </summary>
[Flags]
public enum Concern : uint
{
    None = 0,

    /// <summary>The command needs enable-debug-command.</summary>
    Protected = 1 << 1,

    /// <summary>The client has not given the password.</summary>
    Unauthenticated = 1 << 3,

    /// <summary>The command is not allowed in transactions.</summary>
    NoMulti = 1 << 9,

    /// <summary>The client's user has rules: it may not be allowed what it asks for.</summary>
    Access = 1 << 11,

    /// <summary>The server is a node of a cluster: the keys may be another one's.</summary>
    Slot = 1 << 12,

    /// <summary>The client can be sent on, and the server may be a replica.</summary>
    Redirect = 1 << 13,

    /// <summary>There is a limit for memory.</summary>
    MemoryLimit = 1 << 14,

    /// <summary>The last snapshot could not be saved.</summary>
    Snapshot = 1 << 16,

    /// <summary>The append only log cannot be written.</summary>
    Aof = 1 << 17,

    /// <summary>Changes are wanted to reach replicas, of which there are too few.</summary>
    GoodReplicas = 1 << 18,

    /// <summary>The server is a replica whose clients may not change data.</summary>
    ReadOnlyReplica = 1 << 19,

    /// <summary>The client has subscribed to something, and may be unable to tell replies from messages.</summary>
    Subscriber = 1 << 21,

    /// <summary>The server is a replica without its primary, and has been told not to serve old data.</summary>
    StaleData = 1 << 22,

    /// <summary>The data is being loaded.</summary>
    Loading = 1 << 24,

    /// <summary>Other data is being loaded, which will take the place of what there is.</summary>
    LoadingAside = 1 << 25,

    /// <summary>A command takes long, and nobody else may use keys.</summary>
    Busy = 1 << 26,

    /// <summary>Keys are on their way to another server: who wants to change them waits.</summary>
    Migration = 1 << 29,

    /// <summary>Clients are paused, or may have to wait for a snapshot.</summary>
    Pause = 1 << 30,
}
