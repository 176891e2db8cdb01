using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>
/// Goes through the bytes of several pieces in parts of a bounded size; small pieces that follow each other become one part.
/// </summary>
internal ref struct PieceCursor(ReadOnlySpan<IoVector> pieces)
{
    private readonly ReadOnlySpan<IoVector> _pieces = pieces;
    private int _index;
    private int _offset;

    /// <summary>Leaves out bytes.</summary>
    internal void Skip(int count)
    {
        while (count > 0)
        {
            int part = Math.Min(count, Rest);
            Advance(part);
            count -= part;
        }
    }

    /// <summary>
    /// The next bytes, at most as many as there is room for copies; they are where they lie, or copied there. Empty at the end.
    /// </summary>
    internal ReadOnlySpan<byte> Next(Span<byte> copies)
    {
        if (_index == _pieces.Length)
        {
            return default;
        }
        int size = Math.Min(Rest, copies.Length);
        if (size == copies.Length || _index == _pieces.Length - 1)
        {
            ReadOnlySpan<byte> part = Native.Bytes(_pieces[_index].Address + (ulong)_offset, size);
            Advance(size);
            return part;
        }
        int copied = 0;
        while (copied < copies.Length && _index < _pieces.Length)
        {
            size = Math.Min(Rest, copies.Length - copied);
            Native.Bytes(_pieces[_index].Address + (ulong)_offset, size).CopyTo(copies[copied..]);
            Advance(size);
            copied += size;
        }
        return copies[..copied];
    }

    private readonly int Rest => (int)_pieces[_index].Size - _offset;

    private void Advance(int count)
    {
        _offset += count;
        if (_offset == (int)_pieces[_index].Size)
        {
            _index++;
            _offset = 0;
        }
    }
}
