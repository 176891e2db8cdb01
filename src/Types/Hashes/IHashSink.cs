using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>Takes a hash in pieces.</summary>
public interface IHashSink : IValueSink
{
    public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs);

    /// <summary>A field whose value has so many bytes, which come as texts.</summary>
    public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs);
}
