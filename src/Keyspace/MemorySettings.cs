using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>The limit of memory, and which keys go when it is reached.</summary>
public sealed class MemorySettings
{
    public readonly BytesSetting MaxMemory;
    public readonly ChoiceSetting<EvictionPolicy> MaxMemoryPolicy;
    public readonly IntSetting MaxMemorySamples;
    public readonly IntSetting EvictionTenacity;
    public readonly IntSetting LfuLogFactor;
    public readonly IntSetting LfuDecayMinutes;

    public MemorySettings(Settings settings)
    {
        SettingsSection section = settings["Memory"];
        MaxMemory = section.Add(new BytesSetting("maxmemory", 0)
        {
            IsUnsigned = true,
            Description = "How much memory the server may use before it evicts keys or refuses writes; 0 is any amount.",
        });
        MaxMemoryPolicy = section.Add(new ChoiceSetting<EvictionPolicy>(
            "maxmemory-policy",
            EvictionPolicy.NoEviction,
            ("volatile-lru", EvictionPolicy.VolatileLru),
            ("volatile-lfu", EvictionPolicy.VolatileLfu),
            ("volatile-random", EvictionPolicy.VolatileRandom),
            ("volatile-ttl", EvictionPolicy.VolatileTtl),
            ("allkeys-lru", EvictionPolicy.AllKeysLru),
            ("allkeys-lfu", EvictionPolicy.AllKeysLfu),
            ("allkeys-random", EvictionPolicy.AllKeysRandom),
            ("noeviction", EvictionPolicy.NoEviction))
        {
            Description = "Which keys go when memory is full.",
        });
        MaxMemorySamples = section.Add(new IntSetting("maxmemory-samples", 5, 1, 64)
        {
            Description = "How many keys are looked at to find one to evict.",
        });
        EvictionTenacity = section.Add(new IntSetting("maxmemory-eviction-tenacity", 10, 0, 100)
        {
            Description = "How long one turn of eviction may take: from hardly any time (0) to until it is done (100).",
        });
        LfuLogFactor = section.Add(new IntSetting("lfu-log-factor", 10, 0, int.MaxValue)
        {
            Description = "How many accesses the counter of the lfu policies takes to saturate.",
        });
        LfuDecayMinutes = section.Add(new IntSetting("lfu-decay-time", 1, 0, int.MaxValue)
        {
            Description = "Minutes after which the counter of the lfu policies has lost one; 0 is never.",
        });
        section.AddAll(
            new BoolSetting("activerehashing", true)
            {
                Description = "The index grows by small segments and never rehashes.", Effect = SettingEffect.NoMeaning,
            },
            new BoolSetting("jemalloc-bg-thread", true)
            {
                Description = "The heap is the server's own and gives pages back as it goes.", Effect = SettingEffect.NoMeaning,
            });
    }
}
