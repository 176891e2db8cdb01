using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// GET at random over ten million keys. The generator is this program's own ring of connections: redis-benchmark spends more on drawing its
/// keys than a fast server on answering, so that it would be the limit.
/// </summary>
internal sealed class RandomGetScenario : IScenario
{
    private const int KeyCount = 10_000_000;
    private const int KeyDigits = 12;
    private const int Pipeline = 16;

    public string Name => "random-get-10m";
    public string Summary => "GET at random over 10 million keys of 64 bytes, pipeline 16, 50 connections";

    public void Run(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        Throughput[] standings = bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender))).ToArray();
        foreach (Throughput standing in standings)
        {
            using LoadRing fill = new(standing.Server.Port, RedisBenchmark.ConnectionCount, Pipeline);
            double perSecond = keyCount / fill.Run(new SetInOrder(KeyDigits, RedisBenchmark.ValueSize), keyCount).TotalSeconds;
            bench.Say($"filled {standing.Server.Contender.Name} at {Figures.Thousands(perSecond)} k/s");
        }

        int[] counts = standings.Select(standing => Calibrate(bench, standing.Server, keyCount)).ToArray();
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                Measure(bench, standings[i], keyCount, counts[i]);
            }
        }

        Throughput.Report(bench, $"GET at random over {Figures.Count(keyCount)} keys, pipeline {Pipeline}", standings[0], standings[1],
            2.0, null);
    }

    private static int Calibrate(Bench bench, RunningServer server, int keyCount)
    {
        using LoadRing ring = new(server.Port, RedisBenchmark.ConnectionCount, Pipeline);
        int count = keyCount / 10;
        double perSecond = count / ring.Run(new GetAtRandom(KeyDigits, keyCount), count).TotalSeconds;
        return (int)(perSecond * bench.Settings.SecondsPerRun);
    }

    private static void Measure(Bench bench, Throughput standing, int keyCount, int count)
    {
        using LoadRing ring = new(standing.Server.Port, RedisBenchmark.ConnectionCount, Pipeline);
        standing.Measure(bench, "GET at random", ring, new GetAtRandom(KeyDigits, keyCount), count);
        if (ring.NullReplies > 0)
        {
            throw new IOException($"{standing.Server.Contender.Name} lost {ring.NullReplies} of {count} keys");
        }
    }
}
