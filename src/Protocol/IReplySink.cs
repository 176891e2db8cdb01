namespace Bixbite.Protocol;

/// <summary>
/// Takes what a client's replies have grown to while its command goes on writing. Every call says whether the client still is there: false
/// where this was more than it may make the server keep.
/// </summary>
public interface IReplySink
{
    /// <summary>Takes a copy of the bytes.</summary>
    bool Take(ReadOnlySpan<byte> bytes);

    /// <summary>Takes bytes where they lie, in a block of the data, which has to stay as it is until they are sent.</summary>
    bool TakeStored(ulong block, ReadOnlySpan<byte> bytes);

    /// <summary>Keeps a place for a few bytes that are known before the command ends; 0 if the client is gone.</summary>
    ulong TakePlace();

    void Fill(ulong place, ReadOnlySpan<byte> bytes);
}
