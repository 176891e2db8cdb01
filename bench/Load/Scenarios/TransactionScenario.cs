using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>MULTI, INCR, EXEC of a counter among many, sixteen at once, both servers up, one loaded at a time: transactions.</summary>
internal sealed class TransactionScenario : IScenario
{
    private const int Pipeline = 16;
    private const int ConnectionCount = 50;
    private const int CalibrationCount = 16_000;
    private const double Goal = 2.0;
    private const string Pattern = "MULTI ; INCR counter:{?100000:6} ; EXEC";

    public string Name => "multi-p16";
    public string Summary => $"MULTI, INCR, EXEC at pipeline {Pipeline}, {ConnectionCount} connections";

    public void Run(Bench bench)
    {
        Throughput[] standings = [.. bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender)))];
        int[] counts = [.. standings.Select(standing => Calibrate(bench, standing.Server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                Measure(bench, standings[i], counts[i]);
            }
        }

        Throughput.Report(bench, $"MULTI, INCR, EXEC, pipeline {Pipeline}", standings[0], standings[1], Goal, cpuGoal: null);
    }

    private static int Calibrate(Bench bench, RunningServer server)
    {
        using LoadRing ring = new(server.Port, ConnectionCount, Pipeline);
        double perSecond = CalibrationCount / ring.Run(new PatternSource(Pattern), CalibrationCount).TotalSeconds;
        return (int)(perSecond * bench.Settings.SecondsPerRun) / Pipeline * Pipeline;
    }

    private static void Measure(Bench bench, Throughput standing, int count)
    {
        using LoadRing ring = new(standing.Server.Port, ConnectionCount, Pipeline);
        standing.Measure(bench, "multi", ring, new PatternSource(Pattern), count);
    }
}
