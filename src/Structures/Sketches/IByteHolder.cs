namespace Bixbite.Structures.Sketches;

/// <summary>
/// A text of bytes that a sketch edits in place and grows. Who calls owns it: it may be the value within a record, or a copy that is
/// written back.
/// </summary>
public interface IByteHolder
{
    Span<byte> Bytes { get; }

    /// <summary>Changes the size; the bytes up to the smaller size stay, those added are undefined. Spans taken before are void.</summary>
    void Resize(int size);
}
