using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// What rules cost: GET by a user with twenty rules, of which five are patterns of keys, against GET by the default user, who may do
/// everything. In turns on the same server; the key matches the last pattern.
/// </summary>
internal sealed class AccessScenario : IScenario
{
    private const int Pipeline = 16;
    private const int ConnectionCount = 50;
    private const int CalibrationCount = 64_000;
    private const int KeyCount = 100_000;
    private const double Goal = 0.93;

    private const string Rules =
        "~user:* ~session:* %R~config:* ~queue:* ~key:* resetchannels &news:* +@read +@write +@connection +@pubsub -@dangerous "
        + "-@admin +info +select|0 +client|setname +client|id -keys -randomkey +ping";

    private static readonly string s_get = $"GET key:{{?{KeyCount}:6}}";

    public string Name => "access";
    public string Summary => $"GET at pipeline {Pipeline}, {ConnectionCount} connections: a user with 20 rules against the default user";

    public void Run(Bench bench)
    {
        RunningServer[] servers = [.. bench.Contenders.Select(contender => bench.Fleet.Start(contender))];
        foreach (RunningServer server in servers)
        {
            Prepare(server);
        }
        Throughput[] open = [.. servers.Select(static server => new Throughput(server))];
        Throughput[] restricted = [.. servers.Select(static server => new Throughput(server))];
        int[] counts = [.. servers.Select(server => Calibrate(bench, server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < servers.Length; i++)
            {
                Measure(bench, open[i], counts[i], isRestricted: false);
                Measure(bench, restricted[i], counts[i], isRestricted: true);
            }
        }

        for (int i = 0; i < servers.Length; i++)
        {
            Report(bench, open[i], restricted[i], i == servers.Length - 1 ? Goal : null);
        }
    }

    private static void Prepare(RunningServer server)
    {
        using PipeConnection connection = server.Connect();
        string reply = connection.Call($"ACL SETUSER app reset on >secret {Rules}");
        if (reply != "OK")
        {
            throw new IOException($"{server.Contender.Name} refuses the rules: {reply}");
        }
        using LoadRing ring = new(server.Port, connectionCount: 4, stepsPerBatch: 100);
        ring.Run(new PatternSource("SET key:{#:6} value"), KeyCount);
    }

    private static int Calibrate(Bench bench, RunningServer server)
    {
        using LoadRing ring = new(server.Port, ConnectionCount, Pipeline);
        double perSecond = CalibrationCount / ring.Run(new PatternSource(s_get), CalibrationCount).TotalSeconds;
        return (int)(perSecond * bench.Settings.SecondsPerRun) / Pipeline * Pipeline;
    }

    private static void Measure(Bench bench, Throughput standing, int count, bool isRestricted)
    {
        using LoadRing ring = new(standing.Server.Port, ConnectionCount, Pipeline);
        if (isRestricted)
        {
            // One batch for each connection.
            ring.Run(new PatternSource("AUTH app secret"), ConnectionCount * Pipeline);
        }
        standing.Measure(bench, isRestricted ? "20 rules" : "default user", ring, new PatternSource(s_get), count);
        if (ring.NullReplies > 0)
        {
            throw new IOException($"{standing.Server.Contender.Name} found nothing {ring.NullReplies} times");
        }
    }

    private static void Report(Bench bench, Throughput open, Throughput restricted, double? goal)
    {
        Table table = bench.Report.Table(
            "GET by a user with 20 rules, 5 of them for keys, against the default user: k commands/s, and server CPU per command, us",
            "server", "default user", "20 rules", "ratio", "goal", "CPU default user", "CPU 20 rules", "CPU ratio");
        double ratio = restricted.PerSecond / open.PerSecond;
        table.Add(
            open.Server.Contender.Name,
            Figures.Thousands(open.PerSecond),
            Figures.Thousands(restricted.PerSecond),
            Figures.Ratio(ratio),
            goal is { } wanted ? Figures.AtLeast(ratio, wanted, Figures.Ratio(wanted)) : "",
            Figures.Cpu(open.CpuPerCommand),
            Figures.Cpu(restricted.CpuPerCommand),
            Figures.Ratio(restricted.CpuPerCommand.TotalUs / open.CpuPerCommand.TotalUs));
    }
}
