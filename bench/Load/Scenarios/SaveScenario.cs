using System.Diagnostics;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>How long a snapshot of two million keys of all types takes, with and without clients that wait for it.</summary>
internal sealed class SaveScenario : IScenario
{
    private const int KeyCount = 2_000_000;
    private const int PollMs = 5;
    private const double Goal = 1.0;

    public string Name => "save";
    public string Summary => "SAVE and BGSAVE of 2 million keys of all types";

    public void Run(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        RunningServer[] servers = [.. bench.Contenders.Select(contender => bench.Fleet.Start(contender))];
        foreach (RunningServer server in servers)
        {
            MixedKeys.Fill(server, keyCount);
        }
        Table table = bench.Report.Table(
            $"Snapshots of {Figures.Count(keyCount)} keys of all types, seconds", "what", bench.Baseline.Name, bench.Candidate.Name,
            "speed", "goal");
        foreach ((string what, Func<RunningServer, double> seconds) in new (string, Func<RunningServer, double>)[]
                 {
                     ("SAVE", SaveSeconds), ("BGSAVE, no other load", BackgroundSeconds),
                 })
        {
            double[] best = [double.MaxValue, double.MaxValue];
            for (int round = 0; round < bench.Settings.Rounds; round++)
            {
                for (int i = 0; i < servers.Length; i++)
                {
                    double now = seconds(servers[i]);
                    best[i] = Math.Min(best[i], now);
                    bench.Say($"{what} {servers[i].Contender.Name}: {Figures.Number(now, 2)} s");
                }
            }

            double ratio = best[0] / best[1];
            table.Add(
                what, Figures.Number(best[0], 2), Figures.Number(best[1], 2), Figures.Ratio(ratio),
                Figures.AtLeast(ratio, Goal, Figures.Ratio(Goal)));
        }
    }

    private static double SaveSeconds(RunningServer server)
    {
        long started = Stopwatch.GetTimestamp();
        server.Call("SAVE");
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double BackgroundSeconds(RunningServer server)
    {
        long started = Stopwatch.GetTimestamp();
        server.Call("BGSAVE");
        while (server.Info("rdb_bgsave_in_progress") != "0")
        {
            Thread.Sleep(PollMs);
        }
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
