using System.Buffers;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Values;

/// <summary>Divides the elements of a collection, of which there are so many, among requests of at most 64 elements.</summary>
internal struct RequestParts(long count)
{
    private const int ElementCountMax = 64;

    private long _index;

    /// <summary>To be called before each element: at each 64th another request begins.</summary>
    public void Next(IBufferWriter<byte> target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, int argumentsPerElement)
    {
        if (_index % ElementCountMax == 0)
        {
            int elementCount = (int)Math.Min(count - _index, ElementCountMax);
            target.Begin(2 + (elementCount * argumentsPerElement));
            target.Add(name);
            target.Add(key);
        }
        _index++;
    }
}
