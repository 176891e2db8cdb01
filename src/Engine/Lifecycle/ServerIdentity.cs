using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text;

namespace Bixbite.Engine.Lifecycle;

/// <summary>Who this server is: fixed for the life of the process.</summary>
/// <param name="RunId">40 hexadecimal digits, others at each start.</param>
/// <param name="ExecutablePath">The file that runs.</param>
/// <param name="ConfigPath">The configuration file; empty where there is none.</param>
/// <param name="StartedUs">When it started, in monotonic microseconds.</param>
/// <param name="TcpPort">The port asked for at the start.</param>
public sealed record ServerIdentity(string RunId, string ExecutablePath, string ConfigPath, long StartedUs, int TcpPort)
{
    /// <summary>
    /// The Redis release whose core commands this server equals, as far as they exist here; clients decide by it what they may use.
    /// </summary>
    public const string RedisVersion = "7.2.4";

    /// <summary>The name of its meter and of its activity source.</summary>
    public const string TelemetryName = "Bixbite";

    private const int CommitLength = 8;

    /// <summary>Who has started it, and is told when it is ready.</summary>
    public Supervisor Supervisor { get; init; }

    /// <summary>Bixbite's own version.</summary>
    public static string Version { get; } = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The commit that was built, 8 hexadecimal digits; zeros where it was not built from a repository.</summary>
    public static string Commit { get; } = CommitOf(FullVersion);

    /// <summary>16 hexadecimal digits that stand for what was built: the same for every build of one commit.</summary>
    public static string BuildId { get; } =
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(FullVersion)).ToString("x16", CultureInfo.InvariantCulture);

    private static string FullVersion =>
        typeof(ServerIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? Version;

    /// <summary>The compiler writes it behind the version: 1.2.3+commit.</summary>
    private static string CommitOf(string fullVersion)
    {
        int plus = fullVersion.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && fullVersion.Length - plus > CommitLength
            ? fullVersion.Substring(plus + 1, CommitLength)
            : new string('0', CommitLength);
    }
}
