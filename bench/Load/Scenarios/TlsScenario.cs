using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Both servers over TLS 1.3 with a certificate of RSA: GET and SET through redis-benchmark, handshakes by OpenSSL's own program, and how
/// long ten clients wait while others come.
/// </summary>
internal sealed class TlsScenario : IScenario
{
    private const int CalibrationCount = 20_000;
    private const int CrowdPerSecond = 500;
    private const int CrowdThreads = 4;
    private const int WaitingClients = 10;
    private const double P99GoalMs = 5;

    public string Name => "tls";

    public string Summary => "GET and SET over TLS, handshakes, and PING while others connect";

    public void Run(Bench bench)
    {
        using TlsFiles files = new();
        TlsContender[] contenders = [.. bench.Contenders.Select(contender => Start(bench, contender, files))];
        foreach ((int pipeline, double goal) in (ReadOnlySpan<(int, double)>)[(16, 1.4), (1, 1.0)])
        {
            foreach (string test in (ReadOnlySpan<string>)["set", "get"])
            {
                MeasureCommands(bench, contenders, files, test, pipeline, goal);
            }
        }
        MeasureHandshakes(bench, contenders, files, "full handshakes", isResumed: false, goal: 1.0);
        MeasureHandshakes(bench, contenders, files, "resumed handshakes", isResumed: true, goal: 1.2);
        MeasureWaits(bench, contenders, files);
    }

    private static TlsContender Start(Bench bench, Contender contender, TlsFiles files)
    {
        int port = TlsFiles.FreePort();
        return new TlsContender(bench.Fleet.Start(contender, files.Options(port)), port);
    }

    private static void MeasureCommands(
        Bench bench, TlsContender[] contenders, TlsFiles files, string test, int pipeline, double goal)
    {
        Throughput[] standings = [.. contenders.Select(static contender => new Throughput(contender.Server))];
        int keyspace = bench.Scaled(100_000);
        int[] counts = [.. contenders.Select(contender =>
        {
            double perSecond = RedisBenchmark.Run(contender.Port, test, pipeline, CalibrationCount, keyspace, files.Certificate).PerSecond;
            return (int)(perSecond * bench.Settings.SecondsPerRun) / pipeline * pipeline;
        })];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            for (int index = 0; index < contenders.Length; index++)
            {
                CpuTime before = contenders[index].Server.Cpu;
                RedisBenchmark.Outcome outcome = RedisBenchmark.Run(
                    contenders[index].Port, test, pipeline, counts[index], keyspace, files.Certificate);
                CpuTime perCommand = contenders[index].Server.Cpu.Since(before).Per(counts[index]);
                standings[index].Add(outcome.PerSecond, perCommand, outcome.P99Ms);
                bench.Say($"round {round} {test} P{pipeline} TLS {contenders[index].Server.Contender.Name}: "
                    + $"{Figures.Thousands(outcome.PerSecond)} k/s, CPU {Figures.Cpu(perCommand)} us");
            }
        }
        Throughput.Report(bench, $"{test.ToUpperInvariant()} over TLS, pipeline {pipeline}", standings[0], standings[1], goal, 0.75);
    }

    private static void MeasureHandshakes(
        Bench bench, TlsContender[] contenders, TlsFiles files, string what, bool isResumed, double goal)
    {
        Throughput[] standings = [.. contenders.Select(static contender => new Throughput(contender.Server))];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach ((TlsContender contender, Throughput standing) in contenders.Zip(standings))
            {
                CpuTime before = contender.Server.Cpu;
                (double perSecond, long count) = Handshakes.Run(contender.Port, files.Certificate, isResumed);
                CpuTime each = contender.Server.Cpu.Since(before).Per(count);
                standing.Add(perSecond, each, double.NaN);
                bench.Say($"round {round} {what} {contender.Server.Contender.Name}: {perSecond:F0}/s, CPU {Figures.Cpu(each)} us");
            }
        }
        Throughput.Report(bench, what, standings[0], standings[1], goal, cpuGoal: null);
    }

    private static void MeasureWaits(Bench bench, TlsContender[] contenders, TlsFiles files)
    {
        Table table = bench.Report.Table(
            $"PING of {WaitingClients} clients while {CrowdPerSecond} connections a second handshake, ms", "server", "p99", "goal");
        foreach (TlsContender contender in contenders)
        {
            using CancellationTokenSource stop = new();
            Thread[] crowd = [.. Enumerable.Range(0, CrowdThreads).Select(
                _ => new Thread(() => Handshakes.Keep(contender.Port, files.Certificate, CrowdPerSecond / CrowdThreads, stop.Token)))];
            Array.ForEach(crowd, static thread => thread.Start());
            double p99Ms = Enumerable.Range(0, bench.Settings.Rounds).Min(_ => RedisBenchmark.Run(
                contender.Port, "ping_mbulk", 1, bench.Scaled(50_000), 0, files.Certificate, WaitingClients).P99Ms);
            stop.Cancel();
            Array.ForEach(crowd, static thread => thread.Join());
            bool isCandidate = contender.Server.Contender == bench.Candidate;
            table.Add(
                contender.Server.Contender.Name, Figures.Number(p99Ms, 2), isCandidate ? Figures.AtMost(p99Ms, P99GoalMs, "5 ms") : "");
        }
    }

    private sealed record TlsContender(RunningServer Server, int Port);
}
