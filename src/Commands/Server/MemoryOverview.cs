using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Server;

/// <summary>
/// Where memory goes at one moment, in bytes: what INFO, MEMORY STATS and MEMORY DOCTOR agree on.
/// <code>
///   Resident       what the system counts as this process' memory
///     Mapped       pages of the data heap
///       Data       live blocks in them: keys, values, indexes
///   Used           Data + client buffers + the managed heap
///     Overhead     what was there at the start, indexes and client buffers
///     Dataset      the rest
/// </code>
/// </summary>
internal sealed record MemoryOverview(long Used, long Peak, long Startup, long Data, long Mapped, long Resident, long Buffers, long Indexes, long KeyCount)
{
    public long Overhead => Startup + Buffers + Indexes;

    public long Dataset => Math.Max(Used - Overhead, 0);

    public double DatasetPercent => Used > Startup ? Dataset * 100.0 / (Used - Startup) : 0;

    public double PeakPercent => Peak > 0 ? Used * 100.0 / Peak : 0;

    public long BytesPerKey => KeyCount > 0 && Used > Startup ? (Used - Startup) / KeyCount : 0;

    /// <summary>Pages of the data heap in relation to the live bytes in them.</summary>
    public double HeapFragmentation => Ratio(Mapped, Data);

    /// <summary>The whole process in relation to the data heap.</summary>
    public double ProcessOverhead => Ratio(Resident, Mapped);

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
