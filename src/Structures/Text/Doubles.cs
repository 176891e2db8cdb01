using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace Bixbite.Structures.Text;

/// <summary>
/// Doubles as bytes. Reading takes what C's strtod takes (decimal, hexadecimal, "inf", "infinity"; any case) with nothing
/// before or after it. Writing gives the fewest digits that read back as the same number, as Redis does since 7.2 (7.0
/// printed 17 digits); integers up to 2^62 in full, else a plain or a scientific form by that release's rules:
/// 0.1, 1e+21, 1.5e-7, 1.2345678901234e+4.
/// </summary>
public static class Doubles
{
    /// <summary>Enough for every double: sign, 17 digits, point, "e-308"; or sign, "0." and 6 zeros, 17 digits.</summary>
    public const int SizeMax = 32;

    private const int DigitsMax = 17;
    private const double IntegerMax = 1L << 62;

    private static readonly double[] s_exactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// Reads a double. Refused are other bytes before, within or after it, numbers too large for a double, numbers other than
    /// zero so small that they would become zero, and NaN unless <paramref name="allowNaN"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value, bool allowNaN = false)
    {
        NumberText number = new(text);
        switch (number.Kind)
        {
            case NumberText.Form.Decimal:
                return TryParseDecimal(text, number, out value);
            case NumberText.Form.Hexadecimal:
                return TryParseHexadecimal(number, out value);
            case NumberText.Form.Infinity:
                value = number.IsNegative ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case NumberText.Form.NaN when allowNaN:
                value = double.NaN;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    /// <summary>
    /// Reads a double as C's strtod does where nobody looks at its errors: leading white space is skipped, a NUL ends the text, no text is
    /// zero, and what is too large or too small for a double becomes infinite or zero. NaN is refused. Bounds of score ranges are read
    /// this way.
    /// </summary>
    public static bool TryParseLoose(ReadOnlySpan<byte> text, out double value)
    {
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        if (text.IsEmpty)
        {
            value = 0;
            return true;
        }
        while (text.Length > 0 && Ascii.IsSpace(text[0]))
        {
            text = text[1..];
        }
        if (TryParse(text, out value))
        {
            return true;
        }
        NumberText number = new(text);
        if (number.Kind is not (NumberText.Form.Decimal or NumberText.Form.Hexadecimal))
        {
            return false;
        }
        bool isLarge = number.Kind == NumberText.Form.Decimal ? !double.IsFinite(value) : number.Exponent > 0;
        value = Math.CopySign(isLarge ? double.PositiveInfinity : 0, number.IsNegative ? -1 : 1);
        return true;
    }

    /// <summary>Writes the number and returns how many bytes it took; <see cref="SizeMax"/> bytes are always enough.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }
        if (value == 0)
        {
            ReadOnlySpan<byte> zero = double.IsNegative(value) ? "-0"u8 : "0"u8;
            zero.CopyTo(destination);
            return zero.Length;
        }
        if (Math.Abs(value) <= IntegerMax && (long)value == value)
        {
            return Integers.Format((long)value, destination);
        }

        Span<byte> digits = stackalloc byte[DigitsMax];
        int count = GetShortestDigits(Math.Abs(value), digits, out int exponent);
        int sign = 0;
        if (value < 0)
        {
            destination[sign++] = (byte)'-';
        }
        return sign + Lay(digits[..count], exponent, destination[sign..]);
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> text, NumberText number, out double value)
    {
        const ulong exactMax = 1UL << 53;
        bool isShort = number.TryGetDecimal(out ulong significand, out int exponent);

        // Both factors are exact doubles, so the one operation rounds once: correctly.
        if (isShort && significand <= exactMax && Math.Abs(exponent) < s_exactPowersOfTen.Length)
        {
            value = exponent < 0 ? significand / s_exactPowersOfTen[-exponent] : significand * s_exactPowersOfTen[exponent];
            if (number.IsNegative)
            {
                value = -value;
            }
            return true;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }
        bool isUnderflow = value == 0 && (number.Whole.ContainsAnyExcept((byte)'0') || number.Fraction.ContainsAnyExcept((byte)'0'));
        return double.IsFinite(value) && !isUnderflow;
    }

    private static bool TryParseHexadecimal(NumberText number, out double value)
    {
        const int fractionBits = 52;
        const int exponentMin = -1074;
        value = 0;
        UInt128 significand = number.GetHexadecimal(out int exponent, out bool isInexact);
        if (significand != 0)
        {
            int bitCount = 128 - (int)UInt128.LeadingZeroCount(significand);
            if ((long)bitCount + exponent is > 1024 or < exponentMin - 1)
            {
                return false;
            }
            int excess = Math.Max(bitCount - (fractionBits + 1), exponentMin - exponent);
            if (excess > 0)
            {
                significand = Binary.RoundDown(significand, excess, isInexact);
                exponent += excess;
            }
            value = Math.ScaleB((double)(ulong)significand, exponent);
            if (value == 0 || !double.IsFinite(value))
            {
                return false;
            }
        }
        if (number.IsNegative)
        {
            value = -value;
        }
        return true;
    }

    /// <summary>The fewest digits that tell the number from its neighbours: 0.d1d2d3... times ten to the exponent.</summary>
    private static int GetShortestDigits(double value, Span<byte> digits, out int exponent)
    {
        Span<byte> text = stackalloc byte[SizeMax];
        bool fits = Utf8Formatter.TryFormat(value, text, out int size);
        Debug.Assert(fits);
        text = text[..size];

        exponent = 0;
        int mark = text.IndexOf((byte)'E');
        if (mark >= 0)
        {
            bool isRead = Utf8Parser.TryParse(text[(mark + 1)..], out exponent, out int _);
            Debug.Assert(isRead);
            text = text[..mark];
        }
        int point = text.IndexOf((byte)'.');
        exponent += point < 0 ? text.Length : point;

        int count = 0;
        foreach (byte letter in text)
        {
            if (letter == '.')
            {
                continue;
            }
            if (letter == '0' && count == 0)
            {
                exponent--;
            }
            else
            {
                digits[count++] = letter;
            }
        }
        while (digits[count - 1] == '0')
        {
            count--;
        }
        return count;
    }

    /// <summary>Lays digits out in the form that fits their exponent.</summary>
    private static int Lay(ReadOnlySpan<byte> digits, int pointAt, Span<byte> destination)
    {
        const int zerosMax = 7;
        const int placesMax = 6;
        const int plainExponentMax = 3;
        int trailing = pointAt - digits.Length;
        int magnitude = Math.Abs(pointAt - 1);

        if (trailing >= 0 && magnitude < digits.Length + zerosMax)
        {
            digits.CopyTo(destination);
            destination.Slice(digits.Length, trailing).Fill((byte)'0');
            return pointAt;
        }
        if (trailing < 0 && (trailing >= -placesMax || magnitude <= plainExponentMax))
        {
            return LayPlain(digits, pointAt, destination);
        }

        int size = 0;
        destination[size++] = digits[0];
        if (digits.Length > 1)
        {
            destination[size++] = (byte)'.';
            digits[1..].CopyTo(destination[size..]);
            size += digits.Length - 1;
        }
        destination[size++] = (byte)'e';
        destination[size++] = pointAt - 1 < 0 ? (byte)'-' : (byte)'+';
        return size + Integers.Format(magnitude, destination[size..]);
    }

    private static int LayPlain(ReadOnlySpan<byte> digits, int pointAt, Span<byte> destination)
    {
        if (pointAt > 0)
        {
            digits[..pointAt].CopyTo(destination);
            destination[pointAt] = (byte)'.';
            digits[pointAt..].CopyTo(destination[(pointAt + 1)..]);
            return digits.Length + 1;
        }
        int zeros = 2 - pointAt;
        destination[..zeros].Fill((byte)'0');
        destination[1] = (byte)'.';
        digits.CopyTo(destination[zeros..]);
        return zeros + digits.Length;
    }
}
