namespace Bixbite.Logging;

public enum LogLevel
{
    Debug,
    Verbose,
    Notice,
    Warning,

    /// <summary>As a threshold: log nothing at all.</summary>
    Nothing,
}
