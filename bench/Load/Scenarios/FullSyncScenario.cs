using System.Diagnostics;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// How long a new replica takes to get two million keys of all types, by a file as is usual and loaded as they come; and how much processor
/// time a replica needs for a stream of SETs. All servers share the server's core, so what counts is the work that all of them do.
/// </summary>
internal sealed class FullSyncScenario : IScenario
{
    private const int KeyCount = 2_000_000;
    private const int SetCount = 2_000_000;
    private const int Depth = 16;
    private const int KeyDigits = 12;
    private const double SameGoal = 2.5;
    private const double OtherGoal = 1.5;
    private const double ApplyGoal = 2.0;

    /// <summary>How the replica takes it: what the table says, and the setting repl-diskless-load.</summary>
    private static readonly (string Text, string Setting)[] s_ways = [("by a file", "disabled"), ("as it comes", "on-empty-db")];

    public string Name => "full-sync";
    public string Summary => "a new replica gets 2 million keys of all types; a replica's processor time for a stream of SETs";

    public void Run(Bench bench)
    {
        CompareSyncs(bench);
        CompareApplying(bench);
    }

    private static void CompareSyncs(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        RunningServer[] primaries =
            [.. bench.Contenders.Select(contender => bench.Fleet.Start(contender, "--repl-diskless-sync-delay", "0"))];
        foreach (RunningServer primary in primaries)
        {
            MixedKeys.Fill(primary, keyCount);
        }
        Pair[] pairs =
        [
            .. s_ways.SelectMany(way => (Pair[])
            [
                new(primaries[0], bench.Baseline, way.Text, way.Setting, Goal: null),
                new(primaries[1], bench.Candidate, way.Text, way.Setting, SameGoal),
                new(primaries[1], bench.Baseline, way.Text, way.Setting, OtherGoal),
            ]),
        ];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (Pair pair in pairs)
            {
                double seconds = Sync(bench, pair, keyCount);
                pair.BestSeconds = Math.Min(pair.BestSeconds, seconds);
                bench.Say($"round {round} {pair.Text}: {Figures.Number(seconds, 2)} s");
            }
        }
        bench.Fleet.StopAll();
        Table table = bench.Report.Table(
            $"A full synchronization of {Figures.Count(keyCount)} keys of all types", "from, to, loaded", "seconds", "speed", "goal");
        foreach (Pair pair in pairs)
        {
            double ratio = Array.Find(pairs, other => other.Goal is null && other.Setting == pair.Setting)!.BestSeconds / pair.BestSeconds;
            table.Add(
                pair.Text, Figures.Number(pair.BestSeconds, 2), Figures.Ratio(ratio),
                pair.Goal is { } goal ? Figures.AtLeast(ratio, goal, Figures.Ratio(goal)) : "");
        }
    }

    private static double Sync(Bench bench, Pair pair, int keyCount)
    {
        using RunningServer replica = bench.Fleet.Start(pair.Replica, "--repl-diskless-load", pair.Setting);
        long started = Stopwatch.GetTimestamp();
        replica.Call($"REPLICAOF 127.0.0.1 {pair.Primary.Port}");
        replica.Await(() => replica.Info("master_link_status") == "up", "it does not get its primary's data");
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (replica.Call("DBSIZE") != pair.Primary.Call("DBSIZE"))
        {
            throw new InvalidOperationException($"{pair.Text}: the replica has not all of {keyCount} keys");
        }
        return seconds;
    }

    /// <summary>Both replicas get the same stream at the same time, from the baseline.</summary>
    private static void CompareApplying(Bench bench)
    {
        RunningServer primary = bench.Fleet.Start(
            bench.Baseline, "--repl-diskless-sync-delay", "0", "--client-output-buffer-limit", "replica", "0", "0", "0");
        RunningServer[] replicas =
        [
            .. bench.Contenders.Select(contender => bench.Fleet.Start(contender, "--replicaof", "127.0.0.1", $"{primary.Port}")),
        ];
        string set = $"SET key:{{?{bench.Settings.Keyspace}:{KeyDigits}}} {new string('x', RedisBenchmark.ValueSize)}";
        int count = bench.Scaled(SetCount);
        double[] best = [double.MaxValue, double.MaxValue];
        // The first round makes the keys.
        for (int round = 0; round <= bench.Settings.Rounds; round++)
        {
            AwaitAll(primary, replicas);
            CpuTime[] before = [.. replicas.Select(static replica => replica.Cpu)];
            using (LoadRing ring = new(primary.Port, RedisBenchmark.ConnectionCount, Depth))
            {
                ring.Run(new PatternSource(set), count);
            }
            AwaitAll(primary, replicas);
            for (int i = 0; i < replicas.Length; i++)
            {
                CpuTime spent = replicas[i].Cpu.Since(before[i]).Per(count);
                best[i] = round == 0 ? best[i] : Math.Min(best[i], spent.TotalUs);
                bench.Say($"round {round} applying, {replicas[i].Contender.Name}: {Figures.Cpu(spent)} us a SET");
            }
        }
        double ratio = best[0] / best[1];
        Table table = bench.Report.Table(
            "A replica that applies SETs, microseconds of processor time each", "what", bench.Baseline.Name, bench.Candidate.Name, "speed",
            "goal");
        table.Add(
            "SET", Figures.Number(best[0], 2), Figures.Number(best[1], 2), Figures.Ratio(ratio),
            Figures.AtLeast(ratio, ApplyGoal, Figures.Ratio(ApplyGoal)));
    }

    private static void AwaitAll(RunningServer primary, RunningServer[] replicas)
    {
        foreach (RunningServer replica in replicas)
        {
            replica.Await(
                () => replica.Info("master_link_status") == "up"
                    && replica.Number("slave_repl_offset") >= primary.Number("master_repl_offset"),
                "it does not come to its primary's end");
        }
    }

    /// <summary>Who sends to whom, how it is loaded, and the best of the rounds.</summary>
    private sealed record Pair(RunningServer Primary, Contender Replica, string Way, string Setting, double? Goal)
    {
        public double BestSeconds { get; set; } = double.MaxValue;

        public string Text => $"{Primary.Contender.Name} to {Replica.Name}, {Way}";
    }
}
