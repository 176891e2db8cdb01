using System.Globalization;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// How long nobody can write while a primary under load gives its place to its replica (FAILOVER), there and back again. All servers share
/// the server's core.
/// </summary>
internal sealed class FailoverScenario : IScenario
{
    private const double GoalMs = 50;
    private const int HandoverCount = 4;

    public string Name => "failover";
    public string Summary =>
        $"the longest time without a write during FAILOVER, {WritersInPair.Count} clients at pipeline {WritersInPair.Depth}";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            $"FAILOVER under load, {WritersInPair.Count} clients at pipeline {WritersInPair.Depth}, milliseconds without a write", "what",
            bench.Baseline.Name, bench.Candidate.Name, "goal");
        List<double>[] times = [[], []];
        RunningServer[][] pairs = [.. bench.Contenders.Select(contender => StartPair(bench, contender))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < pairs.Length; i++)
            {
                times[i].AddRange(Measure(bench, $"round {round}", pairs[i]));
            }
        }
        Add(table, "median", times, static all => all.Order().ElementAt(all.Count / 2), goalMs: null);
        Add(table, "longest", times, static all => all.Max(), GoalMs);
    }

    private static void Add(Table table, string what, List<double>[] times, Func<List<double>, double> pick, double? goalMs)
    {
        double baseline = pick(times[0]);
        double candidate = pick(times[1]);
        table.Add(
            $"{what} of {times[0].Count}", Figures.Number(baseline, 1), Figures.Number(candidate, 1),
            goalMs is { } goal ? Figures.AtMost(candidate, goal, Figures.Number(goal, 0)) : "");
    }

    private static RunningServer[] StartPair(Bench bench, Contender contender)
    {
        RunningServer primary = bench.Fleet.Start(contender, "--repl-diskless-sync-delay", "0", "--repl-backlog-size", "64mb");
        RunningServer replica = bench.Fleet.Start(
            contender, "--repl-diskless-sync-delay", "0", "--repl-backlog-size", "64mb", "--replicaof", "127.0.0.1", $"{primary.Port}");
        primary.AwaitReplica();
        return [primary, replica];
    }

    private static List<double> Measure(Bench bench, string round, RunningServer[] pair)
    {
        List<double> times = [];
        int primary = pair[0].Info("role") == "master" ? 0 : 1;
        using WritersInPair writers = new(pair[0].Port, pair[1].Port, primary);
        for (int i = 0; i < HandoverCount; i++)
        {
            RunningServer from = pair[primary];
            RunningServer to = pair[1 - primary];
            from.AwaitReplica();
            Thread.Sleep(300);
            writers.Begin();
            from.Call("FAILOVER");
            from.Await(
                () => from.Info("master_failover_state") == "no-failover" && to.Info("role") == "master", "its failover does not end");
            Thread.Sleep(200);
            times.Add(writers.LongestMs());
            primary = 1 - primary;
        }
        bench.Say(
            $"{round} {pair[0].Contender.Name}: "
            + string.Join(", ", times.Select(static ms => ms.ToString("F1", CultureInfo.InvariantCulture))) + " ms without a write");
        return times;
    }
}
