using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>PUBLISH to a hundred subscribers, both servers up, one loaded at a time: messages delivered.</summary>
internal sealed class PublishScenario(int pipeline, double goal) : IScenario
{
    private const int SubscriberCount = 100;
    private const int MessageSize = 64;
    private const int CalibrationCount = 200;

    public string Name => $"publish-p{pipeline}";
    public string Summary => $"PUBLISH at pipeline {pipeline} to {SubscriberCount} subscribers, messages of {MessageSize} bytes";

    public void Run(Bench bench)
    {
        Throughput[] standings = [.. bench.Contenders.Select(contender => new Throughput(bench.Fleet.Start(contender)))];
        int[] counts = [.. standings.Select(standing => Calibrate(bench, standing.Server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
                Measure(bench, standings[i], counts[i]);
        }

        Throughput.Report(
            bench, $"messages delivered, PUBLISH to {SubscriberCount} subscribers, pipeline {pipeline}", standings[0], standings[1], goal,
            cpuGoal: null);
    }

    private int Calibrate(Bench bench, RunningServer server)
    {
        using PublishRing ring = new(server.Port, SubscriberCount, pipeline, MessageSize);
        return (int)(CalibrationCount / ring.Run(CalibrationCount).TotalSeconds * bench.Settings.SecondsPerRun);
    }

    private void Measure(Bench bench, Throughput standing, int batchCount)
    {
        using PublishRing ring = new(standing.Server.Port, SubscriberCount, pipeline, MessageSize);
        CpuTime before = standing.Server.Cpu;
        long messages = (long)batchCount * pipeline * SubscriberCount;
        double perSecond = messages / ring.Run(batchCount).TotalSeconds;
        CpuTime perMessage = standing.Server.Cpu.Since(before).Per(messages);
        standing.Add(perSecond, perMessage, double.NaN);
        bench.Say($"{Name} {standing.Server.Contender.Name}: {Figures.Thousands(perSecond)} k/s, CPU {Figures.Cpu(perMessage)} us");
    }
}
