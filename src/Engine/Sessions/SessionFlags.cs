namespace Bixbite.Engine.Sessions;

/// <summary>What a session is or has asked for. The letters are those of the flags field of CLIENT LIST.</summary>
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

    /// <summary>A key that it watches has changed (d).</summary>
    WatchBroken = 256,
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
