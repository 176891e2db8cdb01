namespace Bixbite.Engine.Statistics;

/// <summary>The rates of the last moments, per second: INFO's instantaneous_ fields.</summary>
public sealed class InstantRates(ServerStatistics statistics, NetworkStatistics network)
{
    public InstantRate Commands { get; } = new();

    public InstantRate BytesReceived { get; } = new();

    public InstantRate BytesSent { get; } = new();

    public InstantRate Rounds { get; } = new();

    /// <summary>Microseconds of work.</summary>
    public InstantRate BusyUs { get; } = new();

    /// <summary>Takes one sample of each; called every 100 ms.</summary>
    public void Sample(long nowUs)
    {
        NetworkCounts counts = network.Total;
        Commands.Sample(statistics.CommandsProcessed, nowUs);
        BytesReceived.Sample(counts.BytesReceived, nowUs);
        BytesSent.Sample(counts.BytesSent, nowUs);
        Rounds.Sample(counts.RoundCount, nowUs);
        BusyUs.Sample(counts.BusyUs, nowUs);
    }

    public void Reset()
    {
        Commands.Reset();
        BytesReceived.Reset();
        BytesSent.Reset();
        Rounds.Reset();
        BusyUs.Reset();
    }
}
