using System.Diagnostics;
using System.Globalization;
using Bixbite.Unit.Structures;

namespace Bixbite.Crash.Kill;

/// <summary>
/// A real server is killed at random moments. <c>BIXBITE_CRASH_ROUNDS</c> asks for more rounds than the usual few, <c>BIXBITE_SERVER</c>
/// names another binary than the one built beside the tests.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int UsualRoundCount = 10;
    private const int LoadMsMax = 600;

    private static int RoundCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CRASH_ROUNDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualRoundCount;

    [Fact]
    public void WithAlwaysNothingAcknowledgedIsLost()
    {
        Run(TimeSpan.Zero, "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0");
    }

    /// <summary>Two seconds, since a rewrite may be under way at any time here.</summary>
    [Fact]
    public void WithEverysecAtMostTheLastSecondsAreLost()
    {
        Run(TimeSpan.FromSeconds(2), "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "1mb");
    }

    /// <summary>Each client's part of it is what it had written at some moment.</summary>
    [Fact]
    public void ASnapshotUnderLoadIsOfOneMoment()
    {
        Run(Timeout.InfiniteTimeSpan, "--appendonly", "no", "--rdbcompression", "no");
    }

    private void Run(TimeSpan lossMax, params string[] options)
    {
        Random random = Seed.NewRandom();
        Stopwatch watch = Stopwatch.StartNew();
        using KillTrial trial = new(random, lossMax, options);
        for (int round = 1; round <= RoundCount; round++)
        {
            output.WriteLine($"round {round}");
            trial.RunRound(LoadMsMax);
        }

        output.WriteLine(
            $"{string.Join(' ', options)}: {RoundCount} rounds in {watch.Elapsed.TotalSeconds:0} s, "
                + $"{trial.AcknowledgedCount} requests acknowledged, "
                + $"{trial.DisturbanceCount} rewrites and snapshots begun; nothing lost that had to be kept.");
    }
}
