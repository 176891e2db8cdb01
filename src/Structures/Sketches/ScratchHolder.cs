using System.Buffers;

namespace Bixbite.Structures.Sketches;

/// <summary>A holder in a pooled array, for work on a copy. Pass it by reference and dispose of it once.</summary>
public ref struct ScratchHolder : IByteHolder, IDisposable
{
    private byte[] array;
    private int size;

    public ScratchHolder(ReadOnlySpan<byte> bytes)
    {
        array = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, HyperLogLog.EmptySize));
        size = bytes.Length;
        bytes.CopyTo(array);
    }

    public readonly Span<byte> Bytes => array.AsSpan(0, size);

    public void Resize(int size)
    {
        if (size > array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(size);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }
        this.size = size;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(array);
        array = [];
        size = 0;
    }
}
