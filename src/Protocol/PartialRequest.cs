using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>
/// One request that is not plainly whole, opened over its <see cref="ParseState"/> and the bytes that are there. Rules and quirks are those
/// of Redis 7.2 (processInlineBuffer, processMultibulkBuffer in its networking.c):
///
///   - a request is multibulk if it starts with '*', else inline;
///   - an inline line ends with LF or CR LF, a multibulk line with CR and any byte;
///   - a NUL hides the rest of a line: its end is not found;
///   - a line's end has to be found in 64 KiB; the two bytes after a bulk are not looked at;
///   - a count of 0 or less, an empty line or one of white space is no request and no error.
///
/// Whether a line is too long is decided by where its end is, not by how much of it arrived at once: fragmentation never changes a result.
/// </summary>
internal ref struct PartialRequest
{
    private const int LineSizeMax = 64 * 1024;
    private const int NumberSizeMax = 20;

    private readonly ParseState _state;
    private readonly ulong _start;
    private readonly ulong _end;
    private readonly ParseLimits _limits;
    private readonly ReadOnlySpan<LooseBlock> _looseBlocks;

    /// <summary>The end of the pending line, as an offset from the request's start.</summary>
    private int _lineEnd;

    /// <param name="state">What is known.</param>
    /// <param name="start">The request's first byte.</param>
    /// <param name="end">Behind the last byte that has come.</param>
    /// <param name="limits">What may be sent.</param>
    /// <param name="looseBlocks">Arguments that came apart from the other bytes.</param>
    public PartialRequest(ParseState state, ulong start, ulong end, in ParseLimits limits, ReadOnlySpan<LooseBlock> looseBlocks)
    {
        Debug.Assert(start < end);
        _looseBlocks = looseBlocks;
        _state = state;
        _start = start;
        _end = end;
        _limits = limits;
    }

    public enum Outcome : byte
    {
        NeedMore,
        Whole,
        Ignored,
        Failed,
    }

    /// <summary>Bytes of the request, once it is whole or ignored.</summary>
    public int Size { get; private set; }

    /// <summary>The least number of bytes the request needs, from its start, if a bulk of known size is pending; else 0.</summary>
    public int PendingSize { get; private set; }

    /// <summary>Of a pending bulk that has a block of its own, the size, which is then not in <see cref="PendingSize"/>.</summary>
    public int PendingLooseSize { get; private set; }

    public ProtocolError Error { get; private set; }

    public byte Unexpected { get; private set; }

    private readonly int Available => (int)(_end - _start);

    /// <summary>Goes on from where the state stands; a whole request is added to the batch.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="offset">Of the request from the start of the input.</param>
    public Outcome Advance(RequestBatch batch, int offset) =>
        Native.At<byte>(_start) == '*' ? AdvanceMultibulk(batch, offset) : AdvanceInline(batch, offset);

    private Outcome AdvanceMultibulk(RequestBatch batch, int offset)
    {
        if (_state.ArgumentsLeft == 0)
        {
            Outcome outcome = ReadCount();
            if (outcome != Outcome.Whole)
            {
                return outcome;
            }
        }

        while (_state.ArgumentsLeft > 0)
        {
            if (_state.BulkSize < 0)
            {
                Outcome outcome = ReadSize();
                if (outcome != Outcome.Whole)
                {
                    return outcome;
                }
            }

            LooseBlock? loose = LooseBlockAt(offset + _state.Cursor);
            long bulkEnd = _state.Cursor + (loose is null ? _state.BulkSize : 0) + 2;
            if (Available < bulkEnd || loose is { IsWhole: false })
            {
                PendingSize = (int)Math.Min(bulkEnd, int.MaxValue);
                PendingLooseSize = loose?.Length ?? 0;
                return Outcome.NeedMore;
            }

            if (loose is null)
            {
                _state.AddPiece(_state.Cursor, (int)_state.BulkSize);
            }
            else
            {
                _state.AddLoosePiece(loose);
            }
            _state.MoveTo((int)bulkEnd);
            _state.ArgumentsLeft--;
        }

        AddRequest(batch, offset);
        return Outcome.Whole;
    }

    private void AddRequest(RequestBatch batch, int offset)
    {
        ReadOnlySpan<ParseState.Piece> pieces = _state.Pieces;
        Span<Argument> arguments = batch.Reserve(pieces.Length);
        for (int index = 0; index < pieces.Length; index++)
        {
            ParseState.Piece piece = pieces[index];
            arguments[index] = piece.Offset < 0
                ? batch.Lend(_state.LooseBlockAt(piece.Offset))
                : new Argument(_start + (uint)piece.Offset, piece.Length);
        }
        Size = _state.Cursor;
        batch.Add(pieces.Length, offset + Size);
    }

    /// <summary>The block of the pending bulk, if it has one; whatever is in the input itself lies elsewhere.</summary>
    private readonly LooseBlock? LooseBlockAt(int position)
    {
        if (_state.BulkSize >= LooseBlock.LengthMin)
        {
            foreach (LooseBlock block in _looseBlocks)
            {
                if (block.Position == position && block.Length == _state.BulkSize)
                {
                    return block;
                }
            }
        }
        return null;
    }

    /// <summary>Whole: the count is known and positive. Ignored: there are no arguments.</summary>
    private Outcome ReadCount()
    {
        Outcome outcome = ReadLine(ProtocolError.TooBigMultibulkCount);
        if (outcome != Outcome.Whole)
        {
            return outcome;
        }
        if (!TryReadNumber(out long count) || count > int.MaxValue)
        {
            return Fail(ProtocolError.InvalidMultibulkLength);
        }
        if (count > _limits.ArgumentCountMax)
        {
            return Fail(ProtocolError.UnauthenticatedMultibulkLength);
        }
        if (count <= 0)
        {
            Size = _lineEnd + 2;
            return Outcome.Ignored;
        }

        _state.ArgumentsLeft = (int)count;
        _state.MoveTo(_lineEnd + 2);
        return Outcome.Whole;
    }

    /// <summary>Whole: the size of the next bulk is known.</summary>
    private Outcome ReadSize()
    {
        Outcome outcome = ReadLine(ProtocolError.TooBigBulkCount);
        if (outcome != Outcome.Whole)
        {
            return outcome;
        }
        byte kind = Native.At<byte>(_start + (uint)_state.Cursor);
        if (kind != '$')
        {
            Unexpected = kind;
            return Fail(ProtocolError.ExpectedDollar);
        }

        if (!TryReadNumber(out long size) || size < 0 || size > _limits.BulkSizeHeld)
        {
            return Fail(ProtocolError.InvalidBulkLength);
        }
        if (size > _limits.BulkSizeAllowed)
        {
            return Fail(ProtocolError.UnauthenticatedBulkLength);
        }
        _state.MoveTo(_lineEnd + 2);
        _state.BulkSize = size;
        return Outcome.Whole;
    }

    private Outcome AdvanceInline(RequestBatch batch, int offset)
    {
        if (!FindLineEnd((byte)'\n'))
        {
            return LineMissing(ProtocolError.TooBigInlineRequest);
        }
        Size = _lineEnd + 1;
        int length = _lineEnd;
        if (length > 0 && Native.At<byte>(_start + (uint)length - 1) == '\r')
        {
            length--;
        }

        ReadOnlySpan<byte> line = Native.Bytes(_start, length);
        int count = line.IndexOfAny((byte)'"', (byte)'\'') < 0 ? Split(line, batch) : SplitQuoted(line, batch);
        if (count < 0)
        {
            return Fail(ProtocolError.UnbalancedQuotes);
        }
        if (count == 0)
        {
            return Outcome.Ignored;
        }
        batch.Add(count, offset + Size);
        return Outcome.Whole;
    }

    /// <summary>
    /// Words between white space, where they lie. Vertical tabs and form feeds may stand before a word, but do not end one.
    /// </summary>
    private readonly int Split(ReadOnlySpan<byte> line, RequestBatch batch)
    {
        int count = 0;
        int position = 0;
        while (true)
        {
            while (position < line.Length && Ascii.IsSpace(line[position]))
            {
                position++;
            }
            if (position == line.Length)
            {
                return count;
            }
            int length = line[position..].IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
            if (length < 0)
            {
                length = line.Length - position;
            }
            batch.Reserve(count + 1)[count] = new Argument(_start + (uint)position, length);
            count++;
            position += length;
        }
    }

    /// <summary>Words with quotes: their text lives in the batch. Negative if the quotes do not balance.</summary>
    private static int SplitQuoted(ReadOnlySpan<byte> line, RequestBatch batch)
    {
        int count = 0;
        ulong target = batch.AllocateScratch(line.Length);
        Span<byte> room = Native.Bytes(target, line.Length);
        QuotedWords words = new(line);
        while (true)
        {
            QuotedWords.Step step = words.Next(room, out int size);
            if (step != QuotedWords.Step.Word)
            {
                return step == QuotedWords.Step.End ? count : -1;
            }
            batch.Reserve(count + 1)[count] = new Argument(target, size);
            count++;
            target += (uint)size;
            room = room[size..];
        }
    }

    /// <summary>Finds the end of a multibulk line and sees that the byte after it is there.</summary>
    private Outcome ReadLine(ProtocolError tooBig)
    {
        if (!FindLineEnd((byte)'\r'))
        {
            return LineMissing(tooBig);
        }
        return _lineEnd + 2 <= Available ? Outcome.Whole : Outcome.NeedMore;
    }

    private Outcome LineMissing(ProtocolError tooBig) =>
        Available - _state.Cursor > LineSizeMax ? Fail(tooBig) : Outcome.NeedMore;

    /// <summary>Looks for the end of the pending line, from where the last search ended and not beyond the longest line allowed.</summary>
    private bool FindLineEnd(byte terminator)
    {
        int searchEnd = _state.Cursor + Math.Min(Available - _state.Cursor, LineSizeMax + 1);
        ReadOnlySpan<byte> unseen = Native.Bytes(_start + (uint)_state.Searched, searchEnd - _state.Searched);
        int index = unseen.IndexOfAny(terminator, (byte)0);
        _lineEnd = _state.Searched + (index < 0 ? unseen.Length : index);
        _state.Searched = _lineEnd;
        return index >= 0 && unseen[index] == terminator;
    }

    /// <summary>The number between the type byte at the cursor and the line's end.</summary>
    private readonly bool TryReadNumber(out long number)
    {
        int length = _lineEnd - _state.Cursor - 1;
        number = 0;
        return length is > 0 and <= NumberSizeMax
            && Integers.TryParse(Native.Bytes(_start + (uint)_state.Cursor + 1, length), out number);
    }

    private Outcome Fail(ProtocolError error)
    {
        Error = error;
        return Outcome.Failed;
    }
}
