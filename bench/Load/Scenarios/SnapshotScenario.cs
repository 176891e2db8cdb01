using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// A background save of five million keys, about a gigabyte, while one connection writes as fast as it can: what the save adds to the
/// longest command and to the memory in use, and whether the file has the state at which it began. Memory is read between batches, so
/// that reading it adds to none.
/// </summary>
internal sealed class SnapshotScenario : IScenario
{
    private const int KeyCount = 5_000_000;
    private const int KeyDigits = 12;
    private const int ValueSize = 128;
    private const int Pipeline = 16;
    private const int StepsPerLook = 16_000;
    private const int LooksWithout = 160;
    private const int LooksMax = 10_000;
    private const double GoalMs = 5;
    private const double GoalBytes = 64e6;

    public string Name => "snapshot";
    public string Summary => "BGSAVE of 5 million keys under a full write load: longest command, memory, content";

    public void Run(Bench bench)
    {
        int keyCount = bench.Scaled(KeyCount);
        Table table = bench.Report.Table(
            $"A background save of {Figures.Count(keyCount)} keys of {ValueSize} bytes under a full write load, pipeline {Pipeline}",
            "server", "k/s before", "k/s meanwhile", "longest batch before, ms", "meanwhile, ms", "goal", "save, s", "resident, MB",
            "extra at most, MB", "goal", "content");
        foreach (Contender contender in bench.Contenders)
        {
            using DataFolder folder = new();
            Outcome outcome = Measure(bench, contender, folder, keyCount);
            bench.Fleet.StopAll();
            bool isSame = DigestOfFile(bench, folder) == outcome.Digest;
            bench.Fleet.StopAll();
            bench.Say($"{contender.Name}: longest {Figures.Number(outcome.Before.LongestMs, 2)} ms before, " +
                $"{Figures.Number(outcome.Meanwhile.LongestMs, 2)} ms meanwhile; {Figures.Megabytes(outcome.ExtraBytes)} MB more; " +
                (isSame ? "same content" : "other content"));
            Add(table, contender.Name, outcome, isSame, isJudged: contender == bench.Candidate);
        }
    }

    private static void Add(Table table, string name, Outcome outcome, bool isSame, bool isJudged) => table.Add(
        name,
        Figures.Thousands(outcome.Before.PerSecond),
        Figures.Thousands(outcome.Meanwhile.PerSecond),
        Figures.Number(outcome.Before.LongestMs, 2),
        Figures.Number(outcome.Meanwhile.LongestMs, 2),
        isJudged ? Figures.AtMost(outcome.Meanwhile.LongestMs - outcome.Before.LongestMs, GoalMs, "5 ms more") : "",
        Figures.Number(outcome.Meanwhile.Seconds, 1),
        Figures.Megabytes(outcome.ResidentBytes),
        Figures.Megabytes(outcome.ExtraBytes),
        isJudged ? Figures.AtMost(outcome.ExtraBytes, GoalBytes, "64 MB") : "",
        isSame ? "equal" : "**not equal**");

    private static Outcome Measure(Bench bench, Contender contender, DataFolder folder, int keyCount)
    {
        RunningServer server = bench.Fleet.StartIn(folder, contender, "--enable-debug-command", "yes");
        using (LoadRing ring = new(server.Port, connectionCount: 4, stepsPerBatch: 16))
        {
            ring.Run(new SetInOrder(KeyDigits, ValueSize), keyCount);
        }
        PatternSource writes = new($"SET key:{{?{keyCount}:{KeyDigits}}} {{?100000000:{ValueSize}}}");
        using ThreadCpu cpu = server.BusiestThread();
        BatchTimer timer = new(server, cpu, Pipeline);
        Period before = Watch(server, timer, writes, look => look < (bench.Settings.Quick ? LooksWithout / 10 : LooksWithout));
        string digest = server.Call("DEBUG DIGEST");
        long usualBytes = server.ProportionalBytes;
        server.Call("BGSAVE");
        Period meanwhile = Watch(server, timer, writes, look => look < LooksMax && server.Info("rdb_bgsave_in_progress") == "1");
        if (server.Info("rdb_last_bgsave_status") != "ok")
        {
            throw new IOException($"{contender.Name} did not save");
        }
        return new Outcome(before, meanwhile, usualBytes, meanwhile.MostBytes - usualBytes, digest);
    }

    /// <summary>Writes, and looks at the server every so many commands, as long as it is told to go on.</summary>
    private static Period Watch(RunningServer server, BatchTimer timer, PatternSource writes, Func<int, bool> goesOn)
    {
        Period period = new(0, 0, 0, 0);
        for (int look = 0; goesOn(look); look++)
        {
            BatchTimes times = timer.Run(writes, StepsPerLook);
            period = new Period(
                period.Count + StepsPerLook,
                period.Seconds + (StepsPerLook / times.StepsPerSecond),
                Math.Max(period.LongestMs, times.SlowestMs),
                Math.Max(period.MostBytes, server.ProportionalBytes));
        }

        return period;
    }

    /// <summary>The candidate loads either server's file.</summary>
    private static string DigestOfFile(Bench bench, DataFolder folder) =>
        bench.Fleet.StartIn(folder, bench.Candidate, "--enable-debug-command", "yes").Call("DEBUG DIGEST");

    private readonly record struct Period(long Count, double Seconds, double LongestMs, long MostBytes)
    {
        public double PerSecond => Count / Seconds;
    }

    private sealed record Outcome(Period Before, Period Meanwhile, long ResidentBytes, long ExtraBytes, string Digest);
}
