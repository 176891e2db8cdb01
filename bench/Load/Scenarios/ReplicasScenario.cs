using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// SET on a primary with one replica: at a pipeline, with WAIT 1 behind each, and, on the candidate, with replies that wait for the replica
/// by themselves. Once each has a replica of its own kind, and once the baseline's, so that only primaries differ. The replica shares the
/// server's core, so its share is in the throughput and not in the CPU.
/// </summary>
internal sealed class ReplicasScenario : IScenario
{
    private const int KeyDigits = 12;
    private const int CalibrationCount = 20_000;
    private const int PipelineDepth = 16;
    private const double PipelineGoal = 2.0;
    private const double PipelineCpuGoal = 0.5;
    private const double WaitGoal = 1.2;
    private const double DurableGoal = 2.0;

    public string Name => "replicas";
    public string Summary =>
        $"SET with one replica, {RedisBenchmark.ConnectionCount} connections: pipeline {PipelineDepth}, WAIT 1, replicas 1";

    public void Run(Bench bench)
    {
        Run(bench, "a replica of its kind", static contender => contender);
        bench.Fleet.StopAll();
        Run(bench, "a replica of the baseline's", _ => bench.Baseline);
    }

    private static void Run(Bench bench, string with, Func<Contender, Contender> replicaOf)
    {
        RunningServer[] primaries = [.. bench.Contenders.Select(contender => StartWithReplica(bench, contender, replicaOf(contender)))];
        string set = $"SET key:{{?{bench.Settings.Keyspace}:{KeyDigits}}} {new string('x', RedisBenchmark.ValueSize)}";
        Load[] pipelines = [.. primaries.Select(server => new Load(server, set, PipelineDepth))];
        Compare(bench, $"SET, pipeline {PipelineDepth}, {with}", pipelines, PipelineGoal, PipelineCpuGoal);
        Load[] waits = [.. primaries.Select(server => new Load(server, set + " ; WAIT 1 0", 1))];
        Compare(bench, $"SET and WAIT 1, {with}", waits, WaitGoal, cpuGoal: null);
        RunningServer durable = StartWithReplica(
            bench, bench.Candidate, replicaOf(bench.Candidate), "--client-durability", "replicas", "1");
        Compare(bench, $"SET and WAIT 1 / SET with replicas 1, {with}", [waits[0], new Load(durable, set, 1)], DurableGoal, cpuGoal: null);
    }

    private static RunningServer StartWithReplica(Bench bench, Contender contender, Contender replica, params string[] options)
    {
        RunningServer primary = bench.Fleet.Start(contender, ["--repl-diskless-sync-delay", "0", .. options]);
        bench.Fleet.Start(replica, "--replicaof", "127.0.0.1", $"{primary.Port}");
        primary.AwaitReplica();
        return primary;
    }

    private static void Compare(Bench bench, string what, Load[] loads, double goal, double? cpuGoal)
    {
        Throughput[] standings = [.. loads.Select(load => new Throughput(load.Server))];
        int[] counts = [.. loads.Select(load => load.Calibrate(bench.Settings.SecondsPerRun))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < loads.Length; i++)
            {
                using LoadRing ring = loads[i].Connect();
                standings[i].Measure(bench, $"round {round} {what}", ring, loads[i].Source(), counts[i]);
            }
        }
        Throughput.Report(bench, what, standings[0], standings[1], goal, cpuGoal);
    }

    /// <summary>The requests that a primary is loaded with.</summary>
    private sealed record Load(RunningServer Server, string Pattern, int Depth)
    {
        public PatternSource Source() => new(Pattern);

        public LoadRing Connect() => new(Server.Port, RedisBenchmark.ConnectionCount, Depth);

        public int Calibrate(double seconds)
        {
            using LoadRing ring = Connect();
            return (int)(CalibrationCount / ring.Run(Source(), CalibrationCount).TotalSeconds * seconds) / Depth * Depth;
        }
    }
}
