using System.Diagnostics;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// From the start of the process until two million keys of all types are served: from a snapshot, or from an append only file without one.
/// Each server loads what it wrote itself.
/// </summary>
internal sealed class LoadScenario(string name, string what, double goal, string[] options) : IScenario
{
    private const int KeyCount = 2_000_000;

    public static LoadScenario Snapshot { get; } = new("load-rdb", "RDB", goal: 1.5, []);

    public static LoadScenario Log { get; } = new(
        "load-aof", "AOF of commands", goal: 2.0,
        ["--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"]);

    public string Name => name;
    public string Summary => $"start with 2 million keys of all types in a file: {what}";

    public void Run(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        using DataFolder baselineFolder = new();
        using DataFolder candidateFolder = new();
        DataFolder[] folders = [baselineFolder, candidateFolder];
        for (int i = 0; i < folders.Length; i++)
        {
            Write(bench, bench.Contenders[i], folders[i], keyCount);
        }

        double[] best = [double.MaxValue, double.MaxValue];
        for (int round = 0; round < bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < folders.Length; i++)
            {
                RunningServer server = bench.Fleet.StartIn(folders[i], bench.Contenders[i], options);
                double seconds = Stopwatch.GetElapsedTime(server.StartedAt, server.ReadyAt).TotalSeconds;
                best[i] = Math.Min(best[i], seconds);
                bench.Say($"{what} {server.Contender.Name}: {Figures.Number(seconds, 2)} s, {server.Call("DBSIZE")} keys");
                bench.Fleet.StopAll();
            }
        }

        double ratio = best[0] / best[1];
        Table table = bench.Report.Table(
            $"From the start of the process to {Figures.Count(keyCount)} keys of all types, seconds", "what", bench.Baseline.Name,
            bench.Candidate.Name, "speed", "goal", $"file {bench.Baseline.Name}, MB", $"file {bench.Candidate.Name}, MB");
        table.Add(
            what, Figures.Number(best[0], 2), Figures.Number(best[1], 2), Figures.Ratio(ratio),
            Figures.AtLeast(ratio, goal, Figures.Ratio(goal)),
            Figures.Megabytes(folders[0].FileBytes), Figures.Megabytes(folders[1].FileBytes));
    }

    private void Write(Bench bench, Contender contender, DataFolder folder, int keyCount)
    {
        RunningServer server = bench.Fleet.StartIn(folder, contender, options);
        MixedKeys.Fill(server, keyCount);
        if (options.Length == 0)
        {
            server.Call("SAVE");
        }
        bench.Fleet.StopAll();
    }
}
