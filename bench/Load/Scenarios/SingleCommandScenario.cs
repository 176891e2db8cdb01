using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// GET and SET without pipelining, from this program's own ring of connections: redis-benchmark spends more on a request than a fast server
/// on its answer, so that it would be the limit and the server would sleep, which costs processor time too.
/// </summary>
internal sealed class SingleCommandScenario : IScenario
{
    private const int KeyDigits = 12;
    private const int CalibrationCount = 50_000;
    private const double Goal = 1.1;
    private const double CpuGoal = 0.80;

    public string Name => "single";
    public string Summary => $"GET and SET without pipelining, {RedisBenchmark.ConnectionCount} connections of the bench's own client";

    public void Run(Bench bench)
    {
        Throughput[] servers = [.. bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender)))];
        int keyCount = bench.Settings.Keyspace;
        foreach (Throughput standing in servers)
        {
            using LoadRing fill = new(standing.Server.Port, RedisBenchmark.ConnectionCount, stepsPerBatch: 16);
            fill.Run(new SetInOrder(KeyDigits, RedisBenchmark.ValueSize), keyCount);
        }

        Compare(bench, servers, "SET", () => new PatternSource(
            $"SET key:{{?{keyCount}:{KeyDigits}}} {new string('x', RedisBenchmark.ValueSize)}"));
        Compare(bench, servers, "GET", () => new PatternSource($"GET key:{{?{keyCount}:{KeyDigits}}}"));
    }

    private static void Compare(Bench bench, Throughput[] servers, string name, Func<ICommandSource> source)
    {
        Throughput[] standings = [.. servers.Select(standing => new Throughput(standing.Server))];
        int[] counts = [.. standings.Select(standing => Calibrate(bench, standing.Server, source()))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                using LoadRing ring = Connect(standings[i].Server);
                standings[i].Measure(bench, $"round {round} {name}", ring, source(), counts[i]);
            }
        }

        Throughput.Report(bench, $"{name}, no pipelining, the bench's client", standings[0], standings[1], Goal, CpuGoal);
    }

    private static int Calibrate(Bench bench, RunningServer server, ICommandSource source)
    {
        using LoadRing ring = Connect(server);
        return (int)(CalibrationCount / ring.Run(source, CalibrationCount).TotalSeconds * bench.Settings.SecondsPerRun);
    }

    private static LoadRing Connect(RunningServer server) => new(server.Port, RedisBenchmark.ConnectionCount, stepsPerBatch: 1);
}
