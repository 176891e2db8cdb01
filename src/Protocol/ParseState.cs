using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Protocol;

/// <summary>
/// The state of a request that is not whole yet, so that more bytes never make the parser look at the old ones again. Everything is
/// an offset from the request's first byte, because the input may move between two calls.
///
///   *3 | $3 SET | $3 key | $64 the first bytes of the val
///        piece 0  piece 1  ^Cursor, BulkSize = 64           (ArgumentsLeft = 1)
///
/// A piece that lies in a block of its own has, for an offset, the complement of its index among those.
///
/// A connection holds one only while a request is partial; the parser lends it and takes it back.
/// </summary>
public sealed class ParseState
{
    private const int PieceCountKept = 64;

    /// <summary>Bytes that an argument's place takes beside the argument's own.</summary>
    private const int PieceSize = 8;

    private readonly List<LooseBlock> _looseBlocks = [];
    private Piece[] _pieces = new Piece[8];

    /// <summary>Where the pending line or bulk starts.</summary>
    internal int Cursor;

    /// <summary>The pending line's end is not before this offset.</summary>
    internal int Searched;

    /// <summary>Arguments still to come; 0 while their count is not known.</summary>
    internal int ArgumentsLeft;

    /// <summary>Size of the pending bulk; -1 while it is not known.</summary>
    internal long BulkSize = -1;

    /// <summary>Bytes of the request that need not be looked at again: whole arguments, and the size of the pending one.</summary>
    public int ParsedSize => Cursor;

    /// <summary>Bytes of the whole arguments and of their places. Other threads may read it.</summary>
    public long ArgumentBytes { get; private set; }

    /// <summary>Count of whole arguments.</summary>
    internal int PieceCount { get; private set; }

    internal ReadOnlySpan<Piece> Pieces => new(_pieces, 0, PieceCount);

    internal void AddPiece(int offset, int length)
    {
        Debug.Assert(offset != 0 && length >= 0);
        if (PieceCount == _pieces.Length)
        {
            Array.Resize(ref _pieces, (int)Math.Min(_pieces.Length * 2L, Array.MaxLength));
        }
        _pieces[PieceCount++] = new Piece(offset, length);
        ArgumentBytes += length + PieceSize;
    }

    /// <summary>Bytes of the arguments that lie in blocks of their own.</summary>
    internal long LooseBytes { get; private set; }

    internal LooseBlock LooseBlockAt(int offset) => _looseBlocks[~offset];

    internal void AddLoosePiece(LooseBlock block)
    {
        _looseBlocks.Add(block);
        LooseBytes += block.Length;
        AddPiece(~(_looseBlocks.Count - 1), block.Length);
    }

    internal void MoveTo(int cursor)
    {
        Cursor = cursor;
        Searched = cursor;
        BulkSize = -1;
    }

    internal void Reset()
    {
        MoveTo(0);
        ArgumentsLeft = 0;
        PieceCount = 0;
        ArgumentBytes = 0;
        LooseBytes = 0;
        _looseBlocks.Clear();
        if (_pieces.Length > PieceCountKept)
        {
            _pieces = new Piece[PieceCountKept];
        }
    }

    internal readonly record struct Piece(int Offset, int Length);
}
