namespace Bixbite.Load.Scenarios;

/// <summary>
/// One row of the collections table: a command over data that is there before. What a command takes away (LPOP) or adds without end (LPUSH)
/// is put back before every run, so that all runs see the same.
/// </summary>
/// <param name="Name">The command.</param>
/// <param name="Over">What data it works on.</param>
/// <param name="Pattern">The commands of one step; see <see cref="Client.PatternSource"/>.</param>
/// <param name="Goal">Its throughput by the baseline's.</param>
internal sealed record Workload(string Name, string Over, string Pattern, double Goal)
{
    /// <summary>What fills the data: patterns, and how many steps of each.</summary>
    public (string Pattern, int Count)[] Fills { get; init; } = [];

    /// <summary>Each run starts from the fills anew.</summary>
    public bool IsUsedUp { get; init; }

    /// <summary>Steps of one run, at most: what the fills provide for.</summary>
    public int CountMax { get; init; } = int.MaxValue;
}
