using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>Defragmentation is on here, and ignores less waste than in Redis, where the defaults are <c>no</c> and 100mb.</summary>
public sealed class DefragmentationSettings
{
    public readonly BoolSetting IsActive;
    public readonly BytesSetting IgnoredBytes;
    public readonly IntSetting LowerPercent;
    public readonly IntSetting UpperPercent;
    public readonly IntSetting EffortMin;
    public readonly IntSetting EffortMax;
    public readonly LongSetting ElementsAtOnceMax;

    public DefragmentationSettings(Settings settings)
    {
        SettingsSection section = settings["Defragmentation"];
        IsActive = section.Add(new BoolSetting("activedefrag", true)
        {
            Description = "Move values out of sparse pages while the server runs.",
        });
        IgnoredBytes = section.Add(new BytesSetting("active-defrag-ignore-bytes", 1 << 20, 1)
        {
            Description = "How much waste is not worth the effort.",
        });
        LowerPercent = section.Add(new IntSetting("active-defrag-threshold-lower", 10, 0, 1000)
        {
            Description = "At how many percent of waste to begin.",
        });
        UpperPercent = section.Add(new IntSetting("active-defrag-threshold-upper", 100, 0, 1000)
        {
            Description = "At how many percent of waste to do the utmost.",
        });
        EffortMin = section.Add(new IntSetting("active-defrag-cycle-min", 1, 1, 99)
        {
            Description = "Percent of CPU time to begin with.",
        });
        EffortMax = section.Add(new IntSetting("active-defrag-cycle-max", 25, 1, 99)
        {
            Description = "Percent of CPU time at the utmost.",
        });
        ElementsAtOnceMax = section.Add(new LongSetting("active-defrag-max-scan-fields", 1000, 1)
        {
            Description = "A collection of more elements is moved in parts.",
        });
    }
}
