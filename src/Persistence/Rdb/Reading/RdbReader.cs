using System.Buffers.Binary;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>
/// Reads the elements of the RDB format from bytes that may be wrong in any way. After the first mistake every read fails, so a caller
/// may read on and ask once at the end; loops over a claimed count must ask each time. Room is never made for more than the bytes
/// that are there can give.
/// </summary>
internal ref struct RdbReader
{
    /// <summary>LZF makes at most so many bytes of one.</summary>
    private const ulong ExpansionMax = 264;

    /// <summary>The form of a compressed string, and two lengths of two bytes.</summary>
    private const int LookAheadSize = 5;

    private readonly IRdbSource? _source;
    private readonly RdbScratch _scratch;
    private readonly long _lengthMax;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads these bytes, from which strings are shown as they lie.</summary>
    /// <param name="bytes">All there is to read; they must stay as long as the reader.</param>
    /// <param name="scratch">Room for other strings.</param>
    /// <param name="lengthMax">The longest string that is allowed.</param>
    public RdbReader(ReadOnlySpan<byte> bytes, RdbScratch scratch, long lengthMax)
    {
        _rest = bytes;
        _scratch = scratch;
        _lengthMax = Math.Min(lengthMax, Array.MaxLength);
    }

    /// <summary>Reads what the source gives; <paramref name="unreadCount"/> of the bytes it gave already were not read.</summary>
    public RdbReader(IRdbSource source, RdbScratch scratch, long lengthMax, int unreadCount = 0)
        : this(source.Read(unreadCount, unreadCount), scratch, lengthMax) => _source = source;

    public bool HasFailed { get; private set; }

    /// <summary>Bytes at hand that have not been read.</summary>
    public readonly int UnreadCount => _rest.Length;

    public bool IsAtEnd => _rest.IsEmpty && (_source is null || !TryFill(1));

    public byte Byte() => Take(1) is [byte value] ? value : default;

    /// <summary>A length; a special encoding in its place is a mistake.</summary>
    public ulong Length()
    {
        byte first = Byte();
        if ((first & RdbFormat.FormMask) == RdbFormat.Special)
        {
            HasFailed = true;
        }
        return LengthAfter(first);
    }

    /// <summary>Eight bytes: a time, or the bits of a number.</summary>
    public ulong Fixed64() => Take(sizeof(ulong)) is { Length: sizeof(ulong) } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Four bytes, a time in old files.</summary>
    public uint Fixed32() => Take(sizeof(uint)) is { Length: sizeof(uint) } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    /// <summary>So many bytes as they are; none if they are not there. Good until the next read.</summary>
    public ReadOnlySpan<byte> Raw(int count) => Take((ulong)count);

    /// <summary>A string; integers are given as their text. Good until the next call, or as long as the bytes before the reader.</summary>
    public ReadOnlySpan<byte> Text() => Text(isSecond: false);

    /// <summary>A string that is read while the last <see cref="Text()"/> is still needed. Good until the next call.</summary>
    public ReadOnlySpan<byte> SecondText() => Text(isSecond: true);

    /// <summary>The length of the string that comes next if it is compressed; 0 if it is not, or is wrong. Nothing is read by it.</summary>
    public readonly int CompressedLength()
    {
        RdbReader ahead = this;
        return ahead.TryCompressed(out _, out int length) ? length : 0;
    }

    /// <summary>
    /// The length of the string that comes next, if it is neither an integer nor very long and that can be told from the bytes at hand;
    /// otherwise 0. Nothing is read by it.
    /// </summary>
    public readonly int LengthAhead()
    {
        if (_rest.Length < LookAheadSize)
        {
            return 0;
        }
        if (_rest[0] != (RdbFormat.Special | RdbFormat.SpecialLzf))
        {
            return LengthAt(0, out _);
        }
        // The length of what is compressed, and then that of the text.
        return LengthAt(1, out int size) > 0 ? LengthAt(1 + size, out _) : 0;
    }

    /// <summary>Reads a compressed string into the room that it fills.</summary>
    public bool TryDecompress(Span<byte> text) =>
        TryCompressed(out ReadOnlySpan<byte> compressed, out int length) && length == text.Length
        && Lzf.Decompress(compressed, text) == length;

    /// <summary>A length of one byte or two that stands there, and its size; otherwise 0.</summary>
    private readonly int LengthAt(int offset, out int size)
    {
        byte first = _rest[offset];
        int form = first & RdbFormat.FormMask;
        size = form == 0 ? 1 : 2;
        return form == 0 ? first : form == RdbFormat.Length14 ? ((first & RdbFormat.ValueMask) << 8) | _rest[offset + 1] : 0;
    }

    private bool TryCompressed(out ReadOnlySpan<byte> compressed, out int length)
    {
        compressed = default;
        length = 0;
        return Byte() == (RdbFormat.Special | RdbFormat.SpecialLzf) && TryCompressedAfterForm(out compressed, out length);
    }

    private ReadOnlySpan<byte> Text(bool isSecond)
    {
        byte first = Byte();
        if (HasFailed)
        {
            return default;
        }
        if ((first & RdbFormat.FormMask) != RdbFormat.Special)
        {
            return Plain(LengthAfter(first), isSecond);
        }
        return (first & RdbFormat.ValueMask) switch
        {
            RdbFormat.SpecialInt8 => Digits((sbyte)Byte(), isSecond),
            RdbFormat.SpecialInt16 => Take(2) is { Length: 2 } two ? Digits(BinaryPrimitives.ReadInt16LittleEndian(two), isSecond) : [],
            RdbFormat.SpecialInt32 => Take(4) is { Length: 4 } four ? Digits(BinaryPrimitives.ReadInt32LittleEndian(four), isSecond) : [],
            RdbFormat.SpecialLzf => Compressed(isSecond),
            _ => Fail(),
        };
    }

    private readonly ReadOnlySpan<byte> Digits(long value, bool isSecond)
    {
        Span<byte> digits = _scratch.Take(Integers.SizeMax, isSecond);
        return digits[..Integers.Format(value, digits)];
    }

    private ReadOnlySpan<byte> Plain(ulong length, bool isSecond)
    {
        if (length > (ulong)_lengthMax)
        {
            return Fail();
        }
        ReadOnlySpan<byte> text = Take(length);
        if (_source is null || HasFailed)
        {
            return text;
        }
        Span<byte> copy = _scratch.Take(text.Length, isSecond);
        text.CopyTo(copy);
        return copy;
    }

    private ReadOnlySpan<byte> Compressed(bool isSecond)
    {
        if (!TryCompressedAfterForm(out ReadOnlySpan<byte> compressed, out int length))
        {
            return Fail();
        }
        Span<byte> text = _scratch.Take(length, isSecond);
        return Lzf.Decompress(compressed, text) == text.Length ? text : Fail();
    }

    /// <summary>The bytes of a compressed string, and the length of what they stand for, which they may well give.</summary>
    private bool TryCompressedAfterForm(out ReadOnlySpan<byte> compressed, out int length)
    {
        ulong compressedLength = Length();
        ulong claimedLength = Length();
        compressed = Take(compressedLength);
        bool isPossible = !HasFailed && claimedLength != 0 && claimedLength <= (ulong)_lengthMax
            && claimedLength <= (ulong)compressed.Length * ExpansionMax;
        length = isPossible ? (int)claimedLength : 0;
        return isPossible;
    }

    private ulong LengthAfter(byte first)
    {
        switch (first & RdbFormat.FormMask)
        {
            case 0:
                return first;
            case RdbFormat.Length14:
                return ((ulong)(first & RdbFormat.ValueMask) << 8) | Byte();
        }
        switch (first)
        {
            case RdbFormat.Length32:
                return Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : 0;
            case RdbFormat.Length64:
                return Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64BigEndian(eight) : 0;
            default:
                HasFailed = true;
                return 0;
        }
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (!HasFailed && count > (ulong)_rest.Length && (_source is null || !TryFill(count)))
        {
            HasFailed = true;
        }
        if (HasFailed)
        {
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private bool TryFill(ulong count)
    {
        if (count > (ulong)Array.MaxLength)
        {
            return false;
        }
        _rest = _source!.Read(_rest.Length, (int)count);
        return (ulong)_rest.Length >= count;
    }

    private ReadOnlySpan<byte> Fail()
    {
        HasFailed = true;
        return default;
    }
}
