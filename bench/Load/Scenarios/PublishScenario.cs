using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>PUBLISH to a hundred subscribers, both servers up, one loaded at a time: messages delivered.</summary>
internal sealed class PublishScenario(int pipeline, double goal, double? cpuGoal) : IScenario
{
    private const int SubscriberCount = 100;
    private const int MessageSize = 64;
    private const int CalibrationCount = 200;

    public string Name => $"publish-p{pipeline}";
    public string Summary => $"PUBLISH at pipeline {pipeline} to {SubscriberCount} subscribers, messages of {MessageSize} bytes";

    public void Run(Bench bench)
    {
        Throughput[] standings = [.. bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender)))];
        int[] counts = [.. standings.Select(standing => Calibrate(bench, standing.Server, pipeline))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                Measure(bench, Name, standings[i], pipeline, counts[i]);
            }
        }

        Throughput.Report(
            bench, $"messages delivered, PUBLISH to {SubscriberCount} subscribers, pipeline {pipeline}", standings[0], standings[1], goal,
            cpuGoal);
    }

    /// <summary>How many batches of the pipeline take as long as a run is to.</summary>
    public static int Calibrate(Bench bench, RunningServer server, int pipeline)
    {
        using PublishRing ring = new(server.Port, SubscriberCount, pipeline, MessageSize);
        return (int)(CalibrationCount / ring.Run(CalibrationCount).TotalSeconds * bench.Settings.SecondsPerRun);
    }

    public static void Measure(Bench bench, string what, Throughput standing, int pipeline, int batchCount)
    {
        using PublishRing ring = new(standing.Server.Port, SubscriberCount, pipeline, MessageSize);
        CpuTime before = standing.Server.Cpu;
        long messages = (long)batchCount * pipeline * SubscriberCount;
        double perSecond = messages / ring.Run(batchCount).TotalSeconds;
        CpuTime perMessage = standing.Server.Cpu.Since(before).Per(messages);
        standing.Add(perSecond, perMessage, double.NaN);
        bench.Say($"{what} {standing.Server.Contender.Name}: {Figures.Thousands(perSecond)} k/s, CPU {Figures.Cpu(perMessage)} us");
    }
}
