using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// SET through redis-benchmark while every change is written to the append only file, both servers up, one loaded at a time.
/// </summary>
internal sealed class LoggedSetScenario(string policy, int pipeline, double goal) : IScenario
{
    private const int CalibrationCount = 5_000;

    public string Name => policy;
    public string Summary => $"SET with appendfsync {policy}, pipeline {pipeline}, {RedisBenchmark.ConnectionCount} connections";

    public void Run(Bench bench)
    {
        string[] options = ["--appendonly", "yes", "--appendfsync", policy, "--auto-aof-rewrite-percentage", "0"];
        Throughput[] standings = [.. bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender, options)))];
        int[] counts = [.. standings.Select(standing => Calibrate(bench, standing.Server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                Measure(bench, standings[i], counts[i], round);
            }
        }

        Throughput.Report(bench, $"SET, appendfsync {policy}, pipeline {pipeline}", standings[0], standings[1], goal, cpuGoal: null);
    }

    private int Calibrate(Bench bench, RunningServer server)
    {
        double perSecond = RedisBenchmark.Run(server.Port, "set", pipeline, CalibrationCount * pipeline, bench.Settings.Keyspace).PerSecond;
        return (int)Math.Max(perSecond * bench.Settings.SecondsPerRun, CalibrationCount) / pipeline * pipeline;
    }

    private void Measure(Bench bench, Throughput standing, int count, int round)
    {
        CpuTime before = standing.Server.Cpu;
        RedisBenchmark.Outcome outcome = RedisBenchmark.Run(standing.Server.Port, "set", pipeline, count, bench.Settings.Keyspace);
        CpuTime perCommand = standing.Server.Cpu.Since(before).Per(count);
        standing.Add(outcome.PerSecond, perCommand, outcome.P99Ms);
        bench.Say($"round {round} set {policy} {standing.Server.Contender.Name}: {Figures.Thousands(outcome.PerSecond)} k/s, " +
            $"CPU {Figures.Cpu(perCommand)} us, p99 {outcome.P99Ms} ms");
    }
}
