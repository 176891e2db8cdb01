namespace Bixbite.Types.Streams;

/// <summary>The fields and values of an entry that is added; they must not lie in the stream itself.</summary>
public interface IStreamFields
{
    int Count { get; }

    ReadOnlySpan<byte> Field(int index);

    ReadOnlySpan<byte> Value(int index);
}
