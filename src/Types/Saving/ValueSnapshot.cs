namespace Bixbite.Types.Saving;

/// <summary>
/// A large value as it was when a snapshot began. It is handed over to a sink in pieces, while commands go on changing the value: whoever
/// is about to change a part says so before, and what that part held is handed over, or kept, first.
/// </summary>
public abstract class ValueSnapshot
{
    /// <summary>Hands over the next piece, so much that it takes some hundred microseconds at most; true if it was the last one.</summary>
    public abstract bool Step(IValueSink sink);
}
