using Bixbite.Configuration.ConfigFiles;

namespace Bixbite.Hosting;

/// <summary>
/// A server does not start: <see cref="Exception.Message"/> is a sentence that says what was wrong and what to do. Nothing is left of it
/// but the server object, if there is one, which is to be disposed.
/// </summary>
public sealed class ServerStartException : Exception
{
    /// <summary>For a server, and for what is started with it.</summary>
    public ServerStartException(string message, ConfigError? line = null)
        : base(message) => Line = line;

    /// <summary>The line of the configuration that was wrong; null if it was none.</summary>
    public ConfigError? Line { get; }
}
