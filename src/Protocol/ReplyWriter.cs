using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>
/// Writes replies as RESP2 or RESP3 bytes at the end of a buffer. Every method writes exactly one element, or the header of an
/// aggregate whose elements follow; what RESP2 lacks is written in the form Redis degrades it to:
///
///            RESP2                        RESP3                             RESP2           RESP3
///   Null     $-1                          _                    Map(n)       *2n             %n
///   NullArray *-1                         _                    Set(n)       *n              ~n
///   Double   bulk                         ,1.5                 Push(n)      *n              &gt;n
///   Boolean  :1 :0                        #t #f                BigNumber    bulk            (123
///   Verbatim bulk                         =7 txt:abc
///
/// One writer serves all connections of a loop: <see cref="Version"/> is set for each. The buffer belongs to the loop.
///
/// Replies flow: what a client's replies take beyond a bound is handed to the client's <see cref="IReplySink"/> while the command goes on,
/// and large stored values are handed on where they lie. A writer without a sink drops a reply that outgrows <see cref="SizeMax"/>.
/// <code>
///   buffer  | replies of other clients | earlier replies of this client | the command's reply ... |
///                                      ^ ClientStart                    ^ _start                  ^ Length
///   flows:                             |------- to the sink, but for the places of open headers --|
/// </code>
/// </summary>
public sealed class ReplyWriter
{
    /// <summary>Bytes reserved for a deferred header: enough for a count of one digit.</summary>
    private const int DeferredSize = 4;

    /// <summary>More than this of one client's replies flows.</summary>
    private const int FlowSizeMax = 256 * 1024;

    /// <summary>With more than this in the buffer, each client's replies flow to the end.</summary>
    private const int BufferSizeMax = 32 * 1024 * 1024;

    /// <summary>Bulks of this size and more are handed on at once.</summary>
    private const int LongSizeMin = 64 * 1024;

    /// <summary>Two numbers of 64 bits and what stands between them.</summary>
    private const int CursorSizeMax = 48;

    private readonly NativeBuffer _buffer;
    private readonly OpenPlaces _open = new();
    private IReplySink? _sink;
    private int _start;
    private int _flowsBeyond = 1 << 30;
    private long _takenSize;
    private byte[] _error = [];
    private int _errorLength;

    public ReplyWriter(NativeBuffer buffer) => _buffer = buffer;

    public NativeBuffer Buffer => _buffer;

    /// <summary>2 or 3: the protocol of the client replied to.</summary>
    public int Version { get; set; } = 2;

    /// <summary>How many bytes the buffer of a writer without a sink may hold.</summary>
    public int SizeMax
    {
        get => _flowsBeyond;
        init => _flowsBeyond = value;
    }

    /// <summary>The command's reply became larger than any buffer may be, and was dropped: its client has to be cut off.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>Nobody wants the rest of the command's reply, so it need not be made.</summary>
    public bool IsUnwanted { get; private set; }

    /// <summary>The client's sink has said that the client is gone.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Where in the buffer those of the client's replies begin that its sink has not taken.</summary>
    public int ClientStart { get; private set; }

    /// <summary>Bytes of all the client's replies since <see cref="BeginClient"/>.</summary>
    public long ClientSize => _takenSize + _buffer.Length - ClientStart;

    /// <summary>
    /// A reply that is one integer is not written but kept as <see cref="Number"/>: for a reader within the process.
    /// </summary>
    public bool KeepsNumber { get; set; }

    /// <summary>The command's reply is one integer that was kept, and nothing is in the buffer.</summary>
    public bool IsNumber { get; private set; }

    public long Number { get; private set; }

    /// <summary>Count of errors written so far: the executor compares it to know that a command failed.</summary>
    public long ErrorCount { get; private set; }

    /// <summary>The last error's text without '-' and line end; good until the next error.</summary>
    public ReadOnlySpan<byte> LastError => _error.AsSpan(0, _errorLength);

    /// <summary>The replies of another client begin here. Beyond <paramref name="flowSize"/> bytes they go to its sink.</summary>
    public void BeginClient(IReplySink sink, long flowSize = FlowSizeMax)
    {
        _sink = sink;
        ClientStart = _buffer.Length;
        _flowsBeyond = ClientStart + (int)Math.Min(flowSize, FlowSizeMax);
        _takenSize = 0;
        IsGone = false;
        Begin();
    }

    /// <summary>The client's replies up to here have been taken out of the buffer by somebody else.</summary>
    public void RestartClient()
    {
        int taken = _buffer.Length - ClientStart;
        _takenSize += taken;
        _flowsBeyond += taken;
        ClientStart += taken;
    }

