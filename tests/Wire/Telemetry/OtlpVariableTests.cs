using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Telemetry;

/// <summary>The standard variables of the environment say where is sent what no setting says.</summary>
public sealed class OtlpVariableTests
{
    [Fact]
    public async Task Each_kind_goes_where_its_own_variables_say()
    {
        await using Collector numbers = await Collector.StartAsync(isGrpc: true);
        await using Collector spans = await Collector.StartAsync();
        using ServerProcess server = Start(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=common",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = numbers.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{spans.Address}own/path",
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-other=1,x-key=own%20secret",
        });
        using RespConnection client = server.Connect();
        UntilBothCome(client, numbers, spans);
        Assert.All(numbers.RequestLines, static line =>
            Assert.Equal("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export common", line));
        Assert.All(spans.RequestLines, static line => Assert.Equal("/own/path own secret", line));
    }

    [Fact]
    public async Task Those_for_all_kinds_hold_where_a_kind_has_none()
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: true);
        using ServerProcess server = Start(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        });
        using RespConnection client = server.Connect();
        UntilBothCome(client, collector, collector);
    }

    [Fact]
    public async Task Without_a_protocol_it_is_HTTP()
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"{collector.Address}below/?and=this" });
        using RespConnection client = server.Connect();
        UntilBothCome(client, collector, collector);
        Assert.Equal(
            ["/below/v1/metrics ", "/below/v1/traces "], collector.RequestLines.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_not_wanted_is_not_sent()
    {
        await using Collector numbers = await Collector.StartAsync();
        await using Collector spans = await Collector.StartAsync();
        using ServerProcess server = Start(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = spans.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = numbers.Address.ToString(),
            ["OTEL_METRICS_EXPORTER"] = "none",
        });
        using RespConnection client = server.Connect();
        Patience.Until(() =>
        {
            client.Call("PING");
            return spans.Spans.Count > 0;
        });
        Assert.Equal(0, numbers.RequestCount);
        Assert.Empty(spans.Numbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificates_hold(bool isGrpc)
    {
        await using Collector collector = await Collector.StartAsync(isGrpc: isGrpc, certificate: TestCertificates.Server);
        using TempFolder folder = new();
        File.WriteAllText(folder.File("authority"), TestCertificates.Authority.Pem);
        File.WriteAllText(folder.File("certificate"), TestCertificates.Client.Pem);
        File.WriteAllText(folder.File("key"), TestCertificates.Client.KeyPem);
        using ServerProcess server = Start(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = isGrpc ? "grpc" : "http/protobuf",
            ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder.File("authority"),
            ["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = folder.File("certificate"),
            ["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = folder.File("key"),
        });
        using RespConnection client = server.Connect();
        UntilBothCome(client, collector, collector);
    }

    [Fact]
    public async Task A_collector_that_nobody_vouches_for_gets_nothing()
    {
        await using Collector collector = await Collector.StartAsync(certificate: TestCertificates.Server);
        using ServerProcess server = Start(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString() });
        server.WaitForLine("the metrics do not reach");
        Assert.Equal(0, collector.RequestCount);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a b=secret")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret,X-Key=secret")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "localhost:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/at/all")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/nowhere/at/all")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0", "OTEL_*")]
    public void One_that_cannot_be_used_keeps_the_server_from_starting(string name, string value, string? shown = null)
    {
        TempFolder folder = new();
        using ServerProcess server = ServerProcess.StartRawWith(
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1", [name] = value },
            Programs.OtlpServer, folder, FreePorts.Next(), "--port", "0", "--unixsocket", folder.File("s"), "--save", "");
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains(shown ?? name, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_COMPRESSION", "brotli")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]
    public async Task A_word_that_is_not_known_is_told_and_not_heeded(string name, string value)
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(), [name] = value });
        server.WaitForLine($"the variable {name} is not heeded");
        using RespConnection client = server.Connect();
        UntilBothCome(client, collector, collector);
    }

    private static ServerProcess Start(Dictionary<string, string> variables) => ServerProcess.StartWith(
        variables, Programs.OtlpServer, ["--otlp-interval", "1", "--trace-slower-than", "0"]);

    private static void UntilBothCome(RespConnection client, Collector numbers, Collector spans) => Patience.Until(() =>
    {
        client.Call("PING");
        return numbers.Numbers.Count > 0 && spans.Spans.Count > 0;
    });
}
