using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Voters;

/// <summary>
/// Three voters in processes of their own, to which numbers are proposed all the time: they are killed, one or two or all of them, stand
/// still, and lose requests, answers or both. What was acknowledged stays, all apply the same in the same order, no term has two leaders,
/// and when the faults are over the group decides again. <c>BIXBITE_CONSENSUS_TRIALS</c> asks for more trials than the usual two.
/// </summary>
public sealed class ConsensusChaosTests(ITestOutputHelper output)
{
    private const int UsualTrialCount = 2;
    private const int RoundCount = 6;
    private const int PauseMsMax = 2500;

    private enum Fault
    {
        Killed,
        KilledAndBack,
        TwoKilled,
        AllKilled,
        StandsStill,
        CutOff,
        OneLinkCut,
        RequestsLost,
        AnswersLost,
    }

    private static int FirstSeed => Number("BIXBITE_SEED") ?? Environment.TickCount & 0xFFFFFF;

    private static int TrialCount => Number("BIXBITE_CONSENSUS_TRIALS") ?? UsualTrialCount;

    [Fact]
    public async Task WhatIsAcknowledgedStaysAndAllAgree()
    {
        int first = FirstSeed;
        for (int seed = first; seed < first + TrialCount; seed++)
        {
            output.WriteLine($"BIXBITE_SEED={seed}");
            await RunAsync(new Random(seed));
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private async Task RunAsync(Random random)
    {
        using var group = new VoterGroup();
        await group.FoundAsync();
        for (int round = 1; round <= RoundCount; round++)
        {
            var fault = (Fault)random.Next((int)Fault.AnswersLost + 1);
            VoterNode victim = group.All[random.Next(group.All.Count)];
            if (random.Next(2) == 0 && await group.LeaderAsync(group.All) is { } leader)
            {
                victim = leader;
            }
            output.WriteLine($"round {round}: {fault}, voter {victim.Number}");
            if (random.Next(3) == 0)
            {
                await Task.WhenAll(group.All.Select(node => node.AskAsync("repeat yes")));
            }
            using var end = new CancellationTokenSource();
            Task writing = WriteAsync(group, end.Token);
            await Task.Delay(random.Next(PauseMsMax / 10), TestContext.Current.CancellationToken);
            await ComeOverAsync(group, fault, victim, random);
            await group.HealAsync();
            await group.AwaitWriteAsync(group.All);
            await end.CancelAsync();
            await writing;
            await group.CheckAsync();
        }
        output.WriteLine($"{group.AcknowledgedCount} acknowledged, longest recovery {group.LongestRecovery.TotalSeconds:F1} s");
        output.WriteLine($"{group.RestartCount} restarts of engines seen");
    }

    private static async Task WriteAsync(VoterGroup group, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await group.TryWriteAsync(group.All);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>The fault begins and ends here, but for links: they are healed by the caller.</summary>
    private static async Task ComeOverAsync(VoterGroup group, Fault fault, VoterNode victim, Random random)
    {
        IReadOnlyList<VoterNode> others = group.Without(victim);
        VoterNode other = others[random.Next(others.Count)];
        string all = string.Join(' ', others.Select(node => node.Number));
        TimeSpan pause = TimeSpan.FromMilliseconds(random.Next(PauseMsMax));
        switch (fault)
        {
            case Fault.Killed:
                victim.Kill();
                await group.AwaitWriteAsync(others);
                await victim.StartAsync();
                break;
            case Fault.KilledAndBack:
                await KillAsync(victim);
                break;
            case Fault.TwoKilled:
                await KillAsync(victim, other);
                break;
            case Fault.AllKilled:
                await KillAsync([.. group.All]);
                break;
            case Fault.StandsStill:
                victim.Freeze();
                await group.AwaitWriteAsync(others);
                victim.Thaw();
                // It may believe for a moment that it still leads.
                await group.TryWriteAsync(victim);
                break;
            case Fault.CutOff:
                await victim.AskAsync($"lose {all}");
                await Task.WhenAll(others.Select(node => node.AskAsync($"lose {victim.Number}")));
                group.Require(!await group.ConfirmsAsync(victim), "a voter that is cut off confirms that it leads");
                await group.TryWriteAsync(victim);
                await group.AwaitWriteAsync(others);
                break;
            case Fault.OneLinkCut:
                await victim.AskAsync($"lose {other.Number}");
                await other.AskAsync($"lose {victim.Number}");
                await Task.Delay(pause, TestContext.Current.CancellationToken);
                break;
            case Fault.RequestsLost:
                await victim.AskAsync($"lose {all}");
                await Task.Delay(pause, TestContext.Current.CancellationToken);
                break;
            default:
                await victim.AskAsync($"mute {all}");
                await Task.Delay(pause, TestContext.Current.CancellationToken);
                break;
        }
    }

    private static async Task KillAsync(params VoterNode[] nodes)
    {
        Array.ForEach(nodes, node => node.Kill());
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
    }
}
