namespace Bixbite.Structures.Text;

/// <summary>
/// A text taken apart by the grammar of C's strtod (without its leading white space): sign, then digits with a point and
/// an exponent, hexadecimal digits with a point and a binary exponent, an infinity, or a NaN.
/// </summary>
internal readonly ref struct NumberText
{
    public enum Form : byte
    {
        Invalid,
        Decimal,
        Hexadecimal,
        Infinity,
        NaN,
    }

    /// <summary>Written exponents saturate here; far beyond both what any format holds and what any text's length shifts.</summary>
    public const int ExponentMax = 1 << 30;

    public readonly Form Kind;
    public readonly bool IsNegative;
    public readonly ReadOnlySpan<byte> Whole;
    public readonly ReadOnlySpan<byte> Fraction;

    /// <summary>The written exponent: of ten for decimal, of two for hexadecimal digits.</summary>
    public readonly int Exponent;

    public NumberText(ReadOnlySpan<byte> text)
    {
        Kind = Form.Invalid;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            IsNegative = text[0] == '-';
            text = text[1..];
        }
        if (text.IsEmpty)
        {
            return;
        }

        if (Ascii.IsDigit(text[0]) || text[0] == '.')
        {
            bool isHexadecimal = text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
            if (isHexadecimal)
            {
                text = text[2..];
            }
            int whole = CountDigits(text, isHexadecimal);
            Whole = text[..whole];
            text = text[whole..];
            if (text.Length > 0 && text[0] == '.')
            {
                int fraction = CountDigits(text[1..], isHexadecimal);
                Fraction = text.Slice(1, fraction);
                text = text[(1 + fraction)..];
            }
            bool hasDigits = Whole.Length + Fraction.Length > 0;
            if (hasDigits && TryReadExponent(text, isHexadecimal ? (byte)'p' : (byte)'e', out Exponent))
            {
                Kind = isHexadecimal ? Form.Hexadecimal : Form.Decimal;
            }
        }
        else if (Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8))
        {
            Kind = Form.Infinity;
        }
        else if (text.Length >= 3 && Ascii.EqualsIgnoreCase(text[..3], "nan"u8) && IsNaNPayload(text[3..]))
        {
            Kind = Form.NaN;
        }
    }

    /// <summary>
    /// The decimal digits as one number times ten to the power of <paramref name="exponent"/>; false if there are more
    /// significant digits than 64 bits hold for certain.
    /// </summary>
    public bool TryGetDecimal(out ulong significand, out int exponent)
    {
        const ulong roomForOneMore = (ulong.MaxValue - 9) / 10;
        significand = 0;
        exponent = Exponent - Fraction.Length;
        foreach (byte digit in Whole)
        {
            if (significand > roomForOneMore)
            {
                return false;
            }
            significand = significand * 10 + digit - '0';
        }
        foreach (byte digit in Fraction)
        {
            if (significand > roomForOneMore)
            {
                return false;
            }
            significand = significand * 10 + digit - '0';
        }
        return true;
    }

    /// <summary>
    /// The hexadecimal digits as the leading bits of a number times two to the power of <paramref name="exponent"/>;
    /// <paramref name="isInexact"/> tells of set bits below those.
    /// </summary>
    public UInt128 GetHexadecimal(out int exponent, out bool isInexact)
    {
        UInt128 significand = 0;
        long shift = 0;
        isInexact = false;
        for (int i = 0; i < Whole.Length + Fraction.Length; i++)
        {
            bool isFraction = i >= Whole.Length;
            int digit = Ascii.HexValue(isFraction ? Fraction[i - Whole.Length] : Whole[i]);
            if (significand >> 124 == 0)
            {
                significand = (significand << 4) | (uint)digit;
                shift -= isFraction ? 4 : 0;
            }
            else
            {
                isInexact |= digit != 0;
                shift += isFraction ? 0 : 4;
            }
        }
        exponent = (int)Math.Clamp(Exponent + shift, -ExponentMax, ExponentMax);
        return significand;
    }

    private static int CountDigits(ReadOnlySpan<byte> text, bool isHexadecimal)
    {
        int count = 0;
        while (count < text.Length && (isHexadecimal ? Ascii.HexValue(text[count]) >= 0 : Ascii.IsDigit(text[count])))
        {
            count++;
        }
        return count;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, byte mark, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }
        if ((text[0] | 0x20) != mark)
        {
            return false;
        }
        text = text[1..];
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }
        if (text.IsEmpty)
        {
            return false;
        }
        foreach (byte letter in text)
        {
            if (!Ascii.IsDigit(letter))
            {
                return false;
            }
            exponent = (int)Math.Min(exponent * 10L + letter - '0', ExponentMax);
        }
        if (isNegative)
        {
            exponent = -exponent;
        }
        return true;
    }

    private static bool IsNaNPayload(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')')
        {
            return false;
        }
        foreach (byte letter in text[1..^1])
        {
            bool isLetter = (uint)(letter | 0x20) - 'a' <= 'z' - 'a';
            if (!isLetter && !Ascii.IsDigit(letter) && letter != '_')
            {
                return false;
            }
        }
        return true;
    }
}
