using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Telemetry;

/// <summary>
/// A collector that does not take what is sent disturbs nobody, is told of in the log, and gets what comes when it takes it again.
/// </summary>
public sealed class CollectorTroubleTests
{
    /// <summary>Less than an endless answer has in its time.</summary>
    private const long MemoryBound = 512 << 20;

    private static readonly string[] s_kinds = ["metrics", "traces"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_trouble_is_told_once_and_ends(bool isGrpc)
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: isGrpc);
        Dictionary<string, string> variables = new()
        {
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "5000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        using ServerProcess server = Start(collector, isGrpc, variables);
        using RespConnection client = server.Connect();
        List<(CollectorAnswer Answer, string Complaint)> troubles =
        [
            (CollectorAnswers.Status(503), "it answers 503."),
            (CollectorAnswers.Status(429), "it answers 429."),
            (CollectorAnswers.Status(307), "it answers 307."),
            (CollectorAnswers.Gone, ""),
            (CollectorAnswers.HalfAndGone, ""),
            (CollectorAnswers.Never, "it does not answer in time."),
            (CollectorAnswers.HalfAndNoMore, "it does not answer in time."),
            (CollectorAnswers.Endless, "its answer is longer than 4194304 bytes."),
        ];
        if (isGrpc)
        {
            troubles.Add((CollectorAnswers.Grpc("14"), "it answers grpc-status 14, so it is."));
            troubles.Add((CollectorAnswers.Grpc(null), "its answer has no grpc-status."));
        }
        UntilTaken(collector, client);
        foreach ((CollectorAnswer answer, string complaint) in troubles)
        {
            int before = server.Output.Length;
            collector.Answer = answer;
            UntilTold(server, client, before, "do not reach", complaint);
            before = server.Output.Length;
            collector.Answer = null;
            UntilTold(server, client, before, "reach", "again.");
            UntilTaken(collector, client);
        }
        Assert.InRange(server.ResidentBytes, 1, MemoryBound);
        Assert.DoesNotContain(collector.RequestLines, static line => line.StartsWith("/elsewhere", StringComparison.Ordinal));
        client.Send("SHUTDOWN NOSAVE");
        Assert.Equal(0, server.WaitForExit());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_does_not_wait_for_an_answer_that_never_comes(bool isGrpc)
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: isGrpc);
        collector.Answer = CollectorAnswers.HalfAndNoMore;
        using ServerProcess server = Start(collector, isGrpc, new() { ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "3600000" });
        using RespConnection client = server.Connect();
        Patience.Until(() =>
        {
            Assert.Equal("PONG", client.Call("PING").Text);
            return HasCome("metrics") && HasCome("trace");
        });
        client.Send("SHUTDOWN NOSAVE");
        Assert.Equal(0, server.WaitForExit());

        bool HasCome(string kind) => collector.RequestLines.Any(line => line.Contains(kind, StringComparison.Ordinal));
    }

    /// <summary>To the byte: parts of heads and bodies, behind which nothing comes, or the end of the connection.</summary>
    [Theory]
    [InlineData("HTTP/1.1 20", true, "ended prematurely")]
    [InlineData("HTTP/1.1 20", false, "it does not answer in time.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", true, "ended prematurely")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", false, "it does not answer in time.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab", true, "its answer breaks off")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab", false, "it does not answer in time.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\nab", false, "its answer is longer than 4194304 bytes.")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nab", true, "its answer breaks off")]
    [InlineData("no HTTP at all\r\n\r\n", false, "invalid status line")]
    public void A_part_of_an_answer_is_none(string answer, bool isEnd, string complaint)
    {
        using BluntCollector collector = new(answer, isEnd);
        using ServerProcess server = ServerProcess.StartWith(
            new() { ["OTEL_EXPORTER_OTLP_TIMEOUT"] = isEnd ? "60000" : "2000" },
            Programs.OtlpServer, ["--otlp-endpoint", collector.Address, "--otlp-interval", "1"]);
        Assert.Contains(complaint, server.WaitForLine("the metrics do not reach"), StringComparison.Ordinal);
        using RespConnection client = server.Connect();
        Assert.Equal("PONG", client.Call("PING").Text);
        client.Send("SHUTDOWN NOSAVE");
        Assert.Equal(0, server.WaitForExit());
    }

    private static ServerProcess Start(Collector collector, bool isGrpc, Dictionary<string, string> variables) => ServerProcess.StartWith(
        variables,
        Programs.OtlpServer,
        ["--otlp-endpoint", collector.Address.ToString(), "--otlp-protocol", isGrpc ? "grpc" : "http", "--otlp-interval", "1",
            "--trace-slower-than", "0", "--trace-max-per-second", "1000"]);

    /// <summary>Numbers and spans come that had not come before.</summary>
    private static void UntilTaken(Collector collector, RespConnection client)
    {
        int numbers = collector.Numbers.Count;
        int spans = collector.Spans.Count;
        Patience.Until(() =>
        {
            Assert.Equal("PONG", client.Call("PING").Text);
            return collector.Numbers.Count > numbers && collector.Spans.Count > spans;
        });
    }

    /// <summary>What is said of both kinds, after so much of the log.</summary>
    private static void UntilTold(ServerProcess server, RespConnection client, int before, string what, string reason) =>
        Patience.Until(
            () =>
            {
                Assert.Equal("PONG", client.Call("PING").Text);
                string[] lines = server.Output[before..].Split('\n');
                return s_kinds.All(kind => lines.Any(line =>
                    line.Contains($"the {kind} {what}", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal)));
            },
            () => $"'{what}' and '{reason}' were not told:\n{server.Output}");
}
