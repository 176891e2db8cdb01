using Bixbite.Configuration;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Hosting.Modules;

/// <summary>The settings of the keyspace, handed to those who keep them in a form of their own.</summary>
internal static class KeyspaceSettings
{
    public static void AddTo(Settings settings)
    {
        settings.Add(new DatabaseSettings(settings));
        settings.Add(new MemorySettings(settings));
        settings.Add(new DefragmentationSettings(settings));
        settings.Add(new LazyFreeSettings(settings));
        settings.Add(new ExpirySettings(settings));
        settings.Add(new ValueSettings(settings));
    }

    public static void Connect(ServerBuilder server)
    {
        ConnectMemory(server);
        ConnectDefragmentation(server);
        ConnectValues(server);
    }

    /// <summary>As in Redis: in proportion up to the default of 10, then 15 % more a step, and no end at 100.</summary>
    internal static long EvictionSliceUs(int tenacity) => tenacity switch
    {
        <= 10 => tenacity * 50,
        < 100 => (long)(500 * Math.Pow(1.15, tenacity - 10)),
        _ => long.MaxValue / 2,
    };

    private static void ConnectMemory(ServerBuilder server)
    {
        MemorySettings values = server.Get<MemorySettings>();
        MemoryGauge memory = server.Get<MemoryGauge>();
        Eviction eviction = server.Get<Eviction>();
        AccessClock access = server.Get<AccessClock>();
        ServerBuilder.Follow(values.MaxMemory, () => memory.LimitBytes = values.MaxMemory.Bytes);
        ServerBuilder.Follow(values.MaxMemoryPolicy, () => eviction.SetPolicy(values.MaxMemoryPolicy.Value));
        ServerBuilder.Follow(values.MaxMemorySamples, () => eviction.SampleCount = values.MaxMemorySamples.Value);
        ServerBuilder.Follow(values.EvictionTenacity, () => eviction.SliceUs = EvictionSliceUs(values.EvictionTenacity.Value));
        ServerBuilder.Follow(values.LfuLogFactor, () => access.LfuLogFactor = values.LfuLogFactor.Value);
        ServerBuilder.Follow(values.LfuDecayMinutes, () => access.LfuDecayTimeMinutes = values.LfuDecayMinutes.Value);
    }

    private static void ConnectDefragmentation(ServerBuilder server)
    {
        DefragmentationSettings values = server.Get<DefragmentationSettings>();
        Defragmentation defragmentation = server.Get<Defragmentation>();
        DefragmentationLimits limits = defragmentation.Limits;
        ServerBuilder.Follow(values.IsActive, () => limits.IsOn = values.IsActive.Value);
        ServerBuilder.Follow(values.IgnoredBytes, () => limits.IgnoredBytes = values.IgnoredBytes.Bytes);
        ServerBuilder.Follow(values.LowerPercent, () => limits.LowerPercent = values.LowerPercent.Value);
        ServerBuilder.Follow(values.UpperPercent, () => limits.UpperPercent = values.UpperPercent.Value);
        ServerBuilder.Follow(values.EffortMin, () => limits.EffortMin = values.EffortMin.Value);
        ServerBuilder.Follow(values.EffortMax, () => limits.EffortMax = values.EffortMax.Value);
        ServerBuilder.Follow(values.ElementsAtOnceMax, () => defragmentation.ElementsAtOnceMax = values.ElementsAtOnceMax.Value);
    }

    private static void ConnectValues(ServerBuilder server)
    {
        ValueSettings values = server.Get<ValueSettings>();
        ValueLimits limits = server.Get<ValueContext>().Limits;
        ServerBuilder.Follow(values.HashListpackEntriesMax, () => limits.HashEntriesMax = values.HashListpackEntriesMax.Value);
        ServerBuilder.Follow(values.HashListpackValueSizeMax, () => limits.HashValueSizeMax = values.HashListpackValueSizeMax.Value);
        ServerBuilder.Follow(values.ListListpackSize, () => limits.ListNodeFill = values.ListListpackSize.Value);
        ServerBuilder.Follow(values.SetIntsetEntriesMax, () => limits.SetIntsetEntriesMax = values.SetIntsetEntriesMax.Value);
        ServerBuilder.Follow(values.SetListpackEntriesMax, () => limits.SetEntriesMax = values.SetListpackEntriesMax.Value);
        ServerBuilder.Follow(values.SetListpackValueSizeMax, () => limits.SetValueSizeMax = values.SetListpackValueSizeMax.Value);
        ServerBuilder.Follow(
            values.SortedSetListpackEntriesMax, () => limits.SortedSetEntriesMax = values.SortedSetListpackEntriesMax.Value);
        ServerBuilder.Follow(
            values.SortedSetListpackValueSizeMax, () => limits.SortedSetValueSizeMax = values.SortedSetListpackValueSizeMax.Value);
        ServerBuilder.Follow(values.StreamNodeSizeMax, () => limits.StreamNodeSizeMax = values.StreamNodeSizeMax.Value);
        ServerBuilder.Follow(values.StreamNodeEntriesMax, () => limits.StreamNodeEntriesMax = values.StreamNodeEntriesMax.Value);
    }
}
