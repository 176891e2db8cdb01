using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// GET and SET through redis-benchmark at one pipeline depth, both servers up, one loaded at a time. Keys are drawn from a million by
/// default: over a single key everything stays in the first-level cache, and depth 16 and more measures the generator.
/// </summary>
internal sealed class PipelineScenario(int pipeline, double throughputGoal, double? cpuGoal) : IScenario
{
    private const int CalibrationCount = 20_000;
    private const int KeyDigits = 12;

    public string Name => $"pipeline-{pipeline}";
    public string Summary => $"GET and SET through redis-benchmark, pipeline {pipeline}, {RedisBenchmark.ConnectionCount} connections, " +
        $"{RedisBenchmark.ValueSize}-byte values";

    public void Run(Bench bench)
    {
        RunningServer baseline = bench.Fleet.Start(bench.Baseline);
        RunningServer candidate = bench.Fleet.Start(bench.Candidate);
        foreach (RunningServer server in new[] { baseline, candidate })
        {
            Fill(bench, server);
        }
        foreach (string test in new[] { "set", "get" })
        {
            Throughput[] standings = [new(baseline), new(candidate)];
            int[] counts = standings.Select(standing => Calibrate(bench, standing.Server.Port, test)).ToArray();
            for (int round = 1; round <= bench.Settings.Rounds; round++)
            {
                Measure(bench, standings[0], test, counts[0], round);
                Measure(bench, standings[1], test, counts[1], round);
            }

            string what = $"{test.ToUpperInvariant()}, pipeline {pipeline}{(bench.Settings.Keyspace == 0 ? ", one key" : "")}";
            Throughput.Report(bench, what, standings[0], standings[1], throughputGoal, cpuGoal);
        }
    }

    /// <summary>Sets every key that redis-benchmark may draw, so that each GET finds a value of the right size.</summary>
    private static void Fill(Bench bench, RunningServer server)
    {
        if (bench.Settings.Keyspace == 0)
        {
            RedisBenchmark.Run(server.Port, "set", pipeline: 1, count: 100, keyspace: 0);
            return;
        }

        using LoadRing ring = new(server.Port, RedisBenchmark.ConnectionCount, stepsPerBatch: 16);
        ring.Run(new SetInOrder(KeyDigits, RedisBenchmark.ValueSize), bench.Settings.Keyspace);
    }

    /// <summary>How many commands fill the wanted time; warms the server up as well.</summary>
    private int Calibrate(Bench bench, int port, string test)
    {
        double perSecond = RedisBenchmark.Run(port, test, pipeline, CalibrationCount * Math.Min(pipeline, 20), bench.Settings.Keyspace)
            .PerSecond;
        return (int)(perSecond * bench.Settings.SecondsPerRun) / pipeline * pipeline;
    }

    private void Measure(Bench bench, Throughput standing, string test, int count, int round)
    {
        CpuTime before = standing.Server.Cpu;
        RedisBenchmark.Outcome outcome = RedisBenchmark.Run(standing.Server.Port, test, pipeline, count, bench.Settings.Keyspace);
        CpuTime perCommand = standing.Server.Cpu.Since(before).Per(count);
        standing.Add(outcome.PerSecond, perCommand, outcome.P99Ms);
        bench.Say($"round {round} {test} P{pipeline} {standing.Server.Contender.Name}: {Figures.Thousands(outcome.PerSecond)} k/s, " +
            $"CPU {Figures.Cpu(perCommand)} us, p99 {outcome.P99Ms} ms");
    }
}
