namespace Bixbite.Engine.Statistics;

/// <summary>How often a command ran and how long that took: INFO's commandstats and latencystats, and LATENCY HISTOGRAM.</summary>
public sealed class CommandStatistics
{
    public long Calls { get; private set; }

    public long DurationUs { get; private set; }

    /// <summary>Requests that were refused before the command ran.</summary>
    public long RejectedCalls { get; set; }

    /// <summary>Calls that answered an error.</summary>
    public long FailedCalls { get; set; }

    /// <summary>The duration of the last call by a script that was timed, in microseconds.</summary>
    internal long TimedUs { get; set; }

    /// <summary>Durations; null until the first one that was to be tracked.</summary>
    public LatencyHistogram? Latency { get; private set; }

    public void Count(long durationUs, bool isTracking)
    {
        Calls++;
        DurationUs += durationUs;
        if (isTracking)
        {
            (Latency ??= new LatencyHistogram()).Add(durationUs * 1000);
        }
    }

    public void Reset()
    {
        Calls = 0;
        DurationUs = 0;
        RejectedCalls = 0;
        FailedCalls = 0;
        Latency = null;
        TimedUs = 0;
    }
}
