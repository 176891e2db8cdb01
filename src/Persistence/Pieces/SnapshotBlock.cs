using System.Buffers;
using Bixbite.Memory;

namespace Bixbite.Persistence.Pieces;

/// <summary>
/// Some bytes of a snapshot on their way to its file, and where in them strings begin that are to be compressed. They lie in a heap's
/// block; both are freed by whoever holds the execution lock.
/// </summary>
internal sealed class SnapshotBlock : MemoryManager<byte>
{
    private readonly List<TextMark> _texts = [];

    public SnapshotBlock(Heap heap, int size)
    {
        Address = heap.Allocate(size);
        Capacity = size;
    }

    public ulong Address { get; }

    public int Capacity { get; }

    /// <summary>Bytes in use.</summary>
    public int Length { get; set; }

    public int Room => Capacity - Length;

    /// <summary>The strings that begin here, in order; the last may end in a later block.</summary>
    public IReadOnlyList<TextMark> Texts => _texts;

    public override Span<byte> GetSpan() => Native.Bytes(Address, Capacity);

    /// <summary>It never moves, but a pointer to it is nobody's business.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    public void BeginText(long length) => _texts.Add(new TextMark(Length, length));

    public void Clear()
    {
        Length = 0;
        _texts.Clear();
    }

    /// <summary>The block's owner frees its memory explicitly: see <see cref="Address"/>.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>A string among the bytes of a block.</summary>
internal readonly record struct TextMark(int Offset, long Length);
