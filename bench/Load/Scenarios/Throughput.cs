using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>The best that one server reached over the rounds so far: each figure on its own.</summary>
internal sealed class Throughput(RunningServer server)
{
    public RunningServer Server => server;
    public double PerSecond { get; private set; }
    public double P99Ms { get; private set; } = double.NaN;
    public CpuTime CpuPerCommand { get; private set; } = new(double.PositiveInfinity, 0);

    public void Add(double perSecond, CpuTime cpuPerCommand, double p99Ms)
    {
        PerSecond = Math.Max(PerSecond, perSecond);
        P99Ms = double.IsNaN(P99Ms) ? p99Ms : Math.Min(P99Ms, p99Ms);
        if (cpuPerCommand.TotalUs < CpuPerCommand.TotalUs)
        {
            CpuPerCommand = cpuPerCommand;
        }
    }

    /// <summary>Loads the server with so many steps of the source, says what that gave, and keeps it if it is the best.</summary>
    public void Measure(Bench bench, string what, LoadRing ring, ICommandSource source, int count)
    {
        CpuTime before = Server.Cpu;
        double perSecond = count / ring.Run(source, count).TotalSeconds;
        CpuTime perStep = Server.Cpu.Since(before).Per(count);
        Add(perSecond, perStep, double.NaN);
        bench.Say($"{what} {Server.Contender.Name}: {Figures.Thousands(perSecond)} k/s, CPU {Figures.Cpu(perStep)} us");
    }

    /// <summary>Adds the row that compares the candidate with the baseline; a goal that is not given is not judged.</summary>
    public static void Report(Bench bench, string what, Throughput baseline, Throughput candidate, double throughputGoal, double? cpuGoal)
    {
        string b = bench.Baseline.Name;
        string c = bench.Candidate.Name;
        Table table = bench.Report.Table(
            "Throughput, k commands/s, and server CPU per command, us (user + system)",
            "what", b, c, "ratio", "goal", $"CPU {b}", $"CPU {c}", "CPU ratio", "CPU goal", $"p99 ms {b}", $"p99 ms {c}");
        double ratio = candidate.PerSecond / baseline.PerSecond;
        double cpuRatio = candidate.CpuPerCommand.TotalUs / baseline.CpuPerCommand.TotalUs;
        table.Add(
            what,
            Figures.Thousands(baseline.PerSecond),
            Figures.Thousands(candidate.PerSecond),
            Figures.Ratio(ratio),
            Figures.AtLeast(ratio, throughputGoal, Figures.Ratio(throughputGoal)),
            Figures.Cpu(baseline.CpuPerCommand),
            Figures.Cpu(candidate.CpuPerCommand),
            Figures.Ratio(cpuRatio),
            cpuGoal is { } goal ? Figures.AtMost(cpuRatio, goal, Figures.Ratio(goal)) : "",
            Latency(baseline.P99Ms),
            Latency(candidate.P99Ms));
    }

    private static string Latency(double ms) => double.IsNaN(ms) ? "" : Figures.Number(ms, 2);
}
