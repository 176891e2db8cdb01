using System.Diagnostics.Metrics;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;
using Bixbite.Hosting.Telemetry;
using Bixbite.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bixbite.Telemetry;

/// <summary>
/// Sends a server's metrics and traces to a collector by OTLP, on threads of OpenTelemetry's. What a collector does not take in time is
/// dropped. The settings and the standard variables (OTEL_*) of the environment say where.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    private const string Name = ServerIdentity.TelemetryName;

    /// <summary>The server's end waits no longer for a collector.</summary>
    private const int EndMs = 2000;

    private readonly Meter _meter = new(Name, ServerIdentity.Version);
    private readonly ServerMeter? _numbers;
    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(ServerInstance server, TelemetrySettings settings, Destination? metrics, Destination? traces)
    {
        if (metrics is not null)
        {
            _numbers = new ServerMeter(_meter, server);
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(Describe)
                .AddMeter(Name)
                .AddOtlpExporter((exporter, reader) =>
                {
                    metrics.Apply(exporter);
                    if (!settings.IntervalSeconds.IsDefault)
                    {
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.IntervalSeconds.Value * 1000;
                    }
                })
                .Build();
        }
        if (traces is not null)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource(Name)
                .AddOtlpExporter(traces.Apply)
                .Build();
        }
    }

    /// <summary>Begins to send what the server tells, where a collector is named; null otherwise. Disposed before the server.</summary>
    /// <exception cref="ServerStartException">What the environment says of the sending cannot be done.</exception>
    public static OtlpExport? Start(ServerInstance server, Settings settings, ServerLog log)
    {
        if (SignalVariables.Of("OTEL_SDK_DISABLED").Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        TelemetrySettings telemetry = settings.Get<TelemetrySettings>();
        var metrics = Destination.Find("metrics", telemetry, log);
        var traces = Destination.Find("traces", telemetry, log);
        try
        {
            return metrics is null && traces is null ? null : new OtlpExport(server, telemetry, metrics, traces);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or NotSupportedException)
        {
            throw Refusal($"OpenTelemetry cannot begin with what the variables OTEL_* of the environment say: {failure.Message}");
        }
    }

    public void Dispose()
    {
        // First: what ends tells nothing any more, so that nobody waits for it.
        _numbers?.Dispose();
        _ = _traces?.Shutdown(EndMs);
        _ = _metrics?.Shutdown(EndMs);
        _traces?.Dispose();
        _metrics?.Dispose();
        _meter.Dispose();
    }

    /// <summary>The server is not to start: the configuration is wrong, though no line of a file.</summary>
    internal static ServerStartException Refusal(string reason) => new(reason, new ConfigError(default, reason));

    private static void Describe(ResourceBuilder resource)
    {
        string name = SignalVariables.Of("OTEL_SERVICE_NAME");
        resource.AddService(name.Length > 0 ? name : "bixbite", serviceVersion: ServerIdentity.Version);
    }
}
