using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Bytes on their way from the thread that has the turn to the thread that writes a file. They travel in blocks; when the writer falls
/// behind by <see cref="BlockCountMax"/> blocks, the producer waits for one of them, so the memory in between is bounded.
/// <code>
///   producer: | block being filled | --> full blocks, 16 MiB at most --> consumer: writes, gives the block back
/// </code>
/// </summary>
internal sealed class BlockPipe : IBufferWriter<byte>, IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const int BlockCountMax = 64;

    private readonly BlockingCollection<ArraySegment<byte>> _full = new(BlockCountMax);
    private readonly ConcurrentBag<byte[]> _free = [];
    private byte[] _current = [];
    private int _length;

    /// <summary>Bytes written into the pipe so far.</summary>
    public long WrittenCount { get; private set; }

    /// <summary>A producer that can choose should do something else for now.</summary>
    public bool IsNearlyFull => _full.Count >= BlockCountMax / 2;

    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= _current.Length - _length, "Advanced beyond the block.");
        _length += count;
        WrittenCount += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _length < Math.Max(sizeHint, 1))
        {
            Flush();
            if (sizeHint > BlockSize || !_free.TryTake(out byte[]? block))
            {
                block = GC.AllocateUninitializedArray<byte>(Math.Max(sizeHint, BlockSize));
            }
            _current = block;
        }
        return _current.AsMemory(_length);
    }

    /// <summary>Ends the production.</summary>
    public void Complete()
    {
        Flush();
        _full.CompleteAdding();
    }

    /// <summary>The consumer's side: every full block in turn, until the production has ended.</summary>
    public IEnumerable<ArraySegment<byte>> Blocks()
    {
        foreach (ArraySegment<byte> block in _full.GetConsumingEnumerable())
        {
            yield return block;
            if (block.Array!.Length == BlockSize)
            {
                _free.Add(block.Array);
            }
        }
    }

    public void Dispose() => _full.Dispose();

    private void Flush()
    {
        if (_length > 0)
        {
            _full.Add(new ArraySegment<byte>(_current, 0, _length));
        }
        _current = [];
        _length = 0;
    }
}
