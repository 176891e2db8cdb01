using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Hosting;

/// <summary>Hands the values of settings to those who keep them in a form of their own, now and whenever CONFIG SET changes them.</summary>
internal static class SettingsWiring
{
    public static void ConnectKeyspace(Settings settings, MemoryGauge memory, Eviction eviction, AccessClock access)
    {
        var values = settings.Memory;
        Follow(() => memory.LimitBytes = values.MaxMemory.Bytes, values.MaxMemory);
        Follow(() => eviction.SetPolicy(values.MaxMemoryPolicy.Value), values.MaxMemoryPolicy);
        Follow(() => eviction.SampleCount = values.MaxMemorySamples.Value, values.MaxMemorySamples);
        Follow(() => eviction.SliceUs = EvictionSliceUs(values.EvictionTenacity.Value), values.EvictionTenacity);
        Follow(() => access.LfuLogFactor = values.LfuLogFactor.Value, values.LfuLogFactor);
        Follow(() => access.LfuDecayTimeMinutes = values.LfuDecayMinutes.Value, values.LfuDecayMinutes);
    }

    public static void ConnectDefragmentation(Settings settings, Defragmentation defragmentation)
    {
        var values = settings.Memory.Defragmentation;
        DefragmentationLimits limits = defragmentation.Limits;
        Follow(() => limits.IsOn = values.IsActive.Value, values.IsActive);
        Follow(() => limits.IgnoredBytes = values.IgnoredBytes.Bytes, values.IgnoredBytes);
        Follow(() => limits.LowerPercent = values.LowerPercent.Value, values.LowerPercent);
        Follow(() => limits.UpperPercent = values.UpperPercent.Value, values.UpperPercent);
        Follow(() => limits.EffortMin = values.EffortMin.Value, values.EffortMin);
        Follow(() => limits.EffortMax = values.EffortMax.Value, values.EffortMax);
        Follow(() => defragmentation.ElementsAtOnceMax = values.ElementsAtOnceMax.Value, values.ElementsAtOnceMax);
    }

    public static void ConnectValues(Settings settings, ValueLimits limits)
    {
        var values = settings.Values;
        Follow(() => limits.HashEntriesMax = values.HashListpackEntriesMax.Value, values.HashListpackEntriesMax);
        Follow(() => limits.HashValueSizeMax = values.HashListpackValueSizeMax.Value, values.HashListpackValueSizeMax);
        Follow(() => limits.ListNodeFill = values.ListListpackSize.Value, values.ListListpackSize);
        Follow(() => limits.SetIntsetEntriesMax = values.SetIntsetEntriesMax.Value, values.SetIntsetEntriesMax);
        Follow(() => limits.SetEntriesMax = values.SetListpackEntriesMax.Value, values.SetListpackEntriesMax);
        Follow(() => limits.SetValueSizeMax = values.SetListpackValueSizeMax.Value, values.SetListpackValueSizeMax);
        Follow(() => limits.SortedSetEntriesMax = values.SortedSetListpackEntriesMax.Value, values.SortedSetListpackEntriesMax);
        Follow(() => limits.SortedSetValueSizeMax = values.SortedSetListpackValueSizeMax.Value, values.SortedSetListpackValueSizeMax);
        Follow(() => limits.StreamNodeSizeMax = values.StreamNodeSizeMax.Value, values.StreamNodeSizeMax);
        Follow(() => limits.StreamNodeEntriesMax = values.StreamNodeEntriesMax.Value, values.StreamNodeEntriesMax);
    }

    /// <summary>Misses and new keys are no changes: they are told only while somebody wants to know.</summary>
    public static void ConnectEvents(Settings settings, KeyspaceEvents events, KeyspaceParts keyspace)
    {
        EventClassesSetting wanted = settings.Observability.NotifyKeyspaceEvents;
        Follow(
            () =>
            {
                events.Classes = wanted.Value;
                keyspace.Keys.Missed = (wanted.Value & EventClasses.Missed) != 0 ? events.OnMiss : null;
                keyspace.Databases.Added = (wanted.Value & EventClasses.New) != 0 ? events.OnAdded : null;
            },
            wanted);
    }

    public static void ConnectTracking(Settings settings, KeyTracking tracking)
    {
        var values = settings.Clients;
        Follow(() => tracking.KeyCountMax = values.TrackingTableMaxKeys.Value, values.TrackingTableMaxKeys);
    }

    public static void ConnectClientEviction(Settings settings, ClientEviction eviction)
    {
        BytesSetting limit = settings.Clients.MaxMemoryClients;
        void Apply() => eviction.LimitBytes = ClientLimitBytes(limit, settings.Memory.MaxMemory.Bytes);
        Follow(Apply, limit);
        Follow(Apply, settings.Memory.MaxMemory);
    }

    public static void ConnectObservers(Settings settings, SlowLog slowLog, LatencyMonitor latency, CommandRecorder recorder)
    {
        var values = settings.Observability;
        Follow(() => slowLog.ThresholdUs = values.SlowlogSlowerThanUs.Value, values.SlowlogSlowerThanUs);
        Follow(() => slowLog.Capacity = (int)Math.Min(values.SlowlogMaxLength.Value, int.MaxValue), values.SlowlogMaxLength);
        Follow(() => latency.ThresholdMs = values.LatencyMonitorThresholdMs.Value, values.LatencyMonitorThresholdMs);
        Follow(() => recorder.IsTracking = values.LatencyTracking.Value, values.LatencyTracking);
    }

    /// <summary>As in Redis: in proportion up to the default of 10, then 15 % more a step, and no end at 100.</summary>
    internal static long EvictionSliceUs(int tenacity) => tenacity switch
    {
        <= 10 => tenacity * 50,
        < 100 => (long)(500 * Math.Pow(1.15, tenacity - 10)),
        _ => long.MaxValue / 2,
    };

    /// <summary>A part of no limit is no limit.</summary>
    internal static long ClientLimitBytes(BytesSetting limit, long maxMemory)
    {
        if (limit.Value == 0 || (limit.Value < 0 && maxMemory == 0))
        {
            return 0;
        }
        return Math.Max(limit.BytesOf(maxMemory), ClientEviction.LimitMin);
    }

    private static void Follow(Action apply, Setting setting)
    {
        apply();
        setting.Changed += apply;
    }
}
