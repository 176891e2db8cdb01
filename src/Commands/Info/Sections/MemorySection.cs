using System.Globalization;
using Bixbite.Commands.Observability.Shared;
using Bixbite.Configuration;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about memory. What scripts and replicas would use is there and zero, since tools look for it.</summary>
public sealed class MemorySection(
    MemoryGauge gauge, Databases databases, LazyFree lazyFree, Defragmentation defragmentation, Settings settings) : IInfoSection
{
    private static readonly InfoField<MemoryOverview>[] s_usage =
    [
        Bytes("used_memory", memory => memory.Used),
        Human("used_memory_human", memory => memory.Used),
        Bytes("used_memory_rss", memory => memory.Resident),
        Human("used_memory_rss_human", memory => memory.Resident),
        Bytes("used_memory_peak", memory => memory.Peak),
        Human("used_memory_peak_human", memory => memory.Peak),
        Percent("used_memory_peak_perc", memory => memory.PeakPercent),
        Bytes("used_memory_overhead", memory => memory.Overhead),
        Bytes("used_memory_startup", memory => memory.Startup),
        Bytes("used_memory_dataset", memory => memory.Dataset),
        Percent("used_memory_dataset_perc", memory => memory.DatasetPercent),
        Bytes("used_memory_tables", memory => memory.Tables),
        Bytes("used_memory_workspace", memory => memory.Workspace),
        Bytes("used_memory_runtime", memory => memory.Runtime),
        Bytes("allocator_allocated", memory => memory.Used),
        Bytes("allocator_active", memory => memory.Active),
        Bytes("allocator_resident", memory => memory.AllocatorResident),
        new("allocator_muzzy", 0),
        new("total_system_memory", _ => ProcessFacts.SystemMemoryBytes()),
        new("total_system_memory_human", _ => HumanSize.Of(ProcessFacts.SystemMemoryBytes())),
    ];

    private static readonly InfoField<MemoryOverview>[] s_scripts =
    [
        new("used_memory_lua", 0),
        new("used_memory_vm_eval", 0),
        new("used_memory_lua_human", "0B"),
        new("used_memory_scripts_eval", 0),
        new("number_of_cached_scripts", 0),
        new("number_of_functions", 0),
        new("number_of_libraries", 0),
        new("used_memory_vm_functions", 0),
        new("used_memory_vm_total", 0),
        new("used_memory_vm_total_human", "0B"),
        new("used_memory_functions", 0),
        new("used_memory_scripts", 0),
        new("used_memory_scripts_human", "0B"),
    ];

    private static readonly InfoField<MemorySection>[] s_limit =
    [
        new("maxmemory", section => section._gauge.LimitBytes),
        new("maxmemory_human", section => HumanSize.Of(section._gauge.LimitBytes)),
        new("maxmemory_policy", section => section._settings.Memory.MaxMemoryPolicy.Text),
    ];

    private static readonly InfoField<MemoryOverview>[] s_fragmentation =
    [
        new("allocator_frag_ratio", memory => memory.HeapFragmentation),
        Bytes("allocator_frag_bytes", memory => memory.Active - memory.Used),
        new("allocator_rss_ratio", memory => memory.KeptRatio),
        Bytes("allocator_rss_bytes", memory => memory.Kept),
        new("rss_overhead_ratio", memory => memory.ProcessOverhead),
        Bytes("rss_overhead_bytes", memory => memory.Resident - memory.AllocatorResident),
        new("mem_fragmentation_ratio", memory => memory.Fragmentation),
        Bytes("mem_fragmentation_bytes", memory => memory.Resident - memory.Used),
        Bytes("mem_not_counted_for_evict", memory => memory.Excused),
        new("mem_replication_backlog", 0),
        new("mem_total_replication_buffers", 0),
        new("mem_clients_slaves", 0),
        Bytes("mem_clients_normal", memory => memory.Clients),
        new("mem_cluster_links", 0),
        Bytes("mem_aof_buffer", memory => memory.AofBuffer),
        new("mem_allocator", "slab"),
        new("mem_overhead_db_hashtable_rehashing", 0),
    ];

    private static readonly InfoField<MemorySection>[] s_lazyFree =
    [
        new("active_defrag_running", section => section._defragmentation.Effort),
        new("lazyfree_pending_objects", section => section._lazyFree.PendingCount),
        new("lazyfreed_objects", section => section._lazyFree.FreedCount),
    ];

    private readonly MemoryGauge _gauge = gauge;
    private readonly LazyFree _lazyFree = lazyFree;
    private readonly Defragmentation _defragmentation = defragmentation;
    private readonly Settings _settings = settings;

    public string Heading => "Memory";

    public void Append(InfoText text)
    {
        var memory = MemoryOverview.Read(_gauge, databases);
        text.Lines(s_usage, memory);
        text.Lines(s_scripts, memory);
        text.Lines(s_limit, this);
        text.Lines(s_fragmentation, memory);
        text.Lines(s_lazyFree, this);
    }

    private static InfoField<MemoryOverview> Bytes(string name, Func<MemoryOverview, long> read) => new(name, read);

    private static InfoField<MemoryOverview> Human(string name, Func<MemoryOverview, long> read) =>
        new(name, memory => HumanSize.Of(read(memory)));

    private static InfoField<MemoryOverview> Percent(string name, Func<MemoryOverview, double> read) =>
        new(name, memory => read(memory).ToString("F2", CultureInfo.InvariantCulture) + "%");
}
