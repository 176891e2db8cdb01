namespace Bixbite.Types.Saving;

/// <summary>
/// A large value as it was when a snapshot began. It is handed over to a sink in pieces, while commands go on changing the value: whoever
/// is about to change a part says so before, and what that part held is handed over, or kept, first. Where several snapshots are still to
/// have the same value, they are a chain: whoever changes it tells the first one, which tells all.
/// </summary>
/// <param name="output">Takes the pieces.</param>
public abstract class ValueSnapshot(IValueSink output)
{
    /// <summary>So many bytes are handed over at a time.</summary>
    protected const int PieceSize = 256 * 1024;

    protected IValueSink Output { get; } = output;

    /// <summary>The same value for another snapshot; null at the end of the chain.</summary>
    public ValueSnapshot? Next { get; set; }

    /// <summary>
    /// Hands over the next piece, so much that it takes some hundred microseconds at most; true if it was the last one. Only while the sink
    /// takes this value and no other.
    /// </summary>
    public abstract bool Step();

    /// <summary>Gives up what it keeps, if anything is left; nothing may be called afterwards.</summary>
    public abstract void Release();
}
