namespace Bixbite.Telemetry;

/// <summary>
/// The standard variables of the environment for one kind of what is sent: where its own one says something, it holds, otherwise the common
/// one. https://opentelemetry.io/docs/specs/otel/protocol/exporter
/// </summary>
internal readonly struct SignalVariables(string kind)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    public static string Of(string name) => (Environment.GetEnvironmentVariable(name) ?? "").Trim();

    /// <summary>The text of the variable that holds; empty if there is none.</summary>
    public string this[string name] => Of(NameOf(name));

    /// <summary>Whether there is one for this kind alone.</summary>
    public bool HasOwn(string name) => Of(OwnName(name)).Length > 0;

    /// <summary>The whole name of the variable that holds.</summary>
    public string NameOf(string name) => HasOwn(name) ? OwnName(name) : Prefix + name;

    private string OwnName(string name) => $"{Prefix}{kind.ToUpperInvariant()}_{name}";
}
