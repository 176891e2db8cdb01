using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Turns a snapshot's records into the bytes of a file, as they come, and keeps which database they belong to: where that changes it says
/// so first. The calls are made by whoever holds the execution lock.
/// </summary>
internal abstract class SnapshotEncoder(BlockPipe target) : ISnapshotSink
{
    private const int NoDatabase = -1;

    private int _database = NoDatabase;

    /// <summary>Takes the bytes.</summary>
    public BlockPipe Target => target;

    /// <summary>Bytes after the last one of the content.</summary>
    public abstract SnapshotFooter Footer { get; }

    /// <summary>Writes the part before the first record.</summary>
    public abstract void Begin();

    /// <summary>Writes the part after the last record.</summary>
    public abstract void End();

    public void Take(int database, Record record)
    {
        Select(database);
        Write(record);
    }

    public abstract ISavedValue Open(int database, Record record);

    /// <summary>Says that the records which follow belong to this database, unless that is known.</summary>
    protected void Select(int database)
    {
        if (database != _database)
        {
            _database = database;
            WriteSelection(database);
        }
    }

    protected abstract void WriteSelection(int database);

    /// <summary>Writes a key with its value, whole.</summary>
    protected abstract void Write(Record record);

    /// <summary>A value in pieces.</summary>
    protected abstract class PiecewiseValue(SnapshotEncoder encoder, int database) : SavedValue(encoder.Target)
    {
        protected sealed override void BeforeAttached() => encoder.Select(database);
    }
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
