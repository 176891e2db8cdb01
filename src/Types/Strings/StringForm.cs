using System.Diagnostics;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Strings;

/// <summary>
/// A string value on its way into a record: the encoding it will have and the bytes or the number. It owns nothing; the bytes must
/// outlive it. Integers are recognised as Redis does: only text that is exactly what formatting the number gives back.
/// </summary>
public readonly ref struct StringForm
{
    /// <summary>Longer values get a block of their own, so that growing them does not move the key.</summary>
    public const int InlineSizeMax = 2048;

    /// <summary>Up to this many bytes OBJECT ENCODING answers <c>embstr</c>, above it <c>raw</c> (Redis' limit).</summary>
    public const int EmbeddedNameSizeMax = 44;

    public readonly StringEncoding Encoding;
    public readonly long Integer;
    public readonly ReadOnlySpan<byte> Bytes;

    /// <summary>The value was made by editing bytes in place: OBJECT ENCODING answers <c>raw</c> whatever its length.</summary>
    public readonly bool IsRaw;

    /// <summary>The block of the heap in which the bytes lie, and which the record takes over; 0 where they are copied.</summary>
    public readonly ulong Block;

    private StringForm(StringEncoding encoding, long integer, ReadOnlySpan<byte> bytes, bool isRaw, ulong block = 0)
    {
        Block = block;
        Encoding = encoding;
        Integer = integer;
        Bytes = bytes;
        IsRaw = isRaw;
    }

    /// <summary>A value as SET stores it: an integer where the text is one.</summary>
    public static StringForm Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Integers.SizeMax && Integers.TryParse(bytes, out long integer))
        {
            return OfInteger(integer);
        }
        return OfText(bytes);
    }

    public static StringForm OfInteger(long integer) => new(StringEncoding.Integer, integer, default, false);

    /// <summary>The bytes as they are, even where they spell an integer.</summary>
    public static StringForm OfText(ReadOnlySpan<byte> bytes) => new(EncodingFor(bytes.Length), 0, bytes, false);

    /// <summary>The bytes of a value that was edited in place, or made by a command whose results Redis keeps as <c>raw</c>.</summary>
    public static StringForm OfRaw(ReadOnlySpan<byte> bytes) => new(EncodingFor(bytes.Length), 0, bytes, true);

    /// <summary>The same for a long value that lies in a block of its own already.</summary>
    public static StringForm OfRawBlock(ulong block, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(EncodingFor(bytes.Length) == StringEncoding.Block, "Short values have no block.");
        return new StringForm(StringEncoding.Block, 0, bytes, true, block);
    }

    /// <summary>A long value as SET stores it, which lies in a block of its own already.</summary>
    public static StringForm OfBlock(ulong block, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(EncodingFor(bytes.Length) == StringEncoding.Block, "Short values have no block.");
        return new StringForm(StringEncoding.Block, 0, bytes, false, block);
    }

    public static StringEncoding EncodingFor(long length) =>
        length <= InlineSizeMax ? StringEncoding.Inline : StringEncoding.Block;
}
