using System.Buffers;
using Bixbite.Commands.Observability;

namespace Bixbite.Unit.Persistence;

/// <summary>Gives room for sixteen bytes at a time, as a target that sends its bytes off.</summary>
internal sealed class PieceWriter : IBufferWriter<byte>
{
    private const int PieceSize = 16;

    private readonly List<byte> _written = [];
    private readonly byte[] _piece = new byte[PieceSize];

    public byte[] Written => [.. _written];

    public void Advance(int count) => _written.AddRange(_piece.AsSpan(0, count));

    public Memory<byte> GetMemory(int sizeHint = 0) => _piece;

    public Span<byte> GetSpan(int sizeHint = 0) => _piece;
}
