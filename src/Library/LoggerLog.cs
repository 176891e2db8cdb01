using Bixbite.Configuration;
using Bixbite.Hosting;
using Bixbite.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using ServerLogLevel = Bixbite.Logging.LogLevel;

namespace Bixbite;

/// <summary>A server's log that hands its texts on to an <see cref="ILogger"/>.</summary>
internal static class LoggerLog
{
    /// <summary>The log of a server of these options; the caller's.</summary>
    public static ServerLog Of(ILogger logger, ServerOptions options) =>
        new(options.Clock, (level, text) => Tell(logger, LevelOf(level), text))
        {
            Threshold = options.Settings.Get<LoggingSettings>().LogLevel.Value,
        };

    private static LogLevel LevelOf(ServerLogLevel level) => level switch
    {
        ServerLogLevel.Debug => LogLevel.Trace,
        ServerLogLevel.Verbose => LogLevel.Debug,
        ServerLogLevel.Notice => LogLevel.Information,
        _ => LogLevel.Warning,
    };

    /// <remarks>A logger that fails is no reason for the server to stop.</remarks>
    private static void Tell(ILogger logger, LogLevel level, string text)
    {
        try
        {
            logger.Log(level, default, text, null, static (text, _) => text);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            System.Diagnostics.Debug.WriteLine($"The logger has failed: {failure.Message}");
        }
    }
}