    /// <summary>
    /// The client's replies are complete. Those not taken stay in the buffer from <see cref="ClientStart"/> on, unless it has become long.
    /// </summary>
    public void EndClient()
    {
        if (_buffer.Length <= BufferSizeMax || IsGone)
        {
            return;
        }
        IsUnwanted = false;
        Flow();
    }

    /// <summary>A command's reply begins here: what follows may be dropped again, as far as it does not flow.</summary>
    public void Begin()
    {
        Debug.Assert(_open.Count == 0, "every deferred header is ended");
        _start = _buffer.Length;
        IsOverflown = false;
        IsUnwanted = IsGone;
        IsNumber = false;
    }

    /// <summary>Nobody wants what the command writes from now on; to be followed by <see cref="Drop"/>. Nothing of it flows.</summary>
    public void Discard() => IsUnwanted = true;

    /// <summary>Takes back what the command has written.</summary>
    public void Drop()
    {
        _buffer.Truncate(_start);
        _open.Clear();
        IsNumber = false;
    }

    /// <summary>
    /// Nothing flows until <see cref="EndWhole"/>, which is given the result: somebody composes something in the buffer and looks at it.
    /// </summary>
    public int BeginWhole()
    {
        if (_buffer.Length > _flowsBeyond)
        {
            Flow();
        }
        int flowsBeyond = _flowsBeyond;
        _flowsBeyond = int.MaxValue;
        return flowsBeyond;
    }

    public void EndWhole(int mark) => _flowsBeyond = mark;

    public void Ok() => WriteWord(0x0A0D_4B4F_2BUL, 5); // +OK

    public void Pong() => WriteWord(0x0A_0D47_4E4F_502BUL, 7); // +PONG

    public void Queued() => Raw("+QUEUED\r\n"u8);

    public void Simple(ReadOnlySpan<byte> text) => WriteLine((byte)'+', text);

    /// <param name="text">The code and the message, without the leading '-': one of <see cref="ErrorText"/>.</param>
    public void Error(ReadOnlySpan<byte> text)
    {
        Debug.Assert(text.Length > 0 && text[0] != '-' && text.IndexOfAny((byte)'\r', (byte)'\n') < 0);
        WriteLine((byte)'-', text);
        NoteError(text);
    }

