using Bixbite.Configuration;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>Everything that counts, times and logs, put together.</summary>
internal sealed class ObservabilityParts
{
    public ObservabilityParts(Settings settings, CommandTime time, IClock clock)
    {
        Rates = new InstantRates(Statistics, Network);
        Recorder = new CommandRecorder(Statistics, SlowLog, Latency, Monitors, time, clock);
        SettingsWiring.ConnectObservers(settings, SlowLog, Latency, Recorder);
    }

    public ServerStatistics Statistics { get; } = new();

    public NetworkStatistics Network { get; } = new();

    public InstantRates Rates { get; }

    public MonitorClients Monitors { get; } = new();

    public SlowLog SlowLog { get; } = new();

    public LatencyMonitor Latency { get; } = new();

    public CommandRecorder Recorder { get; }
}
