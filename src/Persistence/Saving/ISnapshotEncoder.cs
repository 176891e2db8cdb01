using Bixbite.Keyspace;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Turns a snapshot's records into the bytes of a file, as they come; the calls are made by whoever holds the execution lock.
/// </summary>
internal interface ISnapshotEncoder : ISnapshotSink
{
    /// <summary>Bytes after the last one of the content.</summary>
    public SnapshotFooter Footer { get; }

    /// <summary>Writes the part before the first record.</summary>
    public void Begin();

    /// <summary>Writes the part after the last record.</summary>
    public void End();
}

/// <summary>The last bytes of a snapshot's file.</summary>
internal enum SnapshotFooter
{
    None,

    /// <summary>Eight zeros: a checksum nobody has computed.</summary>
    Unchecked,

    /// <summary>The CRC-64 of all before it.</summary>
    Checked,
}
