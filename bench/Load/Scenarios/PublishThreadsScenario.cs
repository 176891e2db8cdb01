using Bixbite.Load.Reporting;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// PUBLISH to subscribers that are spread over several event loops, against one loop: what handing messages from loop to loop costs.
/// </summary>
internal sealed class PublishThreadsScenario : IScenario
{
    private const int Pipeline = 16;
    private const int ThreadCount = 4;
    private const double Goal = 1.3;

    public string Name => "publish-threads";
    public string Summary => $"PUBLISH at pipeline {Pipeline} with io-threads {ThreadCount} against io-threads 1: CPU per message";

    public void Run(Bench bench)
    {
        Throughput[] standings = [.. new[] { 1, ThreadCount }
            .Select(threads => new Throughput(bench.Fleet.Start(bench.Candidate, "--io-threads", $"{threads}")))];
        int[] counts = [.. standings.Select(standing => PublishScenario.Calibrate(bench, standing.Server, Pipeline))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                PublishScenario.Measure(bench, Name, standings[i], Pipeline, counts[i]);
            }
        }

        double ratio = standings[1].CpuPerCommand.TotalUs / standings[0].CpuPerCommand.TotalUs;
        bench.Report.Table(
            "Server CPU per message delivered to 100 subscribers on one core, us (user + system)",
            "server", "io-threads 1", $"io-threads {ThreadCount}", "ratio", "goal").Add(
            bench.Candidate.Name, Figures.Cpu(standings[0].CpuPerCommand), Figures.Cpu(standings[1].CpuPerCommand), Figures.Ratio(ratio),
            Figures.AtMost(ratio, Goal, Figures.Ratio(Goal)));
    }
}
