using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>
/// Where memory goes at one moment, in bytes: what INFO, MEMORY STATS and MEMORY DOCTOR agree on.
/// <code>
///   Resident       what the system counts as this process' memory
///     Kept         empty pages that the data heap keeps for the next allocation
///     Active       the data heap's other pages (Mapped), what clients hold (Clients), what is remembered for them (Tables)
///       Used       the same, but of the data heap only what is live (Data)
///         Dataset  keys and values: Data without the indexes
///         Overhead the rest
///     Workspace    buffers that are used again in every round
///     Runtime      the managed heap
/// </code>
/// </summary>
internal sealed record MemoryOverview
{
    public required long Used { get; init; }

    public required long Peak { get; init; }

    public required long Startup { get; init; }

    public required long Data { get; init; }

    public required long Mapped { get; init; }

    /// <summary>Of <see cref="Mapped"/>.</summary>
    public required long Kept { get; init; }

    public required long Resident { get; init; }

    public required long Clients { get; init; }

    public required long Tables { get; init; }

    public required long Excused { get; init; }

    public required long Workspace { get; init; }

    public required long AofBuffer { get; init; }

    public required long Runtime { get; init; }

    public required long Indexes { get; init; }

    public required long KeyCount { get; init; }

    /// <summary>Sources of scripts, in <see cref="Tables"/>.</summary>
    public long Scripts { get; init; }

    /// <summary>Sources of libraries of functions, in <see cref="Tables"/>.</summary>
    public long Functions { get; init; }

    /// <summary>The replication stream's backlog, in <see cref="Tables"/>.</summary>
    public long Backlog { get; init; }

    /// <summary>The part of the stream that is kept only since replicas are slow, in <see cref="Tables"/>.</summary>
    public long SlowReplicas { get; init; }

    public long Dataset => Data - Indexes;

    public long Overhead => Used - Dataset;

    public long Active => AllocatorResident - Kept;

    public long AllocatorResident => Used - Data + Mapped;

    /// <summary>The part of what was added since the start that is keys and values.</summary>
    public double DatasetPercent => Used > Startup ? Math.Min(Dataset * 100.0 / (Used - Startup), 100) : 0;

    public double PeakPercent => Peak > 0 ? Used * 100.0 / Peak : 0;

    public long BytesPerKey => KeyCount > 0 && Used > Startup ? (Used - Startup) / KeyCount : 0;

    /// <summary>The ratio of the data heap's pages to the bytes used in them.</summary>
    public double HeapFragmentation => Ratio(Active, Used);

    public double KeptRatio => Ratio(AllocatorResident, Active);

    /// <summary>The whole process in relation to what it can account for.</summary>
    public double ProcessOverhead => Ratio(Resident, AllocatorResident);

    public double Fragmentation => Ratio(Resident, Used);

    public static MemoryOverview Read(MemoryGauge gauge, Databases databases)
    {
        long indexes = 0;
        foreach (Database database in databases.All)
        {
            indexes += database.IndexSize;
        }
        long used = gauge.UsedBytes;
        return new MemoryOverview
        {
            Used = used,
            Peak = Math.Max(gauge.PeakBytes, used),
            Startup = gauge.StartupBytes,
            Data = gauge.DataBytes,
            Mapped = gauge.DataMappedBytes,
            Kept = gauge.DataKeptBytes,
            Resident = ProcessFacts.ResidentBytes(),
            Clients = gauge.ClientBytes,
            Tables = gauge.TableBytes,
            Excused = gauge.ExcusedBytes + gauge.SavedBytes(),
            Workspace = gauge.WorkspaceBytes,
            AofBuffer = gauge.AofBuffer(),
            Runtime = gauge.RuntimeBytes,
            Indexes = indexes,
            KeyCount = databases.KeyCount,
        };
    }

    private static double Ratio(long whole, long part) => part > 0 ? (double)whole / part : 1;
}
