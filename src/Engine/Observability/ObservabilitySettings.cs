using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Observability;

public sealed class ObservabilitySettings
{
    public readonly LongSetting SlowlogSlowerThanUs;
    public readonly LongSetting SlowlogMaxLength;
    public readonly LongSetting LatencyMonitorThresholdMs;
    public readonly BoolSetting LatencyTracking;
    public readonly PercentilesSetting LatencyPercentiles;

    public ObservabilitySettings(Settings settings)
    {
        SettingsSection section = settings["Observability"];
        SlowlogSlowerThanUs = section.Add(new LongSetting("slowlog-log-slower-than", 10000, -1)
        {
            Alias = "commandlog-execution-slower-than",
            Description = "Microseconds from which on a command is noted in the slow log; 0 notes all, -1 none.",
        });
        SlowlogMaxLength = section.Add(new LongSetting("slowlog-max-len", 128)
        {
            Alias = "commandlog-slow-execution-max-len",
            Description = "How many commands the slow log keeps.",
        });
        LatencyMonitorThresholdMs = section.Add(new LongSetting("latency-monitor-threshold", 0)
        {
            Description = "Milliseconds from which on an event is noted for LATENCY; 0 notes none.",
        });
        LatencyTracking = section.Add(new BoolSetting("latency-tracking", true)
        {
            Description = "Keep a histogram of the times that each command took.",
        });
        LatencyPercentiles = section.Add(new PercentilesSetting("latency-tracking-info-percentiles", 50, 99, 99.9)
        {
            Description = "The percentiles of each command's times that INFO shows.", Flags = SettingFlags.MultiArgument,
        });
    }
}
