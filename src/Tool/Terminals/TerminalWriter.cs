using System.Buffers;

namespace Bixbite.Tool.Terminals;

/// <summary>
/// Hands on to a terminal what is written to it, piece by piece, so that a reply of any size needs no second copy of itself.
/// </summary>
internal sealed class TerminalWriter(Terminal terminal) : IBufferWriter<byte>
{
    private const int PieceSize = 64 * 1024;

    private byte[] _piece = new byte[PieceSize];
    private int _length;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_piece.Length - _length < Math.Max(sizeHint, 1))
        {
            Flush();
            _piece = _piece.Length < sizeHint ? new byte[sizeHint] : _piece;
        }
        return _piece.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Hands on what is left.</summary>
    public void Flush()
    {
        terminal.Write(_piece.AsSpan(0, _length));
        _length = 0;
    }
}
