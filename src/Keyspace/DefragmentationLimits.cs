namespace Bixbite.Keyspace;

/// <summary>
/// When memory is defragmented, and with how much effort: the values of the settings <c>activedefrag</c> and <c>active-defrag-*</c>.
/// </summary>
public sealed class DefragmentationLimits
{
    public bool IsOn { get; set; }

    /// <summary>Less waste is left alone.</summary>
    public long IgnoredBytes { get; set; } = 1 << 20;

    /// <summary>Waste in percent of the data at which to begin.</summary>
    public int LowerPercent { get; set; } = 10;

    /// <summary>Waste in percent of the data at which to do the utmost.</summary>
    public int UpperPercent { get; set; } = 100;

    /// <summary>The share of time to spend, in percent, at <see cref="LowerPercent"/>.</summary>
    public int EffortMin { get; set; } = 1;

    /// <summary>The share of time to spend, in percent, from <see cref="UpperPercent"/> on.</summary>
    public int EffortMax { get; set; } = 25;

    /// <summary>The share of time, in percent, that so much waste is worth; 0 for none.</summary>
    internal int EffortFor(long wasteBytes, long usedBytes)
    {
        double percent = wasteBytes * 100.0 / Math.Max(usedBytes, 1);
        if (!IsOn || wasteBytes < IgnoredBytes || percent < LowerPercent)
        {
            return 0;
        }
        double share = UpperPercent > LowerPercent ? (percent - LowerPercent) / (UpperPercent - LowerPercent) : 1;
        int effort = (int)(EffortMin + (Math.Min(share, 1) * (EffortMax - EffortMin)));
        return Math.Clamp(effort, 1, Math.Max(EffortMin, EffortMax));
    }
}
