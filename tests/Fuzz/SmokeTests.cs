using Xunit;

namespace Bixbite.Fuzz;

/// <summary>Each target for a bounded number of mutations; BIXBITE_SEED runs one seed again.</summary>
public sealed class SmokeTests
{
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Target_Survives(string name)
    {
        int seed = NewSeed();
        FuzzTarget target = FuzzTargets.Find(name)!;
        FuzzFailure? failure = FuzzLoop.Run(target, seed, target.SmokeIterations, s_timeMax);
        Assert.True(failure is null, failure?.ToString());
    }

    [Fact]
    public void Canary_IsCaught_AndItsInputMadeSmall()
    {
        FuzzFailure? failure = FuzzLoop.Run(FuzzTargets.Canary, NewSeed(), 1_000_000, TimeSpan.MaxValue);
        Assert.NotNull(failure);
        Assert.Equal(3, failure.Input.Length);
    }

    [Fact]
    public void Names_AreUnique() => Assert.Equal(FuzzTargets.All.Count, FuzzTargets.All.Select(target => target.Name).Distinct().Count());

    private static int NewSeed()
    {
        string? wanted = Environment.GetEnvironmentVariable("BIXBITE_SEED");
        int seed = wanted is null ? Environment.TickCount : int.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"BIXBITE_SEED={seed}");
        return seed;
    }
}
