using System.Diagnostics;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Scripts: short ones that fifty connections call by their digest, sixteen at once, and long ones that one connection waits for. Both
/// servers are up, one loaded at a time.
/// </summary>
internal sealed class ScriptsScenario : IScenario
{
    private const int Pipeline = 16;
    private const int ConnectionCount = 50;
    private const int CalibrationCount = 32_000;

    public string Name => "scripts";
    public string Summary => $"scripts: short ones by EVALSHA at pipeline {Pipeline}, {ConnectionCount} connections, and long ones by EVAL";

    public void Run(Bench bench)
    {
        RunningServer[] servers = [.. bench.Contenders.Select(contender => bench.Fleet.Start(contender))];
        foreach (ShortScript script in Scripts.Short.Where(script => bench.Settings.IsWanted(script.Name)))
        {
            RunShort(bench, servers, script);
        }

        foreach (LongScript script in Scripts.Long.Where(script => bench.Settings.IsWanted(script.Name)))
        {
            RunLong(bench, servers, script);
        }
    }

    private static void RunShort(Bench bench, RunningServer[] servers, ShortScript script)
    {
        Throughput[] standings = [.. servers.Select(server => new Throughput(server))];
        string[] patterns = [.. servers.Select(server => Prepare(server, script))];
        int[] counts = [.. standings.Select((standing, i) => Calibrate(bench, standing.Server, patterns[i]))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < standings.Length; i++)
            {
                using LoadRing ring = new(standings[i].Server.Port, ConnectionCount, Pipeline);
                standings[i].Measure(bench, script.Name, ring, new PatternSource(patterns[i]), counts[i]);
                if (ring.NullReplies > 0)
                {
                    throw new IOException($"{standings[i].Server.Contender.Name} found nothing {ring.NullReplies} times");
                }
            }
        }

        Throughput.Report(bench, $"{script.Name}, pipeline {Pipeline}", standings[0], standings[1], script.Goal, cpuGoal: null);
    }

    /// <summary>Fills, and loads the script; returns the pattern of its calls.</summary>
    private static string Prepare(RunningServer server, ShortScript script)
    {
        using PipeConnection connection = server.Connect();
        connection.Call("FLUSHALL SYNC");
        if (script.Fill.Count > 0)
        {
            using LoadRing ring = new(server.Port, connectionCount: 4, stepsPerBatch: 100);
            ring.Run(new PatternSource(script.Fill.Pattern), script.Fill.Count);
        }

        return $"EVALSHA {connection.Call(["SCRIPT", "LOAD", script.Source])} {script.Arguments}";
    }

    private static int Calibrate(Bench bench, RunningServer server, string pattern)
    {
        using LoadRing ring = new(server.Port, ConnectionCount, Pipeline);
        double perSecond = CalibrationCount / ring.Run(new PatternSource(pattern), CalibrationCount).TotalSeconds;
        return (int)(perSecond * bench.Settings.SecondsPerRun) / Pipeline * Pipeline;
    }

    private static void RunLong(Bench bench, RunningServer[] servers, LongScript script)
    {
        double[] best = [.. servers.Select(_ => double.PositiveInfinity)];
        string[] replies = new string[servers.Length];
        for (int round = 0; round <= bench.Settings.Rounds; round++)
        {
            for (int i = 0; i < servers.Length; i++)
            {
                using PipeConnection connection = servers[i].Connect();
                connection.Call("FLUSHALL SYNC");
                long started = Stopwatch.GetTimestamp();
                replies[i] = connection.Call(["EVAL", script.Source, "0"]);
                double now = Stopwatch.GetElapsedTime(started).TotalSeconds;
                best[i] = Math.Min(best[i], now);
                bench.Say($"{script.Name} {servers[i].Contender.Name}: {Figures.Number(now, 3)} s");
            }
        }

        if (replies[0] != replies[1])
        {
            throw new IOException($"{script.Name}: {replies[0]} against {replies[1]}");
        }
        Table table = bench.Report.Table(
            "One long script, seconds", "script", bench.Baseline.Name, bench.Candidate.Name, "speed", "goal");
        double ratio = best[0] / best[1];
        table.Add(
            script.Name, Figures.Number(best[0], 3), Figures.Number(best[1], 3), Figures.Ratio(ratio),
            Figures.AtLeast(ratio, script.Goal, Figures.Ratio(script.Goal)));
    }
}
