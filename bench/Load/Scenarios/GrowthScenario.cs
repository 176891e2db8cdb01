using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// From nothing to ten million keys, every batch of 16 timed. What the machine itself adds shows in the second row: the same commands once
/// more for a fifth of the keys, when nothing grows. And the processor time a batch took of the server tells its own work from a wait for
/// the core, since growth is work.
/// </summary>
internal sealed class GrowthScenario : IScenario
{
    private const int KeyCount = 10_000_000;
    private const int KeyDigits = 12;
    private const int Pipeline = 16;
    private const double GoalMs = 5;

    public string Name => "grow-10m";
    public string Summary => "from nothing to 10 million keys at pipeline 16: the slowest command";

    public void Run(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        int rounds = Math.Min(bench.Settings.Rounds, 2);
        Table table = bench.Report.Table(
            $"Growing to {Figures.Count(keyCount)} keys, pipeline {Pipeline}: time of a batch, ms (best of {rounds} rounds)",
            "server", "k/s", "p99", "p99.99", "second largest", "at key", "largest", "at key", "most server CPU", "at key", "goal");
        foreach (Contender contender in bench.Contenders)
        {
            BatchTimes[] growths = new BatchTimes[rounds];
            BatchTimes[] repeats = new BatchTimes[rounds];
            for (int round = 0; round < rounds; round++)
            {
                RunningServer server = bench.Fleet.Start(contender);
                SetInOrder source = new(KeyDigits, RedisBenchmark.ValueSize);
                using ThreadCpu cpu = server.BusiestThread();
                BatchTimer timer = new(server, cpu, Pipeline);
                growths[round] = timer.Run(source, keyCount);
                repeats[round] = timer.Run(source, keyCount / 5);
                bench.Fleet.StopAll();
                bench.Say($"{contender.Name}: growing {Describe(growths[round])}; again {Describe(repeats[round])}");
            }

            AddRow(table, contender.Name, growths.MinBy(times => times.SlowestMs)!, isJudged: contender == bench.Candidate);
            AddRow(table, $"{contender.Name}, the same keys again", repeats.MinBy(times => times.SlowestMs)!, isJudged: false);
        }
    }

    private static string Describe(BatchTimes times) =>
        $"{Figures.Thousands(times.StepsPerSecond)} k/s, " +
        $"slowest {Figures.Number(times.SlowestMs, 2)} ms at {Figures.Count(times.SlowestStep)}, " +
        $"second {Figures.Number(times.SecondMs, 2)} ms at {Figures.Count(times.SecondStep)}, " +
        $"most server CPU {Figures.Number(times.MostCpuMs, 2)} ms at {Figures.Count(times.MostCpuStep)}";

    private static void AddRow(Table table, string name, BatchTimes times, bool isJudged) => table.Add(
        name,
        Figures.Thousands(times.StepsPerSecond),
        Figures.Number(times.QuantileMs(0.99), 3),
        Figures.Number(times.QuantileMs(0.9999), 3),
        Figures.Number(times.SecondMs, 2),
        Figures.Count(times.SecondStep),
        Figures.Number(times.SlowestMs, 2),
        Figures.Count(times.SlowestStep),
        Figures.Number(times.MostCpuMs, 2),
        Figures.Count(times.MostCpuStep),
        isJudged ? Figures.AtMost(times.SlowestMs, GoalMs, "5 ms") : "");
}
