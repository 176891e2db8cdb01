using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Server;

/// <summary>
/// Where memory goes at one moment, in bytes: what INFO, MEMORY STATS and MEMORY DOCTOR agree on.
/// <code>
///   Resident       what the system counts as this process' memory
///   Active         the data heap's pages (Mapped), client buffers and the managed heap
///   Used           the same, but of the data heap only what is live (Data)
///     Dataset      keys and values: Data without the indexes
///     Overhead     the rest
/// </code>
/// </summary>
internal sealed record MemoryOverview(
    long Used, long Peak, long Startup, long Data, long Mapped, long Resident, long Buffers, long Indexes, long KeyCount)
{
    public long Dataset => Data - Indexes;

    public long Overhead => Used - Dataset;

    public long Active => Used - Data + Mapped;

    /// <summary>The part of what was added since the start that is keys and values.</summary>
    public double DatasetPercent => Used > Startup ? Math.Min(Dataset * 100.0 / (Used - Startup), 100) : 0;

    public double PeakPercent => Peak > 0 ? Used * 100.0 / Peak : 0;

    public long BytesPerKey => KeyCount > 0 && Used > Startup ? (Used - Startup) / KeyCount : 0;

    /// <summary>What half-empty pages of the data heap cost.</summary>
    public double HeapFragmentation => Ratio(Active, Used);

    /// <summary>The whole process in relation to what it can account for.</summary>
    public double ProcessOverhead => Ratio(Resident, Active);

    public double Fragmentation => Ratio(Resident, Used);

    public static MemoryOverview Read(MemoryGauge gauge, Databases databases)
    {
        long indexes = 0;
        long keyCount = 0;
        foreach (Database database in databases.All)
        {
            indexes += database.IndexSize;
            keyCount += database.Count;
        }
        long used = gauge.UsedBytes;
        return new MemoryOverview(
            used,
            Math.Max(gauge.PeakBytes, used),
            gauge.StartupBytes,
            gauge.DataBytes,
            gauge.DataMappedBytes,
            ProcessFacts.ResidentBytes(),
            gauge.BufferBytes,
            indexes,
            keyCount);
    }

    private static double Ratio(long whole, long part) => part > 0 ? (double)whole / part : 1;
}
