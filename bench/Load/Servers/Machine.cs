using System.Runtime.InteropServices;

namespace Bixbite.Load.Servers;

/// <summary>Says on what a report was made.</summary>
internal static class Machine
{
    public static string[] Describe(Settings settings, Contender candidate, Contender baseline) =>
    [
        $"Made {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Processor()}, {Environment.ProcessorCount} cores, " +
            $"{RuntimeInformation.OSDescription}.",
        $"{baseline.Name} against {candidate.Name}, best of {settings.Rounds} interleaved rounds; server on core {settings.ServerCore}, " +
            $"load generator on core {settings.LoadCore}; " +
            $"GET and SET over {(settings.Keyspace == 0 ? "one key" : $"{settings.Keyspace:N0} keys")}" +
            $"{(settings.Quick ? "; **quick run, a check and no measurement**" : "")}.",
    ];

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? $"{RuntimeInformation.ProcessArchitecture}";
}
