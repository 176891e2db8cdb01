using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>Takes the records of a snapshot, in no order, each once.</summary>
public interface ISnapshotSink
{
    /// <summary>
    /// A record as it was when the snapshot began; it is valid only during the call. Called between commands, and within a command that
    /// is about to change the record. Not while a value is open that was attached.
    /// </summary>
    public void Take(int database, Record record);

    /// <summary>
    /// A record whose value comes in pieces; the record is valid only during the call. Several may be open at once.
    /// </summary>
    public ISavedValue Open(int database, Record record);
}

/// <summary>Takes one value of a snapshot in pieces. They are put aside until it is attached.</summary>
public interface ISavedValue
{
    /// <summary>From now on until it is closed nothing else is taken: the pieces so far and those to come follow each other.</summary>
    public void Attach();

    /// <summary>
    /// The value will come in pieces; how many there are, the record tells. Who takes them: the kind of sink of the value's type.
    /// </summary>
    public IValueSink Begin(Record record);

    /// <summary>The whole value at once instead of pieces.</summary>
    public void Take(Record record);

    /// <summary>All pieces have come.</summary>
    public void Close();

    /// <summary>No more pieces come, and what was put aside is not wanted.</summary>
    public void Discard();
}