    public void Integer(long value)
    {
        if (KeepsNumber && _buffer.Length == _start && !IsUnwanted)
        {
            Number = value;
            IsNumber = true;
            return;
        }
        WriteHeader((byte)':', value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bulk(ReadOnlySpan<byte> value)
    {
        if (value.Length < LongSizeMin)
        {
            value.CopyTo(ReserveBulk(value.Length));
        }
        else
        {
            LongBulk(value, block: 0);
        }
    }

    /// <summary>A bulk whose bytes lie in a block of the data: a long one is sent from there. Block 0 is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoredBulk(ReadOnlySpan<byte> value, ulong block)
    {
        if (value.Length < LongSizeMin)
        {
            value.CopyTo(ReserveBulk(value.Length));
        }
        else
        {
            LongBulk(value, block);
        }
    }

    /// <summary>An integer as a bulk string.</summary>
    public void BulkInteger(long value)
    {
        Span<byte> digits = stackalloc byte[24];
        Bulk(digits[..Integers.Format(value, digits)]);
    }

    /// <summary>Writes a bulk of a known length and returns the room for its bytes, which the caller fills before anything else.</summary>
    public Span<byte> ReserveBulk(int length)
    {
        Span<byte> room = Room(length + ReplyHeader.Room);
        int start = ReplyHeader.Put(room, (byte)'$', length);
        BinaryPrimitives.WriteUInt16LittleEndian(room[(start + length)..], (ushort)ReplyHeader.LineEnd);
        _buffer.Advance(start + length + 2);
        return room.Slice(start, length);
    }

    public void Null()
    {
        if (Version == 2)
        {
            WriteWord(0x0A0D_312D_24UL, 5); // $-1
        }
        else
        {
            WriteWord(0x0A0D_5FUL, 3); // _
        }
    }

    public void NullArray()
    {
        if (Version == 2)
        {
            WriteWord(0x0A0D_312D_2AUL, 5); // *-1
        }
        else
        {
            WriteWord(0x0A0D_5FUL, 3); // _
        }
    }

    public void Array(long count) => WriteHeader((byte)'*', count);

    public void Map(int pairCount) => WriteHeader(MapKind, MapCount(pairCount));

    public void Set(int count) => WriteHeader(SetKind, count);

    public void Push(int count) => WriteHeader(Version == 2 ? (byte)'*' : (byte)'>', count);

    /// <summary>Attributes exist in RESP3 only: the caller leaves them and their pairs out for RESP2.</summary>
    public void Attribute(int pairCount)
    {
        Debug.Assert(Version == 3);
        WriteHeader((byte)'|', pairCount);
    }

    public void Double(double value)
    {
        Span<byte> digits = stackalloc byte[Doubles.SizeMax];
        digits = digits[..Doubles.Format(value, digits)];
        if (Version == 2)
        {
            Bulk(digits);
        }
        else
        {
            WriteLine((byte)',', digits);
        }
    }

    /// <summary>A number whose digits are made elsewhere, since it is no double (INCREX).</summary>
    public void DoubleText(ReadOnlySpan<byte> digits)
    {
        if (Version == 2)
        {
            Bulk(digits);
        }
        else
        {
            WriteLine((byte)',', digits);
        }
    }

    public void Boolean(bool value)
    {
        if (Version == 2)
        {
            Integer(value ? 1 : 0);
        }
        else
        {
            WriteWord(value ? 0x0A0D_7423UL : 0x0A0D_6623UL, 4); // #t #f
        }
    }

    public void BigNumber(ReadOnlySpan<byte> digits)
    {
        if (Version == 2)
        {
            Bulk(digits);
        }
        else
        {
            WriteLine((byte)'(', digits);
        }
    }

    /// <param name="text">Text to show to a human as it is.</param>
    /// <param name="extension">Its format in at most three letters: txt or mkd.</param>
    public void Verbatim(ReadOnlySpan<byte> text, ReadOnlySpan<byte> extension)
    {
        Debug.Assert(extension.Length <= 3);
        if (Version == 2)
        {
            Bulk(text);
            return;
        }

        Span<byte> room = Room(text.Length + ReplyHeader.Room + 4);
        int start = ReplyHeader.Put(room, (byte)'=', text.Length + 4);
        "   :"u8.CopyTo(room[start..]);
        extension.CopyTo(room[start..]);
        start += 4;
        text.CopyTo(room[start..]);
        BinaryPrimitives.WriteUInt16LittleEndian(room[(start + text.Length)..], (ushort)ReplyHeader.LineEnd);
        _buffer.Advance(start + text.Length + 2);
    }

    /// <summary>
    /// A verbatim text whose length is not known yet: <see cref="Raw"/> appends to it, and nothing of it flows until it is whole. Returns
    /// the marks to end it with.
    /// </summary>
    public (int Whole, int Header) BeginVerbatim() => (BeginWhole(), BeginDeferred());

    public void EndVerbatim((int Whole, int Header) mark, ReadOnlySpan<byte> extension)
    {
        Debug.Assert(extension.Length <= 3);
        int length = _buffer.Length - _open.PositionAt(mark.Header) - DeferredSize;
        Span<byte> header = stackalloc byte[ReplyHeader.Room];
        int size = Version == 2 ? ReplyHeader.Put(header, (byte)'$', length) : ReplyHeader.Put(header, (byte)'=', length + 4);
        if (Version > 2)
        {
            "   :"u8.CopyTo(header[size..]);
            extension.CopyTo(header[size..]);
            size += 4;
        }
        EndDeferred(mark.Header, header[..size]);
        Raw("\r\n"u8);
        EndWhole(mark.Whole);
    }

    /// <summary>Bytes that already are a reply, or a part of one.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _buffer.Advance(bytes.Length);
    }

    /// <summary>An array whose count is not known yet; returns the mark to end it with. Deferred aggregates nest.</summary>
    public int BeginArray() => BeginDeferred();

    public void EndArray(int mark, int count) => EndDeferred(mark, (byte)'*', count);

    public int BeginMap() => BeginDeferred();

    public void EndMap(int mark, int pairCount) => EndDeferred(mark, MapKind, MapCount(pairCount));

    public int BeginSet() => BeginDeferred();

    public void EndSet(int mark, int count) => EndDeferred(mark, SetKind, count);

    /// <summary>The cursor of a scan, which stands before what the scan finds; returns the mark to end it with.</summary>
    public int BeginCursor() => BeginDeferred();

    public void EndCursor(int mark, ulong cursor)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        EndCursor(mark, digits[..Integers.Format(cursor, digits)]);
    }

    /// <summary>The same for a cursor that is a text, of no more than <see cref="CursorSizeMax"/> bytes.</summary>
    public void EndCursor(int mark, ReadOnlySpan<byte> cursor)
    {
        Debug.Assert(cursor.Length <= CursorSizeMax);
        Span<byte> bulk = stackalloc byte[ReplyHeader.Room + CursorSizeMax + 2];
        int size = ReplyHeader.Put(bulk, (byte)'$', cursor.Length);
        cursor.CopyTo(bulk[size..]);
        size += cursor.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(bulk[size..], (ushort)ReplyHeader.LineEnd);
        EndDeferred(mark, bulk[..(size + 2)]);
    }

