namespace Bixbite.Engine.Lifecycle;

/// <summary>Who this server is: fixed for the life of the process.</summary>
public sealed record ServerIdentity(string RunId, string ExecutablePath, string ConfigPath, long StartedAtUnixMs, int TcpPort)
{
    /// <summary>
    /// The Redis release whose core commands this server equals, as far as they exist here; clients decide by it what they may use.
    /// </summary>
    public const string RedisVersion = "7.2.4";

    /// <summary>Bixbite's own version.</summary>
    public static string Version { get; } = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
