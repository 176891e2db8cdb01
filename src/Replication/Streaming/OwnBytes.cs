using System.Runtime.InteropServices;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// Bytes that a stream has and the append only log has not, by offsets that rise. What is the same as what came last is not kept twice:
/// mostly it is the question how far replicas are, again and again. Belongs to the <see cref="StreamMap"/>.
/// </summary>
internal sealed class OwnBytes
{
    /// <summary>More in one piece is not kept.</summary>
    public const int PieceSizeMax = 64 * 1024;

    private readonly List<byte> _bytes = [];
    private long _start;

    public long End => _start + _bytes.Count;

    public int Count => _bytes.Count;

    public int Capacity => _bytes.Capacity;

    /// <summary>Keeps these bytes; returns their offset.</summary>
    public long Add(ReadOnlySpan<byte> bytes)
    {
        if (!CollectionsMarshal.AsSpan(_bytes).EndsWith(bytes))
        {
            _bytes.AddRange(bytes);
        }
        return End - bytes.Length;
    }

    public byte[] Copy(long offset, int size) => [.. CollectionsMarshal.AsSpan(_bytes).Slice((int)(offset - _start), size)];

    /// <summary>Nothing before this offset is needed any more.</summary>
    public void Forget(long offset)
    {
        _bytes.RemoveRange(0, (int)(offset - _start));
        _start = offset;
    }
}
