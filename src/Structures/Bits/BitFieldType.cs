using Bixbite.Structures.Text;

namespace Bixbite.Structures.Bits;

/// <summary>The type of a bit field: i1 to i64 are signed, u1 to u63 unsigned.</summary>
public readonly record struct BitFieldType(bool IsSigned, int BitCount)
{
    private const int SignedMax = 64;
    private const int UnsignedMax = 63;

    /// <summary>The largest number a field of this type holds.</summary>
    public long Max => IsSigned ? long.MaxValue >> (SignedMax - BitCount) : (1L << BitCount) - 1;

    /// <summary>The smallest number a field of this type holds.</summary>
    public long Min => IsSigned ? long.MinValue >> (SignedMax - BitCount) : 0;

    public static bool TryParse(ReadOnlySpan<byte> text, out BitFieldType type)
    {
        type = default;
        if (text.IsEmpty || text[0] is not ((byte)'i' or (byte)'u'))
        {
            return false;
        }
        bool isSigned = text[0] == 'i';
        if (!Integers.TryParse(text[1..], out long bitCount) || bitCount < 1 || bitCount > (isSigned ? SignedMax : UnsignedMax))
        {
            return false;
        }
        type = new BitFieldType(isSigned, (int)bitCount);
        return true;
    }
}
