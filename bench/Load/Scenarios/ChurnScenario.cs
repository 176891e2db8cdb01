using System.Diagnostics;
using System.Globalization;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Whether memory that was freed goes back: values of varied sizes fill the server, most are deleted or all overwritten in no order, and
/// then it is looked at for ten seconds, while a client sends PING after PING. The time in which the server's thread was ready and
/// something else had its core is no part of a PING.
/// </summary>
internal sealed class ChurnScenario : IScenario
{
    private const int WatchMs = 10_000;
    private const int ShortWatchMs = 1_500;
    private const int LookMs = 100;
    private const double SlackBytes = 15e6;
    private const double GoalFactor = 1.3;
    private const double GoalMs = 1;

    public string Name => "churn";
    public string Summary => "most of what fills a server is removed or overwritten: what is resident 10 s later, and PING meanwhile";

    public void Run(Bench bench)
    {
        string theirs = bench.Baseline.Name;
        Table table = bench.Report.Table(
            "Memory given back: resident 10 s after most was removed, or all overwritten; MB", "load",
            $"{theirs}: used", "resident", "with activedefrag",
            "used", "filled", "resident without activedefrag", "resident", "goal", "reached after, s",
            "longest PING of the filled server, ms", "longest while it gives back, ms", "goal", "PINGs over 1 ms",
            "longest slice by its CPU time, ms", "goal");
        foreach (ChurnLoad load in ChurnLoad.All.Where(load => bench.Settings.IsWanted(load.Name)))
        {
            Outcome baseline = Measure(bench, bench.Baseline, load, "no")!.Value;
            Outcome? baselineActive = Measure(bench, bench.Baseline, load, "yes");
            Outcome passive = Measure(bench, bench.Candidate, load, "no")!.Value;
            Outcome active = Measure(bench, bench.Candidate, load, "yes")!.Value;
            table.Add(
                load.Name,
                Figures.Megabytes(baseline.UsedBytes),
                Figures.Megabytes(baseline.ResidentBytes),
                baselineActive is { } found ? Figures.Megabytes(found.ResidentBytes) : "refused",
                Figures.Megabytes(active.UsedBytes),
                Figures.Megabytes(active.FilledBytes),
                Figures.Megabytes(passive.ResidentBytes),
                Figures.Megabytes(active.ResidentBytes),
                Figures.AtMost(active.ResidentBytes, active.GoalBytes, $"{Figures.Megabytes(active.GoalBytes)} MB"),
                active.ReachedMs < 0 ? "never" : Figures.Number(active.ReachedMs / 1000.0, 1),
                Figures.Number(active.Before.LongestMs, 2),
                Figures.Number(active.After.LongestMs, 2),
                Figures.AtMost(active.After.LongestMs, GoalMs, "1 ms"),
                Figures.Count(active.After.LongCount),
                Figures.Number(active.SliceMs, 2),
                Figures.AtMost(active.SliceMs, GoalMs, "1 ms"));
        }
    }

    /// <summary>Nothing where the server refuses the setting.</summary>
    private static Outcome? Measure(Bench bench, Contender contender, ChurnLoad load, string setting)
    {
        RunningServer server = bench.Fleet.Start(contender);
        try
        {
            server.Call($"CONFIG SET activedefrag {setting}");
        }
        catch (IOException)
        {
            bench.Fleet.StopAll();
            return null;
        }

        int watchMs = setting == "yes" ? WatchMs : ShortWatchMs;
        load.FillUp(server, bench.Scaled);
        long filled = server.ResidentBytes;
        using ThreadCpu cpu = server.BusiestThread();
        Pings before = Watch(server, cpu, ShortWatchMs, () => { });
        load.MakeHoles(server, bench.Scaled);
        long used = server.Number("used_memory");
        long started = Environment.TickCount64;
        long reachedMs = -1;
        Pings after = Watch(server, cpu, watchMs, () =>
        {
            if (server.ResidentBytes <= GoalOf(used))
            {
                reachedMs = reachedMs < 0 ? Environment.TickCount64 - started : reachedMs;
            }
            else
            {
                reachedMs = -1;
            }
        });
        var outcome = new Outcome(filled, server.Number("used_memory"), server.ResidentBytes, reachedMs, before, after, SliceMsOf(server));
        bench.Say($"{load.Name}, {contender.Name}, activedefrag {setting}: used {Figures.Megabytes(outcome.UsedBytes)}, resident "
            + $"{Figures.Megabytes(outcome.ResidentBytes)} MB, goal {Figures.Megabytes(outcome.GoalBytes)} after {reachedMs} ms, PING "
            + $"{Figures.Number(before.LongestMs, 2)} and {Figures.Number(after.LongestMs, 2)} ms, "
            + $"{after.LongCount} of {after.Count} long; moved {server.Info("active_defrag_hits")}, "
            + $"longest slice {Figures.Number(outcome.SliceMs, 2)} ms");
        bench.Fleet.StopAll();
        return outcome;
    }

    /// <summary>The longest slice of defragmentation, whatever else ran on the machine; 0 where the server does not tell.</summary>
    private static double SliceMsOf(RunningServer server) =>
        long.TryParse(server.Info("active_defrag_cycle_cpu_max_usec"), CultureInfo.InvariantCulture, out long us) ? us / 1000.0 : 0;

    private static double GoalOf(long usedBytes) => (usedBytes * GoalFactor) + SlackBytes;

    /// <summary>Sends PING after PING for so long, and looks at the server now and then.</summary>
    private static Pings Watch(RunningServer server, ThreadCpu cpu, int watchMs, Action look)
    {
        using PipeConnection connection = server.Connect(spins: true);
        var pings = default(Pings);
        long started = Environment.TickCount64;
        (_, long waited) = cpu.Read();
        for (long lookedAt = started; Environment.TickCount64 - started < watchMs;)
        {
            long sent = Stopwatch.GetTimestamp();
            connection.Send("*1\r\n$4\r\nPING\r\n"u8);
            connection.ReadReplies(1);
            double ms = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            (_, long waitedNow) = cpu.Read();
            ms -= (waitedNow - waited) / 1e6;
            waited = waitedNow;
            pings = new Pings(pings.Count + 1, Math.Max(pings.LongestMs, ms), pings.LongCount + (ms > GoalMs ? 1 : 0));
            if (Environment.TickCount64 - lookedAt < LookMs)
            {
                continue;
            }
            look();
            lookedAt = Environment.TickCount64;
        }

        return pings;
    }

    private readonly record struct Pings(long Count, double LongestMs, long LongCount);

    private readonly record struct Outcome(
        long FilledBytes, long UsedBytes, long ResidentBytes, long ReachedMs, Pings Before, Pings After, double SliceMs)
    {
        public double GoalBytes => GoalOf(UsedBytes);
    }
}
