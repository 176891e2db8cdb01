using System.Buffers;

namespace Bixbite.Structures.Sketches;

/// <summary>A holder in a pooled array, for work on a copy. Pass it by reference and dispose of it once.</summary>
public ref struct ScratchHolder : IByteHolder, IDisposable
{
    private byte[] _array;
    private int _size;

    public ScratchHolder(ReadOnlySpan<byte> bytes)
    {
        _array = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, HyperLogLog.EmptySize));
        _size = bytes.Length;
        bytes.CopyTo(_array);
    }

    public readonly Span<byte> Bytes => _array.AsSpan(0, _size);

    public void Resize(int size)
    {
        if (size > _array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(size);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
        _size = size;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        _size = 0;
    }
}
