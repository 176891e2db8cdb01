namespace Bixbite.Types.Saving;

/// <summary>
/// Takes a value as it was when a snapshot began, piece by piece: the texts of a string, or what the type's own kind of sink takes beside
/// (<c>IHashSink</c>, <c>IListSink</c>, ...). What is passed is valid only during the call. A long element comes as a beginning, texts and
/// an end; other elements may come in between.
/// </summary>
public interface IValueSink
{
    /// <summary>The next bytes of a string, or of a long element.</summary>
    public void Text(ReadOnlySpan<byte> piece);

    /// <summary>All bytes of the long element have come.</summary>
    public void EndElement();
}
