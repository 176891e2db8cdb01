using System.Buffers.Binary;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Rdb;

/// <summary>
/// Reads the elements of the RDB format from bytes that may be wrong in any way. After the first mistake every read fails, so a caller
/// may read on and ask once at the end.
/// </summary>
internal ref struct RdbReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public bool HasFailed { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

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

    /// <summary>A string of at most <paramref name="lengthMax"/> bytes; integers are given as their text.</summary>
    public byte[] String(long lengthMax)
    {
        byte first = Byte();
        if (HasFailed)
        {
            return [];
        }
        if ((first & RdbFormat.FormMask) != RdbFormat.Special)
        {
            ulong length = LengthAfter(first);
            return length <= (ulong)lengthMax ? Take(length).ToArray() : Fail();
        }
        return (first & RdbFormat.ValueMask) switch
        {
            RdbFormat.SpecialInt8 => Text((sbyte)Byte()),
            RdbFormat.SpecialInt16 => Take(2) is { Length: 2 } two ? Text(BinaryPrimitives.ReadInt16LittleEndian(two)) : [],
            RdbFormat.SpecialInt32 => Take(4) is { Length: 4 } four ? Text(BinaryPrimitives.ReadInt32LittleEndian(four)) : [],
            RdbFormat.SpecialLzf => Compressed(lengthMax),
            _ => Fail(),
        };
    }

    private static byte[] Text(long value)
    {
        Span<byte> text = stackalloc byte[Integers.SizeMax];
        return text[..Integers.Format(value, text)].ToArray();
    }

    private byte[] Compressed(long lengthMax)
    {
        ulong compressedLength = Length();
        ulong length = Length();
        ReadOnlySpan<byte> compressed = Take(compressedLength);

        // LZF makes at most 264 bytes of 3: a larger claim would only cost memory.
        if (HasFailed || length > (ulong)lengthMax || length == 0 || length > (ulong)compressed.Length * 264)
        {
            return Fail();
        }
        byte[] text = new byte[length];
        return Lzf.Decompress(compressed, text) == text.Length ? text : Fail();
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
        if (HasFailed || count > (ulong)_rest.Length)
        {
            HasFailed = true;
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private byte[] Fail()
    {
        HasFailed = true;
        return [];
    }
}
