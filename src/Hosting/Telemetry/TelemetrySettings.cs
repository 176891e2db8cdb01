using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Hosting.Telemetry;

/// <summary>Where metrics and traces are sent, and which requests are traced.</summary>
public sealed class TelemetrySettings
{
    /// <summary>As OpenTelemetry has it where nothing is said.</summary>
    private const int UsualIntervalSeconds = 60;

    public readonly TextSetting Endpoint;
    public readonly ChoiceSetting<OtlpForm> Protocol;
    public readonly IntSetting IntervalSeconds;
    public readonly LongSetting SlowerThanUs;
    public readonly IntSetting TracesPerSecondMax;

    public TelemetrySettings(Settings settings)
    {
        SettingsSection section = settings["Telemetry"];
        Endpoint = section.Add(new TextSetting("otlp-endpoint")
        {
            Description = "The URL of a collector that gets metrics and traces by OTLP; empty is none.",
            Flags = SettingFlags.Immutable,
            Check = CheckEndpoint,
        });
        Protocol = section.Add(new ChoiceSetting<OtlpForm>(
            "otlp-protocol", OtlpForm.Http, ("http", OtlpForm.Http), ("http/protobuf", OtlpForm.Http), ("grpc", OtlpForm.Grpc))
        {
            Description = "How the collector is spoken to.",
            Flags = SettingFlags.Immutable,
        });
        IntervalSeconds = section.Add(new IntSetting("otlp-interval", UsualIntervalSeconds, 1, 3600)
        {
            Description = "Seconds between two times when metrics are sent to the collector.",
            Flags = SettingFlags.Immutable,
        });
        SlowerThanUs = section.Add(new LongSetting("trace-slower-than", -1, -1)
        {
            Description = "Microseconds from a request's arrival to its reply's sending from which on it is traced; 0 is all, -1 none.",
        });
        TracesPerSecondMax = section.Add(new IntSetting("trace-max-per-second", 10, 1, 1000)
        {
            Description = "How many requests are traced in a second; further ones are not.",
        });
    }

    private static string? CheckEndpoint(string value) =>
        value.Length == 0 || (Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
            ? null
            : "must be a URL that begins with http:// or https://";
}

/// <summary>The forms of OTLP.</summary>
public enum OtlpForm
{
    /// <summary>Protocol Buffers in requests of HTTP.</summary>
    Http,
    Grpc,
}
