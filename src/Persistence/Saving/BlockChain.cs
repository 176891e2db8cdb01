using System.Buffers;
using System.Diagnostics;
using Bixbite.Persistence.Rdb.Writing;

namespace Bixbite.Persistence.Saving;

/// <summary>Bytes written into block after block; what happens to the full ones is decided below.</summary>
internal abstract class BlockChain : IBufferWriter<byte>, ITextQueue
{
    private SnapshotBlock? _current;

    public void Advance(int count)
    {
        Debug.Assert(_current is not null && count >= 0 && count <= _current.Room, "Advanced beyond the block.");
        _current.Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current is null || _current.Room < Math.Max(sizeHint, 1))
        {
            Flush();
            _current = Next(sizeHint);
        }
        return _current.Bytes.AsMemory(_current.Length);
    }

    public void BeginText(long length)
    {
        GetMemory(1);
        _current!.BeginText(length);
    }

    /// <summary>Lets go of the block that is being filled.</summary>
    protected void Flush()
    {
        if (_current is { Length: > 0 })
        {
            Leave(_current);
            _current = null;
        }
    }

    /// <summary>An empty block with at least so much room.</summary>
    protected abstract SnapshotBlock Next(int sizeMin);

    /// <summary>A block that will get no more bytes.</summary>
    protected abstract void Leave(SnapshotBlock block);
}
