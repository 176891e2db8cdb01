using Bixbite.Keyspace;

namespace Bixbite.Persistence.Saving;

/// <summary>How an RDB file is written: what the settings say when it begins.</summary>
/// <param name="IsCompressed">Long strings are compressed.</param>
/// <param name="IsChecked">The file ends with its checksum instead of zeros.</param>
/// <param name="IsAppendOnlyBase">The file is what an append only file goes on from.</param>
/// <param name="Access">What is kept of the use of keys.</param>
/// <param name="UnixSeconds">The time for the header.</param>
/// <param name="UsedBytes">The memory in use, for the header.</param>
internal sealed record RdbFileOptions(
    bool IsCompressed, bool IsChecked, bool IsAppendOnlyBase, AccessKept Access, long UnixSeconds, long UsedBytes)
{
    /// <summary>The records beside the keys are in it.</summary>
    public bool HasRecords { get; init; } = true;

    /// <summary>Where the stream to replicas goes on; null if that is not in it.</summary>
    public StreamPlace? Place { get; init; }

    public static RdbFileOptions Of(
        SnapshotSettings settings, MemorySettings memory, long unixSeconds, long usedBytes, bool isAppendOnlyBase) => new(
        settings.RdbCompression.Value,
        settings.RdbChecksum.Value,
        isAppendOnlyBase,
        AccessOf(memory),
        unixSeconds,
        usedBytes);

    private static AccessKept AccessOf(MemorySettings memory) => memory.MaxMemoryPolicy.Value switch
    {
        EvictionPolicy.AllKeysLfu or EvictionPolicy.VolatileLfu => AccessKept.Frequency,
        EvictionPolicy.AllKeysLru or EvictionPolicy.VolatileLru => AccessKept.Idleness,
        _ => AccessKept.None,
    };
}

/// <summary>The record of the use of keys in a file.</summary>
internal enum AccessKept
{
    None,
    Idleness,
    Frequency,
}
