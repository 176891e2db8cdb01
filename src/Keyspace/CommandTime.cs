namespace Bixbite.Keyspace;

/// <summary>
/// The time that every key of one command sees. It is set once before the command runs, so a key cannot expire between
/// two looks at it.
/// </summary>
public sealed class CommandTime
{
    /// <summary>Unix time in milliseconds.</summary>
    public long UnixMs { get; private set; }

    public void Set(long unixMs) => UnixMs = unixMs;
}
