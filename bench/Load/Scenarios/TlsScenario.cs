using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Both servers over TLS with a certificate of RSA: GET and SET, handshakes, and how long ten clients wait while others come. The clients
/// are this program's own: those of redis-benchmark and OpenSSL cost as much as the servers, so that they would be the limit.
/// </summary>
internal sealed class TlsScenario : IScenario
{
    private const int KeyCount = 100_000;
    private const int KeyDigits = 12;
    private const int FillPipeline = 100;
    private const int CalibrationCount = 20_000;
    private const int CrowdPerSecond = 500;
    private const int WaitingClients = 10;
    private const double HandshakeSeconds = 3;
    private const double P99GoalMs = 5;

    /// <summary>The header of a value of 64 bytes, its bytes, and the end of the line.</summary>
    private const int ValueReplySize = 5 + RedisBenchmark.ValueSize + 2;

    public string Name => "tls";

    public string Summary => "GET and SET over TLS, handshakes, and PING while others connect";

    public void Run(Bench bench)
    {
        using TlsFiles files = new();
        TlsContender[] contenders = [.. bench.Contenders.Select(contender => Start(bench, contender, files))];
        foreach ((int pipeline, double goal) in (ReadOnlySpan<(int, double)>)[(16, 1.4), (1, 1.0)])
        {
            foreach (string test in (ReadOnlySpan<string>)["SET", "GET"])
            {
                if (bench.Settings.IsWanted($"{test} over TLS, pipeline {pipeline}"))
                {
                    MeasureCommands(bench, contenders, files, test, pipeline, goal);
                }
            }
        }
        MeasureHandshakes(bench, contenders, files, new Kind("full handshakes", false, true, 1.0));
        MeasureHandshakes(bench, contenders, files, new Kind("resumed handshakes, TLS 1.3", true, true, 1.2));
        MeasureHandshakes(bench, contenders, files, new Kind("resumed handshakes, TLS 1.2", true, false, 1.2));
        if (bench.Settings.IsWanted("PING while others connect"))
        {
            MeasureWaits(bench, contenders, files);
        }
    }

    private static TlsContender Start(Bench bench, Contender contender, TlsFiles files)
    {
        int port = TlsFiles.FreePort();
        RunningServer server = bench.Fleet.Start(contender, files.Options(port));
        using LoadRing fill = new(server.Port, 1, FillPipeline);
        fill.Run(new SetInOrder(KeyDigits, RedisBenchmark.ValueSize), KeyCount);
        return new TlsContender(server, port);
    }

    private static void MeasureCommands(
        Bench bench, TlsContender[] contenders, TlsFiles files, string test, int pipeline, double goal)
    {
        Throughput[] standings = [.. contenders.Select(static contender => new Throughput(contender.Server))];
        long[] batchCounts = [.. contenders.Select(contender =>
            (long)(Load(contender, files, test, pipeline, CalibrationCount).PerSecond * bench.Settings.SecondsPerRun / pipeline))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int index = 0; index < contenders.Length; index++)
            {
                TlsCommands.Outcome outcome = Load(contenders[index], files, test, pipeline, batchCounts[index]);
                standings[index].Add(outcome.PerSecond, outcome.CpuPerCommand, outcome.P99Ms);
                bench.Say($"round {round} {test} P{pipeline} TLS {contenders[index].Server.Contender.Name}: "
                    + $"{Figures.Thousands(outcome.PerSecond)} k/s, CPU {Figures.Cpu(outcome.CpuPerCommand)} us");
            }
        }
        Throughput.Report(bench, $"{test} over TLS, pipeline {pipeline}", standings[0], standings[1], goal, 0.75);
    }

    private static TlsCommands.Outcome Load(TlsContender contender, TlsFiles files, string test, int pipeline, long batchCount)
    {
        using TlsLoop loop = new(contender.Port, files);
        ICommandSource source = test == "SET"
            ? new SetAtRandom(KeyDigits, KeyCount, RedisBenchmark.ValueSize)
            : new GetAtRandom(KeyDigits, KeyCount);
        (byte, int) reply = test == "SET" ? ((byte)'+', "+OK\r\n".Length) : ((byte)'$', ValueReplySize);
        return new TlsCommands(loop, contender.Server, source, pipeline, reply).Run(RedisBenchmark.ConnectionCount, batchCount);
    }

    private static void MeasureHandshakes(Bench bench, TlsContender[] contenders, TlsFiles files, Kind kind)
    {
        if (!bench.Settings.IsWanted(kind.Name))
        {
            return;
        }
        Throughput[] standings = [.. contenders.Select(static contender => new Throughput(contender.Server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach ((TlsContender contender, Throughput standing) in contenders.Zip(standings))
            {
                using TlsLoop loop = new(contender.Port, files, kind.IsResumed, kind.IsNewest);
                Handshakes handshakes = new(loop);
                CpuTime before = contender.Server.Cpu;
                double perSecond = handshakes.Run(HandshakeSeconds);
                CpuTime each = contender.Server.Cpu.Since(before).Per(handshakes.Count);
                standing.Add(perSecond, each, double.NaN);
                bench.Say($"round {round} {kind.Name} {contender.Server.Contender.Name}: {perSecond:F0}/s, CPU {Figures.Cpu(each)} us");
            }
        }
        double ratio = standings[1].PerSecond / standings[0].PerSecond;
        bench.Report.Table(
            "Handshakes a second, and server CPU of each, us (user + system)",
            "what", bench.Baseline.Name, bench.Candidate.Name, "ratio", "goal", $"CPU {bench.Baseline.Name}", $"CPU {bench.Candidate.Name}")
            .Add(
                kind.Name,
                Figures.Number(standings[0].PerSecond, 0),
                Figures.Number(standings[1].PerSecond, 0),
                Figures.Ratio(ratio),
                Figures.AtLeast(ratio, kind.Goal, Figures.Ratio(kind.Goal)),
                Figures.Cpu(standings[0].CpuPerCommand),
                Figures.Cpu(standings[1].CpuPerCommand));
    }

    private static void MeasureWaits(Bench bench, TlsContender[] contenders, TlsFiles files)
    {
        Table table = bench.Report.Table(
            $"PING of {WaitingClients} clients while {CrowdPerSecond} connections a second handshake, ms", "server", "p99", "goal");
        double[] best = [.. contenders.Select(static _ => double.PositiveInfinity)];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int index = 0; index < contenders.Length; index++)
            {
                using TlsLoop loop = new(contenders[index].Port, files);
                Handshakes crowd = new(loop);
                crowd.Keep(CrowdPerSecond);
                TlsCommands pings = new(loop, contenders[index].Server, new PatternSource("PING"), 1, ((byte)'+', "+PONG\r\n".Length));
                double p99Ms = pings.Run(WaitingClients, bench.Scaled(100_000)).P99Ms;
                best[index] = Math.Min(best[index], p99Ms);
                bench.Say($"round {round} PING {contenders[index].Server.Contender.Name}: p99 {Figures.Number(p99Ms, 2)} ms, longest "
                    + $"{Figures.Number(pings.Times.QuantileMs(1), 2)} ms, {crowd.Count} connections came, {crowd.MissedCount} did not");
            }
        }
        table.Add(contenders[0].Server.Contender.Name, Figures.Number(best[0], 2), "");
        table.Add(contenders[1].Server.Contender.Name, Figures.Number(best[1], 2), Figures.AtMost(best[1], P99GoalMs, "5 ms"));
    }

    private sealed record TlsContender(RunningServer Server, int Port);

    private sealed record Kind(string Name, bool IsResumed, bool IsNewest, double Goal);
}
