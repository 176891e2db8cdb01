using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// One collection of each type that grows from nothing to ten million elements. At every power of ten it is changed at random, every
/// batch of 16 commands timed: what a change costs may not depend on the size, and no single one may stop the server. The growing is timed
/// as well, since that is when containers are made larger.
/// </summary>
internal sealed class ScalingScenario : IScenario
{
    private const int Pipeline = 16;
    private const int SizeMin = 1_000;
    private const int SizeMax = 10_000_000;
    private const int JudgedSize = 1_000_000;
    private const double GoalMs = 5;

    /// <summary>How a collection grows by an element, and how one of some size is changed so that it keeps its size.</summary>
    private static readonly (string Type, string Grow, Func<int, string> Change)[] s_types =
    [
        ("hash", "HSET hash field:{#} value:{#:10}",
            size => $"HSET hash field:{{?{2 * size}}} value:{{?1000000:10}} ; HDEL hash field:{{?{2 * size}}}"),
        ("set", "SADD set member:{#}",
            size => $"SADD set member:{{?{2 * size}}} ; SREM set member:{{?{2 * size}}}"),
        ("sorted set", "ZADD zset {?10000000} member:{#}",
            size => $"ZADD zset {{?10000000}} member:{{?{2 * size}}} ; ZREM zset member:{{?{2 * size}}}"),
        ("list", "RPUSH list item:{#:11}",
            size => $"LSET list {{?{size - (size / 10)}+{size / 10}:{DigitsOf(size - 1)}}} item:{{?1000000:11}}"),
    ];

    public string Name => "scaling";
    public string Summary => "random changes of one collection at 1 thousand to 10 million elements: time per command, slowest batch";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            $"One collection under random changes, pipeline {Pipeline}: time per command, and of batches, ms", "collection and server",
            "ns per command", "p99.99", "slowest", "most server CPU", "slowest while growing", "most server CPU while growing", "goal");
        foreach ((string type, string grow, Func<int, string> change) in s_types.Where(row => bench.Settings.IsWanted(row.Type)))
        {
            foreach (Contender contender in bench.Contenders)
            {
                RunningServer server = bench.Fleet.Start(contender);
                using ThreadCpu cpu = server.BusiestThread();
                PatternSource growth = new(grow);
                int present = 0;
                for (int size = SizeMin; size <= bench.Scaled(SizeMax); size *= 10)
                {
                    BatchTimes growing = new BatchTimer(server, cpu, Pipeline).Run(growth, size - present, present);
                    BatchTimes changing = Change(bench, server, cpu, change(size));
                    present = size;
                    string what = $"{type} of {Figures.Count(size)}, {contender.Name}";
                    bench.Say($"{what}: {changing.NsPerCommand:F0} ns, slowest {changing.SlowestMs:F2} ms, " +
                        $"growing {growing.SlowestMs:F2} ms");
                    AddRow(table, what, changing, growing, isJudged: contender == bench.Candidate && size == JudgedSize);
                }

                bench.Fleet.StopAll();
            }
        }
    }

    private static BatchTimes Change(Bench bench, RunningServer server, ThreadCpu cpu, string pattern)
    {
        const int calibrationCount = 20 * Pipeline;
        PatternSource source = new(pattern);
        BatchTimer timer = new(server, cpu, Pipeline / source.RepliesPerStep);
        double perSecond = timer.Run(source, calibrationCount).StepsPerSecond;
        return timer.Run(source, Math.Max(calibrationCount, (int)(perSecond * bench.Settings.SecondsPerRun)));
    }

    private static void AddRow(Table table, string what, BatchTimes changing, BatchTimes growing, bool isJudged) => table.Add(
        what,
        Figures.Number(changing.NsPerCommand, 0),
        Figures.Number(changing.QuantileMs(0.9999), 2),
        Figures.Number(changing.SlowestMs, 2),
        Figures.Number(changing.MostCpuMs, 2),
        Figures.Number(growing.SlowestMs, 2),
        Figures.Number(growing.MostCpuMs, 2),
        isJudged ? Figures.AtMost(Math.Max(changing.SlowestMs, growing.SlowestMs), GoalMs, "5 ms") : "");

    private static int DigitsOf(int number) => $"{number}".Length;
}
