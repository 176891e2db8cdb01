namespace Bixbite.Wire.Harness;

/// <summary>Finds the programs that tests start.</summary>
internal static class Programs
{
    /// <summary>Names a server binary to test instead of the one built beside the tests, such as the native one.</summary>
    public const string ServerVariable = "BIXBITE_SERVER";

    /// <summary>All tests run against the program that <see cref="ServerVariable"/> names.</summary>
    public static bool IsServerGiven => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 };

    /// <summary>The bixbite-server to start as a process.</summary>
    public static string Server =>
        Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } path ? path
        : File.Exists(BuiltServer) ? BuiltServer
        : throw new InvalidOperationException($"No server was built at {BuiltServer}: run 'dotnet build' first.");

    /// <summary>
    /// The server that sends metrics and traces: the one that the variable BIXBITE_OTLP_SERVER names, such as the native one, or the one
    /// built in the same configuration as these tests.
    /// </summary>
    public static string OtlpServer => Environment.GetEnvironmentVariable("BIXBITE_OTLP_SERVER") is { Length: > 0 } path
        ? path
        : Built("Server.Otlp", "bixbite-server-otlp");

    /// <summary>The tool that was built in the same configuration as these tests.</summary>
    public static string Tool => Built("Tool", "Bixbite.Tool");

    /// <summary>The server that was built in the same configuration as these tests.</summary>
    private static string BuiltServer => Built("Server", "bixbite-server");

    public static string? RedisServer => OnPath("redis-server");

    public static string? RedisCli => OnPath("redis-cli");

    public static string? RedisBenchmark => OnPath("redis-benchmark");

    public static string? Node => OnPath("node");

    public static string? Php => OnPath("php");

    /// <summary>The system's, which has the system's packages, before any other.</summary>
    public static string? Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : OnPath("python3");

    public static string? Ruby => OnPath("ruby");

    public static string? Strace => OnPath("strace");

    public static string? Prometheus => OnPath("prometheus");

    public static string? PrometheusTool => OnPath("promtool");

    public static string? RedisExporter => OnPath("prometheus-redis-exporter");

    private static string Built(string project, string program)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.GetFullPath(Path.Combine(own, "../..", project, Path.GetFileName(own), program));
    }

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
