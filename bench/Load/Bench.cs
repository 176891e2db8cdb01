using System.Diagnostics;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load;

/// <summary>What a scenario works with: the settings, the two servers to be, and the report it adds to.</summary>
internal sealed class Bench(Settings settings, ServerFleet fleet, Contender candidate, Contender baseline)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public Settings Settings => settings;
    public ServerFleet Fleet => fleet;
    public Contender Candidate => candidate;
    public Contender Baseline => baseline;
    public Report Report { get; } = new();

    /// <summary>Both servers, in the order in which a round visits them.</summary>
    public Contender[] Contenders => [baseline, candidate];

    /// <summary>A count of keys, a tenth of it in a quick run.</summary>
    public int Scaled(int count) => settings.Quick ? count / 10 : count;

    public void Say(string progress) =>
        Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:F1} s] {progress}");
}
