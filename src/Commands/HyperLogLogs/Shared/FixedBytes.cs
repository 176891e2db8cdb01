using System.Diagnostics;
using Bixbite.Structures.Sketches;

namespace Bixbite.Commands.HyperLogLogs.Shared;

/// <summary>A dense HyperLogLog where it is stored: its size never changes.</summary>
internal readonly ref struct FixedBytes(Span<byte> bytes) : IByteHolder
{
    private readonly Span<byte> _bytes = bytes;

    public Span<byte> Bytes => _bytes;

    public void Resize(int size) => throw new UnreachableException("a dense HyperLogLog keeps its size");
}
