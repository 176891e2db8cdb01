using System.Diagnostics;
using System.Globalization;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Client;

/// <summary>Debian's redis-benchmark as the load generator, on this program's core.</summary>
internal static class RedisBenchmark
{
    public const int ConnectionCount = 50;
    public const int ValueSize = 64;

    private static readonly TimeSpan s_timeLimit = TimeSpan.FromSeconds(60);

    /// <summary>What one test of it printed.</summary>
    public readonly record struct Outcome(double PerSecond, double P99Ms);

    /// <summary>
    /// Runs <paramref name="test"/> ("get" or "set") over one key, or at random over <paramref name="keyspace"/> keys if not 0.
    /// </summary>
    public static Outcome Run(
        int port, string test, int pipeline, int count, int keyspace)
    {
        List<string> arguments =
        [
            "-h", "127.0.0.1", "-p", $"{port}", "-t", test, "-P", $"{pipeline}", "-n", $"{count}", "-c", $"{ConnectionCount}",
            "-d", $"{ValueSize}", "--csv",
        ];
        if (keyspace > 0)
        {
            arguments.AddRange(["-r", $"{keyspace}"]);
        }

        using Process process = Cores.StartGenerator(
            new ProcessStartInfo("redis-benchmark", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> complaints = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_timeLimit))
        {
            process.Kill();
            throw new TimeoutException($"redis-benchmark -t {test} -P {pipeline} did not end");
        }

        return Parse(output.Result)
            ?? throw new IOException($"redis-benchmark printed no result: {output.Result} {complaints.Result}");
    }

    /// <summary>The last line holds the quoted fields test, rps, avg, min, p50, p95, p99, max.</summary>
    private static Outcome? Parse(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2)
        {
            return null;
        }
        string[] fields = lines[^1].Split(',').Select(field => field.Trim('"', '\r')).ToArray();
        return fields.Length >= 8 ? new Outcome(Number(fields[1]), Number(fields[6])) : null;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
