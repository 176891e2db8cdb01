namespace Bixbite.Engine.Sessions;

/// <summary>
/// The properties of a session that must be known of every request. The letters are those of CLIENT LIST's flags.
/// </summary>
[Flags]
public enum SessionFlags
{
    None = 0,

    /// <summary>Receives every command as it runs (O).</summary>
    Monitor = 1,

    /// <summary>Not to be disconnected to save memory (e).</summary>
    NoEvict = 2,

    /// <summary>Its commands do not wind the access clock (T).</summary>
    NoTouch = 4,

    /// <summary>Waits for something and runs no further commands meanwhile (b).</summary>
    Blocked = 8,

    /// <summary>Its next request waits for the end of CLIENT PAUSE (b).</summary>
    Postponed = 16,

    /// <summary>Closed after its replies are sent (c); what it still sends is not read.</summary>
    Closing = 32,

    /// <summary>The link is gone or is being cut (A).</summary>
    Gone = 64,

    /// <summary>It has waited for a snapshot's memory and is about to have its request run.</summary>
    Returning = 128,

    /// <summary>Its requests are kept until EXEC (x).</summary>
    InTransaction = 256,

    /// <summary>Keeps a cache of what it reads (t).</summary>
    Caching = 512,

    /// <summary>Its reply is made in slices: the request at the start of its input goes on with it, and it runs nothing else.</summary>
    Unfinished = 1024,

    /// <summary>A replica, which gets the stream and no replies (S).</summary>
    Replica = 2048,

    /// <summary>The reply to its latest command, which comes later, waits for a level of durability.</summary>
    Unconfirmed = 4096,

    /// <summary>Has just sent ASKING, which holds for the command after it.</summary>
    Asked = 16384,

    /// <summary>The command that is to run may use slots that are about to come here.</summary>
    Asking = 32768,

    /// <summary>Reads what this replica has, though it may be behind its primary (r).</summary>
    ReadsReplica = 65536,

    /// <summary>The primary that this server follows, whose requests repeat what it has done (M).</summary>
    Primary = 8192,
}

/// <summary>CLIENT REPLY's modes.</summary>
public enum ReplyMode : byte
{
    On,
    Off,

    /// <summary>The reply to the next command is left out.</summary>
    SkipNext,

    /// <summary>The reply to this command is left out.</summary>
    Skipping,
}
