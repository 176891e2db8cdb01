using System.Buffers;
using System.Buffers.Binary;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>
/// Writes the elements of the RDB format: lengths and strings with their shortest encoding; long strings are compressed if there is a
/// compressor, or left to a target that does so later. The target may give its room in pieces of any size from nine bytes up, and may
/// send them off as they fill.
/// </summary>
internal readonly struct RdbWriter
{
    private const int CompressedLengthMin = 20;
    private const int IntegerTextLengthMax = 11;
    private const int SavingMin = 4;

    /// <summary>The form and two lengths of at most five bytes.</summary>
    private const int CompressedHeaderSizeMax = 11;

    private readonly IBufferWriter<byte> _target;
    private readonly LzfCompressor? _compressor;
    private readonly ITextQueue? _queue;

    public RdbWriter(IBufferWriter<byte> target, LzfCompressor? compressor)
    {
        _target = target;
        _compressor = compressor;
    }

    /// <summary>Leaves long strings to the target.</summary>
    public RdbWriter(ITextQueue queue, bool isCompressed)
    {
        _target = queue;
        _queue = isCompressed ? queue : null;
    }

    public void Byte(byte value)
    {
        _target.GetSpan(1)[0] = value;
        _target.Advance(1);
    }

    public void Length(ulong length) => _target.Advance(PutLength(_target.GetSpan(9), length));

    /// <summary>Eight bytes: a time, or the bits of a number.</summary>
    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_target.GetSpan(sizeof(ulong)), value);
        _target.Advance(sizeof(ulong));
    }

    /// <summary>Bytes as they are, of which the reader knows how many.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => _target.Write(bytes);

    public void String(ReadOnlySpan<byte> text)
    {
        bool isInteger = text.Length <= IntegerTextLengthMax && Integers.TryParse(text, out long value) && TryInteger(value);
        if (isInteger)
        {
            return;
        }
        if (_queue is not null && text.Length > CompressedLengthMin)
        {
            _queue.BeginText(text.Length);
            _target.Write(text);
        }
        else
        {
            Long(text);
        }
    }

    /// <summary>A string that comes in pieces, by <see cref="Raw"/>: only its length is needed before.</summary>
    public void BeginString(long length)
    {
        if (_queue is not null && length > CompressedLengthMin)
        {
            _queue.BeginText(length);
        }
        else
        {
            Length((ulong)length);
        }
    }

    /// <summary>A string of which is known that it is not written as an integer.</summary>
    public void Long(ReadOnlySpan<byte> text)
    {
        if (!TryCompressed(text))
        {
            Plain(text);
        }
    }

    public void Integer(long value)
    {
        if (!TryInteger(value))
        {
            Span<byte> text = stackalloc byte[Integers.SizeMax];
            Plain(text[..Integers.Format(value, text)]);
        }
    }

    private static int PutLength(Span<byte> span, ulong length)
    {
        switch (length)
        {
            case < 1 << 6:
                span[0] = (byte)length;
                return 1;
            case < 1 << 14:
                BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)(length | (RdbFormat.Length14 << 8)));
                return 2;
            case <= uint.MaxValue:
                span[0] = RdbFormat.Length32;
                BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)length);
                return 5;
            default:
                span[0] = RdbFormat.Length64;
                BinaryPrimitives.WriteUInt64BigEndian(span[1..], length);
                return 9;
        }
    }

    private void Plain(ReadOnlySpan<byte> text)
    {
        Length((ulong)text.Length);
        _target.Write(text);
    }

    private bool TryInteger(long value)
    {
        Span<byte> span = _target.GetSpan(5);
        switch (value)
        {
            case >= sbyte.MinValue and <= sbyte.MaxValue:
                span[0] = RdbFormat.Special | RdbFormat.SpecialInt8;
                span[1] = (byte)value;
                _target.Advance(2);
                return true;
            case >= short.MinValue and <= short.MaxValue:
                span[0] = RdbFormat.Special | RdbFormat.SpecialInt16;
                BinaryPrimitives.WriteInt16LittleEndian(span[1..], (short)value);
                _target.Advance(3);
                return true;
            case >= int.MinValue and <= int.MaxValue:
                span[0] = RdbFormat.Special | RdbFormat.SpecialInt32;
                BinaryPrimitives.WriteInt32LittleEndian(span[1..], (int)value);
                _target.Advance(5);
                return true;
            default:
                return false;
        }
    }

    private bool TryCompressed(ReadOnlySpan<byte> text)
    {
        if (_compressor is null || text.Length <= CompressedLengthMin)
        {
            return false;
        }
        // Compressed to behind the longest header; what is long enough for that one stays there.
        Span<byte> room = _target.GetSpan(CompressedHeaderSizeMax + text.Length);
        int size = _compressor.Compress(text, room.Slice(CompressedHeaderSizeMax, text.Length - SavingMin));
        if (size == 0)
        {
            return false;
        }
        Span<byte> header = stackalloc byte[CompressedHeaderSizeMax];
        header[0] = RdbFormat.Special | RdbFormat.SpecialLzf;
        int headerSize = 1 + PutLength(header[1..], (ulong)size);
        headerSize += PutLength(header[headerSize..], (ulong)text.Length);
        room.Slice(CompressedHeaderSizeMax, size).CopyTo(room[headerSize..]);
        header[..headerSize].CopyTo(room);
        _target.Advance(headerSize + size);
        return true;
    }
}
