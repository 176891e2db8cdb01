using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Observability;

public sealed class ObservabilitySettings
{
    public readonly LongSetting SlowlogSlowerThanUs;
    public readonly LongSetting SlowlogMaxLength;
    public readonly LongSetting LargeRequestSize;
    public readonly LongSetting LargeRequestMaxLength;
    public readonly LongSetting LargeReplySize;
    public readonly LongSetting LargeReplyMaxLength;
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
        LargeRequestSize = section.Add(new LongSetting("commandlog-request-larger-than", 1 << 20, -1)
        {
            Description = "Bytes of a request from which on a command is noted in COMMANDLOG; 0 notes all, -1 none.",
        });
        LargeRequestMaxLength = section.Add(new LongSetting("commandlog-large-request-max-len", 128)
        {
            Description = "How many commands with large requests COMMANDLOG keeps.",
        });
        LargeReplySize = section.Add(new LongSetting("commandlog-reply-larger-than", 1 << 20, -1)
        {
            Description = "Bytes of a reply from which on a command is noted in COMMANDLOG; 0 notes all, -1 none.",
        });
        LargeReplyMaxLength = section.Add(new LongSetting("commandlog-large-reply-max-len", 128)
        {
            Description = "How many commands with large replies COMMANDLOG keeps.",
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
