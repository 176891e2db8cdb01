namespace Bixbite.Structures.Bits;

/// <summary>The texts a bit operation reads, in order; a missing key is an empty text.</summary>
public interface IBitSources
{
    int Count { get; }

    ReadOnlySpan<byte> this[int index] { get; }
}
