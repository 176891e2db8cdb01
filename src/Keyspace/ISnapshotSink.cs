namespace Bixbite.Keyspace;

/// <summary>Takes the records of a snapshot, in no order, each once.</summary>
public interface ISnapshotSink
{
    /// <summary>
    /// A record as it was when the snapshot began; it is valid only during the call. Called between commands, and within a command that
    /// is about to change the record.
    /// </summary>
    public void Take(int database, Record record);
}
