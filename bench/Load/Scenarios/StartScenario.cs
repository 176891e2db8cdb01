using System.Diagnostics;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>From just before exec to the first PONG, and what an empty server takes.</summary>
internal sealed class StartScenario : IScenario
{
    private const int StartCount = 20;
    private const double GoalMs = 30;
    private const double GoalBytes = 15e6;

    public string Name => "start";
    public string Summary => $"time to the first PONG and resident size when empty, best of {StartCount}";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table($"Start, best of {StartCount}", "what", bench.Baseline.Name, bench.Candidate.Name, "goal");
        double[] times = new double[2];
        double[] sizes = new double[2];
        for (int i = 0; i < 2; i++)
        {
            (times[i], sizes[i]) = Measure(bench, bench.Contenders[i]);
        }
        table.Add("first PONG, ms", Figures.Number(times[0], 1), Figures.Number(times[1], 1), Figures.AtMost(times[1], GoalMs, "30"));
        table.Add("resident, MB", Figures.Megabytes(sizes[0]), Figures.Megabytes(sizes[1]), Figures.AtMost(sizes[1], GoalBytes, "15"));
    }

    private static (double TimeMs, double ResidentBytes) Measure(Bench bench, Contender contender)
    {
        double bestMs = double.MaxValue;
        double bestBytes = double.MaxValue;
        for (int i = 0; i < StartCount; i++)
        {
            RunningServer server = bench.Fleet.Start(contender);
            bestMs = Math.Min(bestMs, Stopwatch.GetElapsedTime(server.StartedAt, server.ReadyAt).TotalMilliseconds);
            bestBytes = Math.Min(bestBytes, server.ResidentBytes);
            bench.Fleet.StopAll();
        }

        bench.Say($"{contender.Name}: first PONG after {Figures.Number(bestMs, 1)} ms, {Figures.Megabytes(bestBytes)} MB resident");
        return (bestMs, bestBytes);
    }
}
