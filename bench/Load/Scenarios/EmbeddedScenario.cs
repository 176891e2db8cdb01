using System.Diagnostics;
using System.Globalization;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>Servers within a process: how long one takes to its first reply, what it holds, and what it leaves. Redis has none.</summary>
internal sealed class EmbeddedScenario : IScenario
{
    private const string Title = "Servers within a process";
    private const string PublishedProgram = "artifacts/publish/Embedded/release/Bixbite.Embedded";
    private const string BuiltProgram = "artifacts/bin/Embedded/release/Bixbite.Embedded";
    private const double GoalMs = 10;
    private const double GoalGrowthBytes = 1024;

    public string Name => "embedded";
    public string Summary => "servers within a process: time to the first reply, memory of an idle one, what 1,000 leave";

    public void Run(Bench bench)
    {
        string root = Contender.RepositoryRoot();
        Dictionary<string, double>? built = Measured(bench, Path.Combine(root, BuiltProgram));
        Dictionary<string, double>? native = Measured(bench, Path.Combine(root, PublishedProgram));
        if (built is null && native is null)
        {
            bench.Say($"neither {BuiltProgram} nor {PublishedProgram}: build or publish bench/Embedded first");
            return;
        }
        Table table = bench.Report.Table(Title, "what", "JIT", "native", "goal");
        void Add(string what, string name, double scale, double? goal = null) => table.Add(
            what, Cell(built, name, scale), Cell(native, name, scale),
            goal is { } most ? Figures.AtMost(Math.Max(Value(built, name), Value(native, name)) / scale, most, Number(most)) : "");
        Add("first start in the process to the first reply, ms", "first-start-ms", 1);
        Add("later start to the first reply, ms, median of 199", "start-median-ms", 1, GoalMs);
        Add("the longest of them, ms", "start-longest-ms", 1);
        Add("stop, ms, median", "stop-median-ms", 1);
        Add("resident, of an idle server with a client, KB", "idle-server-bytes", 1000);
        Add("resident size that a start and stop leaves, bytes, mean of 1,000", "growth-bytes-per-start", 1, GoalGrowthBytes);
    }

    /// <summary>What the program prints; null if it was not built.</summary>
    private static Dictionary<string, double>? Measured(Bench bench, string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        using Process process = Process.Start(new ProcessStartInfo(path) { RedirectStandardOutput = true })!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{path} ended with {process.ExitCode}");
        }
        bench.Say($"{path}: {string.Join(", ", lines)}");
        return lines.Select(static line => line.Split(' '))
            .ToDictionary(static words => words[0], static words => double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static double Value(Dictionary<string, double>? figures, string name) => figures?[name] ?? double.MinValue;

    private static string Cell(Dictionary<string, double>? figures, string name, double scale) =>
        figures is null ? "" : Number(figures[name] / scale);

    private static string Number(double value) => Figures.Number(value, value is > -100 and < 100 ? 1 : 0);
}
