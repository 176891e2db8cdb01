using System.Buffers;
using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Persistence.Rdb.Writing;

namespace Bixbite.Persistence.Pieces;

/// <summary>Bytes written into block after block; what happens to the full ones is decided below.</summary>
internal abstract class BlockChain(Heap heap) : IBufferWriter<byte>, ITextQueue
{
    private SnapshotBlock? _current;

    public void Advance(int count)
    {
        Debug.Assert(_current is not null && count >= 0 && count <= _current.Room, "Advanced beyond the block.");
        _current.Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        SnapshotBlock block = WithRoom(sizeHint);
        return block.GetSpan()[block.Length..];
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        SnapshotBlock block = WithRoom(sizeHint);
        return block.Memory[block.Length..];
    }

    public void BeginText(long length) => WithRoom(1).BeginText(length);

    /// <summary>Lets go of the block that is being filled.</summary>
    protected void Flush()
    {
        if (_current is null)
        {
            return;
        }
        if (_current.Length > 0)
        {
            Leave(_current);
        }
        else
        {
            Free(_current);
        }
        _current = null;
    }

    /// <summary>A new block with so much room.</summary>
    protected SnapshotBlock Make(int size) => new(heap, size);

    /// <summary>Frees a block that is empty, or not wanted.</summary>
    protected void Free(SnapshotBlock block) => heap.Free(block.Address);

    /// <summary>An empty block with at least so much room.</summary>
    protected abstract SnapshotBlock Next(int sizeMin);

    /// <summary>A block that will get no more bytes.</summary>
    protected abstract void Leave(SnapshotBlock block);

    private SnapshotBlock WithRoom(int size)
    {
        if (_current is null || _current.Room < Math.Max(size, 1))
        {
            Flush();
            _current = Next(size);
        }
        return _current;
    }
}
