namespace Bixbite.Types.Saving;

/// <summary>Takes a value as it was when a snapshot began, piece by piece. What is passed is valid only during the call.</summary>
public interface IValueSink
{
    /// <summary>The next bytes of a string.</summary>
    public void Text(ReadOnlySpan<byte> piece);
}
