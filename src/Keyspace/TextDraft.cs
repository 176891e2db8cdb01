using Bixbite.Memory;

namespace Bixbite.Keyspace;

/// <summary>
/// A long string that no key has yet, written where it will stay. It owns its block until <see cref="Database.PutText"/> gives it
/// to a key.
/// </summary>
public readonly ref struct TextDraft
{
    internal TextDraft(ulong block, int length)
    {
        Block = block;
        Bytes = Native.Bytes(block, length);
    }

    /// <summary>The string's bytes, of any content at first.</summary>
    public Span<byte> Bytes { get; }

    internal ulong Block { get; }

    /// <summary>
    /// The bytes from <paramref name="start"/> on, as many as are best written at once: whoever writes a long string whole takes one piece
    /// after the other.
    /// </summary>
    public Span<byte> Piece(int start)
    {
        int size = Math.Min(FreshPages.PieceSize, Bytes.Length - start);
        FreshPages.Give(Block + (ulong)start, size, Bytes.Length);
        return Bytes.Slice(start, size);
    }
}
