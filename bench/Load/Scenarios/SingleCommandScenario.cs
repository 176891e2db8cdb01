using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
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
        int[] counts = [.. standings.Select(
            standing => (int)(Load(standing.Server, source(), CalibrationCount) * bench.Settings.SecondsPerRun))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                CpuTime before = standings[i].Server.Cpu;
                double perSecond = Load(standings[i].Server, source(), counts[i]);
                CpuTime perCommand = standings[i].Server.Cpu.Since(before).Per(counts[i]);
                standings[i].Add(perSecond, perCommand, double.NaN);
                bench.Say($"round {round} {name} {standings[i].Server.Contender.Name}: {Figures.Thousands(perSecond)} k/s, " +
                    $"CPU {Figures.Cpu(perCommand)} us");
            }
        }

        Throughput.Report(bench, $"{name}, no pipelining, the bench's client", standings[0], standings[1], Goal, CpuGoal);
    }

    private static double Load(RunningServer server, ICommandSource source, int count)
    {
        using LoadRing ring = new(server.Port, RedisBenchmark.ConnectionCount, stepsPerBatch: 1);
        return count / ring.Run(source, count).TotalSeconds;
    }
}
