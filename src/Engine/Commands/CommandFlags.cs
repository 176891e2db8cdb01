namespace Bixbite.Engine.Commands;

/// <summary>The properties of a command that others than the command must know.</summary>
[Flags]
public enum CommandFlags
{
    None = 0,

    /// <summary>May change the data.</summary>
    Write = 1,

    /// <summary>Reads keys and never changes them.</summary>
    ReadOnly = 1 << 1,

    /// <summary>Refused while memory is over its limit.</summary>
    DenyOom = 1 << 2,

    Admin = 1 << 3,

    PubSub = 1 << 4,

    /// <summary>Not allowed in scripts.</summary>
    NoScript = 1 << 5,

    /// <summary>May make its client wait.</summary>
    Blocking = 1 << 6,

    /// <summary>Allowed while the data is being loaded.</summary>
    Loading = 1 << 7,

    /// <summary>Allowed on a replica whose data is stale.</summary>
    Stale = 1 << 8,

    SkipMonitor = 1 << 9,

    SkipSlowLog = 1 << 10,

    /// <summary>Carries its own ASKING (cluster).</summary>
    Asking = 1 << 11,

    /// <summary>O(1) or O(log n), and never waits.</summary>
    Fast = 1 << 12,

    /// <summary>Allowed before the client has given its password.</summary>
    NoAuth = 1 << 13,

    /// <summary>Not a write by itself, but may lead to one that is replicated.</summary>
    MayReplicate = 1 << 14,

    /// <summary>Takes keys, but may be called without.</summary>
    NoMandatoryKeys = 1 << 15,

    /// <summary>Needs enable-debug-command.</summary>
    Protected = 1 << 16,

    /// <summary>Refused while data is loaded beside the old data.</summary>
    NoAsyncLoading = 1 << 17,

    /// <summary>Not allowed in transactions.</summary>
    NoMulti = 1 << 18,

    /// <summary>Allowed while a script runs beyond its time.</summary>
    AllowBusy = 1 << 19,

    /// <summary>May touch any key, whatever its arguments.</summary>
    TouchesArbitraryKeys = 1 << 20,

    /// <summary>Has keys that first, last and step do not tell. Derived from the key specs, never written.</summary>
    MovableKeys = 1 << 21,

    /// <summary>Runs at once also within a transaction, instead of being kept until EXEC.</summary>
    RunsInMulti = 1 << 22,

    /// <summary>May stand in a log although it changes nothing: SELECT.</summary>
    Journaled = 1 << 23,

    /// <summary>Allowed to a subscriber that speaks RESP2.</summary>
    AllowsSubscriber = 1 << 24,

    /// <summary>Refused like a write while changes cannot be kept on the disk: what watches over the server must notice.</summary>
    NeedsDisk = 1 << 25,

    /// <summary>Runs the requests of its client's transaction, and so is whatever they are.</summary>
    RunsTransaction = 1 << 26,

    /// <summary>CLIENT CACHING still holds after it.</summary>
    KeepsCaching = 1 << 27,

    /// <summary>Takes no time beside that of the commands that it runs: not worth a reading of the clock.</summary>
    Untimed = 1 << 28,

    /// <summary>For the system's own use and for tests: COMMAND DOCS marks it.</summary>
    System = 1 << 29,

    /// <summary>Runs where the client sends it while a slot of its keys is on its way between nodes: it moves keys.</summary>
    MovesKeys = 1 << 30,
}
