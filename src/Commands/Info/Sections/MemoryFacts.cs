using System.Globalization;
using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The facts of memory.</summary>
public static class MemoryFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Memory"];
        MemoryGauge gauge = server.Get<MemoryGauge>();
        Databases databases = server.Get<Databases>();
        MemorySettings settings = server.Get<MemorySettings>();
        var latest = new Latest();
        section.Reading += () => latest.Overview = MemoryOverview.Read(gauge, databases);
        AddUsage(section, latest);
        section.Gauge("maxmemory", () => gauge.LimitBytes, FactUnit.Bytes);
        section.Text("maxmemory_human", () => HumanSize.Of(gauge.LimitBytes));
        section.Text("maxmemory_policy", () => settings.MaxMemoryPolicy.Text);
        AddFragmentation(section, latest);
        AddFreeing(section, server.Get<LazyFree>(), server.Get<Defragmentation>());
    }

    private static void AddUsage(InfoSection section, Latest latest)
    {
        section.Gauge("used_memory", () => latest.Overview.Used, FactUnit.Bytes);
        section.Text("used_memory_human", () => HumanSize.Of(latest.Overview.Used));
        section.Gauge("used_memory_rss", () => latest.Overview.Resident, FactUnit.Bytes);
        section.Text("used_memory_rss_human", () => HumanSize.Of(latest.Overview.Resident));
        section.Gauge("used_memory_peak", () => latest.Overview.Peak, FactUnit.Bytes);
        section.Text("used_memory_peak_human", () => HumanSize.Of(latest.Overview.Peak));
        AddPercent(section, "used_memory_peak_perc", () => latest.Overview.PeakPercent);
        section.Gauge("used_memory_overhead", () => latest.Overview.Overhead, FactUnit.Bytes);
        section.Gauge("used_memory_startup", () => latest.Overview.Startup, FactUnit.Bytes);
        section.Gauge("used_memory_dataset", () => latest.Overview.Dataset, FactUnit.Bytes);
        AddPercent(section, "used_memory_dataset_perc", () => latest.Overview.DatasetPercent);
        section.Gauge("used_memory_tables", () => latest.Overview.Tables, FactUnit.Bytes);
        section.Gauge("used_memory_workspace", () => latest.Overview.Workspace, FactUnit.Bytes);
        section.Gauge("used_memory_runtime", () => latest.Overview.Runtime, FactUnit.Bytes);
        section.Gauge("allocator_allocated", () => latest.Overview.Used, FactUnit.Bytes);
        section.Gauge("allocator_active", () => latest.Overview.Active, FactUnit.Bytes);
        section.Gauge("allocator_resident", () => latest.Overview.AllocatorResident, FactUnit.Bytes);
        section.Fixed(0, "allocator_muzzy");
        section.Gauge("total_system_memory", () => ProcessFacts.SystemMemoryBytes(), FactUnit.Bytes);
        section.Text("total_system_memory_human", () => HumanSize.Of(ProcessFacts.SystemMemoryBytes()));
    }

    private static void AddFragmentation(InfoSection section, Latest latest)
    {
        section.Gauge("allocator_frag_ratio", () => latest.Overview.HeapFragmentation);
        section.Gauge("allocator_frag_bytes", () => latest.Overview.Active - latest.Overview.Used, FactUnit.Bytes);
        section.Gauge("allocator_rss_ratio", () => latest.Overview.KeptRatio);
        section.Gauge("allocator_rss_bytes", () => latest.Overview.Kept, FactUnit.Bytes);
        section.Gauge("rss_overhead_ratio", () => latest.Overview.ProcessOverhead);
        section.Gauge("rss_overhead_bytes", () => latest.Overview.Resident - latest.Overview.AllocatorResident, FactUnit.Bytes);
        section.Gauge("mem_fragmentation_ratio", () => latest.Overview.Fragmentation);
        section.Gauge("mem_fragmentation_bytes", () => latest.Overview.Resident - latest.Overview.Used, FactUnit.Bytes);
        section.Gauge("mem_not_counted_for_evict", () => latest.Overview.Excused, FactUnit.Bytes);
        section.Gauge("mem_clients_normal", () => latest.Overview.Clients, FactUnit.Bytes);
        section.Fixed(0, "mem_cluster_links");
        section.Gauge("mem_aof_buffer", () => latest.Overview.AofBuffer, FactUnit.Bytes);
        section.Text("mem_allocator", "slab");
        section.Fixed(0, "mem_overhead_db_hashtable_rehashing");
    }

    private static void AddFreeing(InfoSection section, LazyFree lazyFree, Defragmentation defragmentation)
    {
        section.Gauge("active_defrag_running", () => defragmentation.Effort);
        section.Gauge("lazyfree_pending_objects", () => lazyFree.PendingCount);
        section.Counter("lazyfreed_objects", () => lazyFree.FreedCount);
    }

    private static void AddPercent(InfoSection section, string name, Func<double> read) =>
        section.Add(new Fact(name, FactKind.Gauge, FactUnit.Percent, () => new FactValue(read()))
        {
            Format = static percent => percent.ToString("F2", CultureInfo.InvariantCulture) + "%",
        });

    /// <summary>The sources of the facts.</summary>
    private sealed class Latest
    {
        public MemoryOverview Overview { get; set; } = null!;
    }
}
