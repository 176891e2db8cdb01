namespace Bixbite.Keyspace;

/// <summary>
/// The time that every key of one command sees. It is set once before the command runs, so a key cannot expire between
/// two looks at it.
/// </summary>
public sealed class CommandTime
{
    /// <summary>Unix time in milliseconds; jumps when the system's time is set.</summary>
    public long UnixMs { get; private set; }

    /// <summary>
    /// Microseconds for asking how long ago something was: Unix time when the server started, and steady from then on, whatever the
    /// system's time is set to.
    /// </summary>
    public long SteadyUs { get; private set; }

    public void Set(long unixMs, long steadyUs)
    {
        UnixMs = unixMs;
        SteadyUs = steadyUs;
    }

    /// <summary>For what runs between commands and asks when keys are due only.</summary>
    public void Set(long unixMs) => UnixMs = unixMs;
}
