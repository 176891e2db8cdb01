using Bixbite.AccessControl.Sessions;
using Bixbite.Configuration;
using Bixbite.Engine.Modules;
using Bixbite.Hosting.Telemetry;

namespace Bixbite.Hosting.Modules;

/// <summary>Traces of slow requests. Who sends them anywhere, and the metrics, is beside the server: docs/OBSERVABILITY.md.</summary>
internal sealed class TelemetryModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new TelemetrySettings(settings));

    public override void Add(ServerBuilder server)
    {
        TelemetrySettings settings = server.Get<TelemetrySettings>();
        RequestTraces traces = server.Add(new RequestTraces(server.Get<SessionUsers>(), server.Clock));
        ServerBuilder.Follow(settings.SlowerThanUs, () => traces.SlowerThanUs = settings.SlowerThanUs.Value);
        ServerBuilder.Follow(settings.TracesPerSecondMax, () => traces.PerSecondMax = settings.TracesPerSecondMax.Value);
    }
}
