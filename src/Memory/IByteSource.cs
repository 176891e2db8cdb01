using Bixbite.Platform;

namespace Bixbite.Memory;

/// <summary>
/// Bytes in an order, in native memory, that one reader takes at its own pace while somebody else adds more: they are sent from where they
/// lie. Every call comes from the reader's thread, but for <see cref="PendingCount"/>.
/// </summary>
public interface IByteSource
{
    /// <summary>Bytes that can be read now.</summary>
    public long ReadableCount { get; }

    /// <summary>
    /// Bytes that are kept in memory for the reader alone, whether they can be read now or not: these count as output that waits. Any
    /// thread.
    /// </summary>
    public long PendingCount { get; }

    /// <summary>
    /// The next bytes, in as many pieces as there are, but no more than fit; they stay where they are until they are taken. Returns how
    /// many pieces.
    /// </summary>
    public int Peek(Span<IoVector> pieces, long sizeMax, out int size);

    /// <summary>So many of the bytes that were shown are done with.</summary>
    public void Take(int count);
}
