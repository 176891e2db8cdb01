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
        Run(Kept.Acknowledged, "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0");
    }

    /// <summary>A round may wait in memory for an fsync that is under way; INFO tells when none does.</summary>
    [Fact]
    public void WithEverysecWhatWasWrittenIsKept()
    {
        Run(Kept.Written, "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "1mb");
    }

    /// <summary>Each client's part of it is what it had written at some moment.</summary>
    [Fact]
    public void ASnapshotUnderLoadIsOfOneMoment()
    {
        Run(Kept.LastSave, "--appendonly", "no", "--rdbcompression", "no");
    }

    private void Run(Kept kept, params string[] options)
    {
        Random random = Seed.NewRandom();
        Stopwatch watch = Stopwatch.StartNew();
        using KillTrial trial = new(random, kept, options);
        for (int round = 1; round <= RoundCount; round++)
        {
            output.WriteLine($"round {round}");
            trial.RunRound(LoadMsMax);
        }

        output.WriteLine(
            $"{string.Join(' ', options)}: {RoundCount} rounds in {watch.Elapsed.TotalSeconds:0} s, "
                + $"{trial.AcknowledgedCount} requests acknowledged, {trial.PromisedCount} of them to be kept, "
                + $"{trial.DisturbanceCount} rewrites and snapshots begun; nothing lost that had to be kept.");
    }
}
