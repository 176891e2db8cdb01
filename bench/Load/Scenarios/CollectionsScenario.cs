using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>Commands on values with elements and on streams at pipeline 16, both servers up, one loaded at a time.</summary>
internal sealed class CollectionsScenario : IScenario
{
    private const int Pipeline = 16;
    private const int FillPipeline = 100;
    private const int ConnectionCount = 50;
    private const int CalibrationCount = 32_000;

    public string Name => "collections";
    public string Summary => $"commands on collections at pipeline {Pipeline}, {ConnectionCount} connections";

    public void Run(Bench bench)
    {
        RunningServer[] servers = [.. bench.Contenders.Select(contender => bench.Fleet.Start(contender))];
        foreach (Workload workload in Workloads.All.Where(workload => bench.Settings.IsWanted(workload.Name)))
        {
            Throughput[] standings = [.. servers.Select(server => new Throughput(server))];
            int[] counts = [.. servers.Select(server => Calibrate(bench, server, workload))];
            for (int round = 1; round <= bench.Settings.Rounds; round++)
            {
                for (int i = 0; i < standings.Length; i++)
                {
                    Measure(bench, standings[i], workload, counts[i]);
                }
            }

            Throughput.Report(bench, $"{workload.Name}, {workload.Over}", standings[0], standings[1], workload.Goal, null);
        }
    }

    /// <summary>Fills, and finds how many commands take the wanted time.</summary>
    private static int Calibrate(Bench bench, RunningServer server, Workload workload)
    {
        Fill(server, workload);
        using LoadRing ring = new(server.Port, ConnectionCount, Pipeline);
        double perSecond = CalibrationCount / ring.Run(new PatternSource(workload.Pattern), CalibrationCount).TotalSeconds;
        bench.Say($"{workload.Name} {server.Contender.Name}: about {Figures.Thousands(perSecond)} k/s");
        return (int)Math.Min(perSecond * bench.Settings.SecondsPerRun, workload.CountMax) / Pipeline * Pipeline;
    }

    private static void Measure(Bench bench, Throughput standing, Workload workload, int count)
    {
        if (workload.IsUsedUp)
        {
            Fill(standing.Server, workload);
        }
        using LoadRing ring = new(standing.Server.Port, ConnectionCount, Pipeline);
        standing.Measure(bench, workload.Name, ring, new PatternSource(workload.Pattern), count);
        if (ring.NullReplies > 0)
        {
            throw new IOException($"{standing.Server.Contender.Name} found nothing for {ring.NullReplies} of {count} {workload.Name}");
        }
    }

    private static void Fill(RunningServer server, Workload workload)
    {
        using (PipeConnection connection = server.Connect())
        {
            connection.Send("*2\r\n$8\r\nFLUSHALL\r\n$4\r\nSYNC\r\n"u8);
            connection.ReadReplies(1);
        }

        using LoadRing ring = new(server.Port, connectionCount: 4, FillPipeline);
        foreach ((string pattern, int count) in workload.Fills)
        {
            ring.Run(new PatternSource(pattern), count);
        }
    }
}
