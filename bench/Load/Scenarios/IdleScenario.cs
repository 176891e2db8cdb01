using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>What ten thousand connections cost that sent one command each and now rest.</summary>
internal sealed class IdleScenario : IScenario
{
    private const int ConnectionCount = 10_000;
    private const double GoalBytes = 15e6;

    public string Name => "idle";
    public string Summary => "resident bytes of 10,000 idle connections";

    public void Run(Bench bench)
    {
        long[] bytes = bench.Contenders.Select(contender => Measure(bench, contender)).ToArray();
        string title = $"{Figures.Count(ConnectionCount)} idle connections, MB";
        bench.Report.Table(title, "what", bench.Baseline.Name, bench.Candidate.Name, "goal").Add(
            "resident size they add", Figures.Megabytes(bytes[0]), Figures.Megabytes(bytes[1]),
            Figures.AtMost(bytes[1], GoalBytes, "15 MB"));
    }

    private static long Measure(Bench bench, Contender contender)
    {
        RunningServer server = bench.Fleet.Start(contender, "--maxclients", "11000");
        long before = server.SettledResidentBytes();
        IdleConnection[] connections = new IdleConnection[ConnectionCount];
        try
        {
            for (int i = 0; i < ConnectionCount; i++)
                connections[i] = new IdleConnection(server.Port);
            long cost = server.SettledResidentBytes() - before;
            bench.Say($"{contender.Name}: {Figures.Megabytes(cost)} MB for {ConnectionCount} connections");
            return cost;
        }
        finally
        {
            foreach (IdleConnection? connection in connections)
                connection?.Dispose();
            bench.Fleet.StopAll();
        }
    }
}