    /// <summary>An error with this text (without '-' and line end) was written.</summary>
    internal void NoteError(ReadOnlySpan<byte> text)
    {
        ErrorCount++;
        if (_error.Length < text.Length)
        {
            _error = new byte[Math.Max(256, text.Length)];
        }
        text.CopyTo(_error);
        _errorLength = text.Length;
    }

    private byte MapKind => Version == 2 ? (byte)'*' : (byte)'%';

    private byte SetKind => Version == 2 ? (byte)'*' : (byte)'~';

    private long MapCount(int pairCount) => Version == 2 ? pairCount * 2L : pairCount;

    private int BeginDeferred()
    {
        Span<byte> room = Room(8);
        int mark = _open.Push(_buffer.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(room, 0x0A0D_302AUL); // *0
        _buffer.Advance(DeferredSize);
        return mark;
    }

    private void EndDeferred(int mark, byte kind, long count)
    {
        Debug.Assert(count >= 0);
        Span<byte> header = stackalloc byte[ReplyHeader.Room];
        EndDeferred(mark, header[..ReplyHeader.Put(header, kind, count)]);
    }

    private void EndDeferred(int mark, ReadOnlySpan<byte> header)
    {
        if (!_open.TryPop(mark, out int position, out ulong place))
        {
            return;
        }
        if (position < 0)
        {
            _takenSize += header.Length;
            if (place != 0)
            {
                _sink!.Fill(place, header);
            }
            return;
        }
        int shift = header.Length - DeferredSize;
        if (shift != 0)
        {
            int body = position + DeferredSize;
            int length = _buffer.Length - body;
            _buffer.Reserve(shift);
            _buffer.Advance(shift);
            Native.Bytes(_buffer.Address + (ulong)body, length).CopyTo(Native.Bytes(_buffer.Address + (ulong)(body + shift), length));
        }

        header.CopyTo(Native.Bytes(_buffer.Address + (ulong)position, header.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int count)
    {
        if (_buffer.Length > _flowsBeyond)
        {
            Flow();
        }
        return _buffer.Reserve(count);
    }

    /// <summary>
    /// Hands the client's replies to its sink. Where nobody wants them, commands go on writing, into the room of what is dropped.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Flow()
    {
        if (_sink is null || IsUnwanted)
        {
            IsOverflown |= _sink is null;
            IsUnwanted = true;
            Drop();
            return;
        }
        int from = ClientStart;
        for (int index = 0; index < _open.Count; index++)
        {
            if (_open.HasFlowed(index))
            {
                continue;
            }
            int position = _open.PositionAt(index);
            HandOn(_buffer.Written(from)[..(position - from)]);
            _open.Place(index, IsGone ? 0 : _sink.TakePlace());
            from = position + DeferredSize;
        }
        HandOn(_buffer.Written(from));
        _start = ClientStart;
        _buffer.Truncate(_start);
        if (IsGone)
        {
            Drop();
        }
    }

    private void HandOn(ReadOnlySpan<byte> bytes, ulong block = 0)
    {
        if (bytes.IsEmpty || IsGone)
        {
            return;
        }
        _takenSize += bytes.Length;
        if (!(block == 0 ? _sink!.Take(bytes) : _sink!.TakeStored(block, bytes)))
        {
            IsGone = IsUnwanted = true;
        }
    }

    /// <summary>Too long to be copied twice: the bytes go to the sink at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LongBulk(ReadOnlySpan<byte> value, ulong block)
    {
        if (_sink is null || _flowsBeyond == int.MaxValue)
        {
            value.CopyTo(ReserveBulk(value.Length));
            return;
        }
        WriteHeader((byte)'$', value.Length);
        Flow();
        if (!IsUnwanted)
        {
            HandOn(value, block);
        }
        Raw("\r\n"u8);
    }

    private void WriteHeader(byte kind, long value) => _buffer.Advance(ReplyHeader.Put(Room(ReplyHeader.Room), kind, value));

    private void WriteLine(byte kind, ReadOnlySpan<byte> text)
    {
        Span<byte> room = Room(text.Length + 3);
        room[0] = kind;
        text.CopyTo(room[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(room[(text.Length + 1)..], (ushort)ReplyHeader.LineEnd);
        _buffer.Advance(text.Length + 3);
    }

    /// <summary>A reply of at most 8 bytes in one store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteWord(ulong word, int size)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), word);
        _buffer.Advance(size);
    }
}
