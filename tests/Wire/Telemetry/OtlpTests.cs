using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Telemetry;

/// <summary>Metrics and traces of slow requests reach a collector, which may come late.</summary>
public sealed class OtlpTests
{
    private static readonly string[] s_stages = ["read", "lock", "queue", "execute", "hold", "send"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Numbers_of_INFO_arrive(bool isGrpc)
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: isGrpc);
        using ServerProcess server = Start(collector, "--otlp-protocol", isGrpc ? "grpc" : "http/protobuf");
        using RespConnection client = server.Connect();
        client.Call("SELECT 3");
        client.Call("SET private-key private-value");
        Patience.Until(() => collector.Numbers.Any(static number => number.Name == "bixbite.db_keys"));
        ReceivedNumber keys = collector.Numbers.First(static number => number.Name == "bixbite.db_keys");
        Assert.Equal((1, "3", false), (keys.Number, keys.Tags["database"], keys.IsCounter));
        Patience.Until(() => collector.Numbers.Any(static number =>
            number is { Name: "bixbite.cmdstat_calls", Number: 1 } && number.Tags["command"] == "set"));
        ReceivedNumber memory = collector.Numbers.First(static number => number.Name == "bixbite.used_memory");
        Assert.Equal("By", memory.Unit);
        Assert.True(memory.Number > 0);
        Assert.True(collector.Numbers.First(static number => number.Name == "bixbite.total_commands_processed").IsCounter);
        Assert.Equal("bixbite", collector.Services.First());
        Assert.False(collector.HasSeen("private-"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_request_arrives_with_its_stages_and_without_its_arguments(bool isGrpc)
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: isGrpc);
        using ServerProcess server = Start(
            collector, "--otlp-protocol", isGrpc ? "grpc" : "http", "--trace-slower-than", "100000", "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.Call("CLIENT SETNAME shop");
        client.Call("SELECT 3");
        client.Call("EVAL private-script 0 private-argument");
        client.Call("DEBUG SLEEP 0.2");
        ReceivedSpan[] found = [];
        Patience.Until(() => (found = [.. collector.Requests.Where(static span => span.Name.StartsWith("DEBUG", StringComparison.Ordinal))])
            .Length > 0);
        ReceivedSpan request = Assert.Single(found);
        Assert.True(request.TookUs >= 200_000, $"{request}");
        Assert.Equal(("redis", request.Name, "3"), (
            request.Tags["db.system.name"], request.Tags["db.operation.name"], request.Tags["db.namespace"]));
        Assert.Equal(("shop", "default"), (request.Tags["bixbite.client.name"], request.Tags["bixbite.user"]));
        Assert.Equal($"{client.Call("CLIENT ID").Integer}", request.Tags["bixbite.client.id"]);
        Assert.Equal("5", request.Tags["bixbite.reply.bytes"]);
        Assert.False(request.Tags.ContainsKey("db.operation.batch.size"));

        ReceivedSpan[] stages = [.. collector.Spans.Where(span => span.ParentId == request.Id).OrderBy(static span => span.BeganNs)];
        Assert.Equal(s_stages.Intersect(stages.Select(static stage => stage.Name)), stages.Select(static stage => stage.Name));
        Assert.True(stages.Single(static stage => stage.Name == "execute").TookUs >= 200_000);
        Assert.Equal(request.TookUs, stages.Sum(static stage => stage.TookUs));
        Assert.Equal((request.BeganNs, request.EndedNs), (stages[0].BeganNs, stages[^1].EndedNs));
        Assert.False(collector.HasSeen("private-"));
    }

    [Fact]
    public async Task The_longest_command_of_a_pipeline_gives_the_name()
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(collector, "--trace-slower-than", "100000", "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.SendRaw("PING\r\nDEBUG SLEEP 0.2\r\nPING\r\n"u8);
        for (int i = 0; i < 3; i++)
        {
            client.Read();
        }
        // On a busy machine anything may take as long; a pipeline that a PING has given its name is another one.
        Patience.Until(() => collector.Requests.Any(static request => request.Name.StartsWith("DEBUG", StringComparison.Ordinal)));
        ReceivedSpan request = collector.Requests.First(static request => request.Name.StartsWith("DEBUG", StringComparison.Ordinal));
        Assert.True(request.TookUs >= 200_000);
    }

    [Fact]
    public async Task What_waits_for_the_disk_is_held()
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(collector, "--trace-slower-than", "0", "--appendonly", "yes", "--appendfsync", "always");
        using RespConnection client = server.Connect();
        Patience.Until(() =>
        {
            client.Call("SET k v");
            return collector.Spans.Any(static span => span.Name == "hold");
        });
        ReceivedSpan hold = collector.Spans.First(static span => span.Name == "hold");
        Patience.Until(() => collector.Requests.Any(request => request.Id == hold.ParentId));
        Assert.Equal("SET", collector.Requests.First(request => request.Id == hold.ParentId).Name);
    }

    [Fact]
    public async Task No_more_than_so_many_of_a_second_are_traced()
    {
        await using Collector collector = await Collector.StartAsync();
        long startedAt = Stopwatch.GetTimestamp();
        using ServerProcess server = Start(collector, "--trace-slower-than", "0", "--trace-max-per-second", "2");
        using RespConnection client = server.Connect();
        Patience.Until(() =>
        {
            client.Call("PING");
            return collector.Requests.Count() > 2;
        });
        Assert.True(collector.Requests.Count() <= 2 * (Stopwatch.GetElapsedTime(startedAt).TotalSeconds + 2));
        client.Call("CONFIG SET trace-slower-than -1");
    }

    [Fact]
    public async Task A_collector_that_comes_late_gets_what_comes_then()
    {
        int port = FreePorts.Next();
        using ServerProcess server = StartAt($"http://127.0.0.1:{port}");
        server.WaitForLine("the metrics do not reach");
        await using Collector collector = await Collector.StartAsync(port);
        Patience.Until(() => collector.Numbers.Count > 0);
        server.WaitForLine("again");
    }

    [Fact]
    public void A_program_that_cannot_send_says_so()
    {
        using ServerProcess server = ServerProcess.StartRaw(
            Programs.Server, new TempFolder(), FreePorts.Next(), "--otlp-endpoint", "http://localhost:4318");
        server.WaitForLine("start bixbite-server-otlp instead");
        Assert.Equal(1, server.WaitForExit());
    }

    private static ServerProcess Start(Collector collector, params string[] options) =>
        StartAt(collector.Address.ToString(), options);

    private static ServerProcess StartAt(string endpoint, params string[] options) => ServerProcess.Start(
        Programs.OtlpServer, ["--otlp-endpoint", endpoint, "--otlp-interval", "1", .. options]);
}
