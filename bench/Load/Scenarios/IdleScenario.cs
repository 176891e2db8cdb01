using System.Diagnostics;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>What ten thousand connections cost that sent one command each and now rest, and how long it takes to list them.</summary>
internal sealed class IdleScenario : IScenario
{
    private const int ConnectionCount = 10_000;
    private const int ListCount = 10;
    private const double GoalBytes = 15e6;

    public string Name => "idle";
    public string Summary => "resident bytes of 10,000 idle connections, and CLIENT LIST";

    public void Run(Bench bench)
    {
        (long Bytes, double ListMs)[] costs = [.. bench.Contenders.Select(contender => Measure(bench, contender))];
        string title = $"{Figures.Count(ConnectionCount)} idle connections";
        bench.Report.Table(title, "what", bench.Baseline.Name, bench.Candidate.Name, "goal").Add(
            "resident size they add, MB", Figures.Megabytes(costs[0].Bytes), Figures.Megabytes(costs[1].Bytes),
            Figures.AtMost(costs[1].Bytes, GoalBytes, "15 MB"));
        bench.Report.Table(title, "what", bench.Baseline.Name, bench.Candidate.Name, "goal").Add(
            "CLIENT LIST, ms", Figures.Number(costs[0].ListMs, 1), Figures.Number(costs[1].ListMs, 1),
            Figures.AtMost(costs[1].ListMs, costs[0].ListMs, bench.Baseline.Name));
    }

    private static (long Bytes, double ListMs) Measure(Bench bench, Contender contender)
    {
        RunningServer server = bench.Fleet.Start(contender, "--maxclients", "11000");
        long before = server.SettledResidentBytes();
        IdleConnection[] connections = new IdleConnection[ConnectionCount];
        try
        {
            for (int i = 0; i < ConnectionCount; i++)
            {
                connections[i] = new IdleConnection(server.Port);
            }
            long cost = server.SettledResidentBytes() - before;
            bench.Say($"{contender.Name}: {Figures.Megabytes(cost)} MB for {ConnectionCount} connections");
            double listMs = BestListMs(server);
            bench.Say($"{contender.Name}: CLIENT LIST {Figures.Number(listMs, 1)} ms");
            return (cost, listMs);
        }
        finally
        {
            foreach (IdleConnection? connection in connections)
            {
                connection?.Dispose();
            }
            bench.Fleet.StopAll();
        }
    }

    private static double BestListMs(RunningServer server)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < ListCount; i++)
        {
            long started = Stopwatch.GetTimestamp();
            server.Call("CLIENT LIST");
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return best;
    }
}
