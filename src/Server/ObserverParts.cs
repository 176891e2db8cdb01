using Bixbite.Engine.Execution;
using Bixbite.Engine.Observing;
using Bixbite.Engine.Settings;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Server;

/// <summary>Everything that counts, times and logs, put together.</summary>
internal sealed class ObserverParts
{
    public ObserverParts(Settings settings, CommandTime time, IClock clock)
    {
        Rates = new InstantRates(Statistics, Network);
        Recorder = new CommandRecorder(Statistics, SlowLog, Latency, Monitors, time, clock);
        SettingsWiring.ConnectObservers(settings, SlowLog, Latency, Recorder);
    }

    public ServerStatistics Statistics { get; } = new();

    public NetworkStatistics Network { get; } = new();

    public InstantRates Rates { get; }

    public MonitorFeed Monitors { get; } = new();

    public SlowLog SlowLog { get; } = new();

    public LatencyMonitor Latency { get; } = new();

    public CommandRecorder Recorder { get; }
}
