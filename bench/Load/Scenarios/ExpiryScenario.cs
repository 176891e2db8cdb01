using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// How late keys leave the keyspace when nobody reads them. A million keys get moments of expiry spread evenly; DBSIZE is then asked every
/// few milliseconds. The k-th key to expire is late by the time from its moment until DBSIZE first said that k keys are gone.
/// </summary>
internal sealed class ExpiryScenario(string name, int spreadMs) : IScenario
{
    private const int KeyCount = 1_000_000;
    private const int KeyDigits = 8;
    private const int SampleEveryMs = 2;
    private const int LeadMs = 6_000;
    private const int PatienceMs = 30_000;
    private const double GoalMs = 100;

    public string Name => name;
    public string Summary => $"1 million volatile keys that expire within {spreadMs / 1000} s: how late DBSIZE shows it";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            $"Expiry of {Figures.Count(KeyCount)} volatile keys: lag of DBSIZE, ms", "server and spread", "p50", "p99", "largest",
            "not gone in time", "goal (p99)");
        foreach (Contender contender in bench.Contenders)
        {
            RunningServer server = bench.Fleet.Start(contender);
            Lags lags = Measure(server);
            bench.Fleet.StopAll();
            bench.Say($"{contender.Name}: lag p50 {lags.P50} p99 {lags.P99} max {lags.Largest} ms, {lags.Missing} keys not gone");
            table.Add(
                $"{contender.Name}, within {spreadMs / 1000} s",
                Figures.Count(lags.P50),
                Figures.Count(lags.P99),
                Figures.Count(lags.Largest),
                Figures.Count(lags.Missing),
                contender == bench.Candidate ? Figures.AtMost(lags.P99, GoalMs, "100 ms") : "");
        }
    }

    private Lags Measure(RunningServer server)
    {
        long firstMs = NowMs() + LeadMs;
        long[] deadlines = new long[KeyCount];
        for (int i = 0; i < KeyCount; i++)
        {
            deadlines[i] = firstMs + (long)i * spreadMs / KeyCount;
        }
        // In no order of key or of insertion; the same shuffle in every run.
        new Random(7).Shuffle(deadlines);
        using (LoadRing ring = new(server.Port, connectionCount: 10, stepsPerBatch: 16))
        {
            ring.Run(new SetWithDeadline(KeyDigits, deadlines), KeyCount);
        }
        if (NowMs() > firstMs)
        {
            throw new IOException($"loading took longer than the {LeadMs} ms before the first key expires");
        }

        Array.Sort(deadlines);
        return Watch(server, deadlines);
    }

    private static Lags Watch(RunningServer server, long[] deadlines)
    {
        using PipeConnection connection = server.Connect();
        int[] lags = new int[KeyCount];
        int gone = 0;
        while (gone < KeyCount && NowMs() < deadlines[^1] + PatienceMs)
        {
            connection.Send("*1\r\n$6\r\nDBSIZE\r\n"u8);
            int goneNow = KeyCount - (int)connection.ReadInteger();
            long nowMs = NowMs();
            for (; gone < goneNow; gone++)
            {
                lags[gone] = (int)Math.Max(0, nowMs - deadlines[gone]);
            }
            Thread.Sleep(SampleEveryMs);
        }

        int missing = KeyCount - gone;
        for (long nowMs = NowMs(); gone < KeyCount; gone++)
        {
            lags[gone] = (int)(nowMs - deadlines[gone]);
        }
        Array.Sort(lags);
        return new Lags(lags[KeyCount / 2], lags[KeyCount / 100 * 99], lags[^1], missing);
    }

    private static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private readonly record struct Lags(int P50, int P99, int Largest, int Missing);
}
