using System.Diagnostics.Metrics;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;
using Bixbite.Hosting.Telemetry;
using Bixbite.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bixbite.Telemetry;

/// <summary>
/// Sends a server's metrics and traces to a collector by OTLP, on threads of OpenTelemetry's. What a collector does not take in time is
/// dropped. The settings and the standard variables (OTEL_*) of the environment say where; a setting goes before a variable.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    private const string Name = ServerIdentity.TelemetryName;

    /// <summary>The server's end waits no longer for a collector.</summary>
    private const int EndMs = 2000;

    /// <summary>Any of them asks for the export.</summary>
    private static readonly string[] s_endpointVariables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    private readonly TelemetrySettings _settings;
    private readonly ServerLog _log;
    private readonly Meter _meter = new(Name, ServerIdentity.Version);
    private readonly ServerMeter _numbers;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(ServerInstance server, TelemetrySettings settings, ServerLog log)
    {
        _settings = settings;
        _log = log;
        _numbers = new ServerMeter(_meter, server);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Name)
            .AddOtlpExporter((exporter, reader) =>
            {
                Set(exporter, "metrics");
                if (!settings.IntervalSeconds.IsDefault)
                {
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.IntervalSeconds.Value * 1000;
                }
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Name)
            .AddOtlpExporter(exporter => Set(exporter, "traces"))
            .Build();
    }

    /// <summary>Begins to send what the server tells, where a collector is named; null otherwise. Disposed before the server.</summary>
    public static OtlpExport? Start(ServerInstance server, Settings settings, ServerLog log)
    {
        TelemetrySettings telemetry = settings.Get<TelemetrySettings>();
        bool isWanted = telemetry.Endpoint.IsSet || s_endpointVariables.Any(static name => Variable(name).Length > 0);
        bool isForbidden = Variable("OTEL_SDK_DISABLED").Equals("true", StringComparison.OrdinalIgnoreCase);
        return isWanted && !isForbidden ? new OtlpExport(server, telemetry, log) : null;
    }

    public void Dispose()
    {
        // First: what ends tells nothing any more, so that nobody waits for it.
        _numbers.Dispose();
        _ = _traces.Shutdown(EndMs);
        _ = _metrics.Shutdown(EndMs);
        _traces.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    private static void Describe(ResourceBuilder resource)
    {
        string name = Variable("OTEL_SERVICE_NAME");
        resource.AddService(name.Length > 0 ? name : "bixbite", serviceVersion: ServerIdentity.Version);
    }

    private void Set(OtlpExporterOptions exporter, string what)
    {
        if (_settings.Endpoint.IsSet)
        {
            string endpoint = _settings.Endpoint.Value;
            bool isHttp = _settings.Protocol.Value == OtlpForm.Http;
            exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            exporter.Endpoint = new Uri(isHttp ? $"{endpoint.TrimEnd('/')}/v1/{what}" : endpoint);
        }
        TimeSpan timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds);
        exporter.HttpClientFactory = () => new HttpClient(new SendingLog(_log, what)) { Timeout = timeout };
    }
}
