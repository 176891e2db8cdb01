using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace Bixbite.Lua.Text;

/// <summary>
/// C's strtod: the longest number at the start of a text, rounded to the nearest double. Too large becomes infinite, too small becomes
/// zero.
/// </summary>
internal static class FloatReader
{
    /// <summary>No double lies so near the middle of two that more digits than this would be needed to tell its side.</summary>
    private const int SignificantMax = 780;

    /// <summary>
    /// Exponents saturate here; far beyond what any double holds, even after a text of the greatest length has shifted it.
    /// </summary>
    private const long ExponentMax = 1L << 40;

    private const double ExactMax = 1L << 53;

    private static readonly double[] s_exactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>False if the text does not begin with a number; <paramref name="length"/> counts white space before it as well.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value, out int length)
    {
        ReadOnlySpan<byte> rest = ByteClass.TrimStart(text);
        bool isNegative = rest is [(byte)'-', ..];
        if (rest is [(byte)'-' or (byte)'+', ..])
        {
            rest = rest[1..];
        }
        int before = text.Length - rest.Length;
        int count = ReadMagnitude(rest, out value);
        length = count == 0 ? 0 : before + count;
        value = isNegative ? -value : value;
        return count > 0;
    }

    private static int ReadMagnitude(ReadOnlySpan<byte> text, out double value)
    {
        if (text.IsEmpty)
        {
            value = 0;
            return 0;
        }
        if (ByteClass.IsLetter(text[0]))
        {
            return ReadWord(text, out value);
        }
        bool isHexadecimal = text is [(byte)'0', (byte)'x' or (byte)'X', ..]
            && (text is [_, _, byte digit, ..] && ByteClass.IsHexDigit(digit)
                || text is [_, _, (byte)'.', byte fraction, ..] && ByteClass.IsHexDigit(fraction));
        if (isHexadecimal)
        {
            return 2 + ReadHexadecimal(text[2..], out value);
        }
        int count = ReadShort(text, out value);
        return count > 0 ? count : ReadDecimal(text, out value);
    }

    private static int ReadWord(ReadOnlySpan<byte> text, out double value)
    {
        value = double.PositiveInfinity;
        if (StartsWith(text, "infinity"u8))
        {
            return "infinity"u8.Length;
        }
        if (StartsWith(text, "inf"u8))
        {
            return "inf"u8.Length;
        }
        if (!StartsWith(text, "nan"u8))
        {
            value = 0;
            return 0;
        }

        // The sign bit of .NET's constant is set; strtod's number has none.
        value = Math.Abs(double.NaN);
        int at = "nan"u8.Length;
        if (at < text.Length && text[at] == '(')
        {
            int end = at + 1;
            while (end < text.Length && (ByteClass.IsLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }
            at = end < text.Length && text[end] == ')' ? end + 1 : at;
        }
        return at;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (text.Length < word.Length)
        {
            return false;
        }
        for (int index = 0; index < word.Length; index++)
        {
            if (ByteClass.ToLower(text[index]) != word[index])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Reads digits and a point, if they are few and no exponent follows: the usual number. Else it is left to the long way.
    /// </summary>
    private static int ReadShort(ReadOnlySpan<byte> text, out double value)
    {
        const int digitsMax = 15;
        value = 0;
        long whole = 0;
        int digits = 0;
        int point = -1;
        int at = 0;
        for (; at < text.Length; at++)
        {
            uint digit = (uint)text[at] - '0';
            if (digit <= 9)
            {
                whole = whole * 10 + digit;
                if (++digits > digitsMax)
                {
                    return 0;
                }
            }
            else if (text[at] == '.' && point < 0)
            {
                point = at;
            }
            else
            {
                break;
            }
        }
        if (digits == 0 || (at < text.Length && (text[at] | 0x20) == 'e'))
        {
            return 0;
        }
        value = point < 0 ? whole : whole / s_exactPowersOfTen[at - point - 1];
        return at;
    }

    private static int ReadDecimal(ReadOnlySpan<byte> text, out double value)
    {
        Span<byte> digits = stackalloc byte[SignificantMax + 32];
        int kept = 0;
        int seen = 0;
        long shift = 0;
        bool isFraction = false;
        bool isInexact = false;
        int at = 0;
        for (; at < text.Length; at++)
        {
            byte letter = text[at];
            if (letter == '.' && !isFraction)
            {
                isFraction = true;
                continue;
            }
            if (!ByteClass.IsDigit(letter))
            {
                break;
            }
            seen++;
            shift -= isFraction ? 1 : 0;
            if (kept == SignificantMax)
            {
                isInexact |= letter != '0';
                shift++;
            }
            else if (kept > 0 || letter != '0')
            {
                digits[kept++] = letter;
            }
        }
        if (seen == 0)
        {
            value = 0;
            return 0;
        }
        at += ReadExponent(text[at..], 'e', out long exponent);
        if (isInexact)
        {
            digits[kept++] = (byte)'1';
            shift--;
        }
        value = kept == 0 ? 0 : Scale(digits, kept, exponent + shift);
        return at;
    }

    /// <summary>The digits as a number times ten to the power of <paramref name="exponent"/>.</summary>
    private static double Scale(Span<byte> digits, int count, long exponent)
    {
        const int longDigits = 18;
        if (count <= longDigits && Math.Abs(exponent) < s_exactPowersOfTen.Length)
        {
            bool isRead = Utf8Parser.TryParse(digits[..count], out long whole, out int _);
            Debug.Assert(isRead);
            if (whole <= ExactMax)
            {
                // Both are exact, so the one operation rounds once.
                return exponent < 0 ? whole / s_exactPowersOfTen[-exponent] : whole * s_exactPowersOfTen[exponent];
            }
        }
        if (exponent + count > 400)
        {
            return double.PositiveInfinity;
        }
        if (exponent + count < -400)
        {
            return 0;
        }
        digits[count++] = (byte)'e';
        Utf8Formatter.TryFormat(exponent, digits[count..], out int written);
        double.TryParse(digits[..(count + written)], NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value);
        return value;
    }

    private static int ReadHexadecimal(ReadOnlySpan<byte> text, out double value)
    {
        const int roomForOneMore = 60;
        ulong significand = 0;
        long shift = 0;
        bool isFraction = false;
        bool isInexact = false;
        int at = 0;
        for (; at < text.Length; at++)
        {
            byte letter = text[at];
            if (letter == '.' && !isFraction)
            {
                isFraction = true;
                continue;
            }
            if (!ByteClass.IsHexDigit(letter))
            {
                break;
            }
            uint digit = (uint)ByteClass.DigitValue(letter);
            if (significand >> roomForOneMore == 0)
            {
                significand = (significand << 4) | digit;
                shift -= isFraction ? 4 : 0;
            }
            else
            {
                isInexact |= digit != 0;
                shift += isFraction ? 0 : 4;
            }
        }
        at += ReadExponent(text[at..], 'p', out long exponent);
        value = Round(significand | (isInexact ? 1UL : 0), exponent + shift);
        return at;
    }

    /// <summary>
    /// The number times two to the power of <paramref name="exponent"/>; its lowest bit stands for all that were cut off.
    /// </summary>
    private static double Round(ulong significand, long exponent)
    {
        const int precision = 53;
        const int exponentMin = -1074;
        if (significand == 0)
        {
            return 0;
        }
        int bits = 64 - (int)ulong.LeadingZeroCount(significand);
        if (exponent + bits > 1024)
        {
            return double.PositiveInfinity;
        }
        long excess = Math.Max(bits - precision, exponentMin - exponent);
        if (excess > 64)
        {
            return 0;
        }
        if (excess > 0)
        {
            UInt128 whole = significand;
            UInt128 half = UInt128.One << ((int)excess - 1);
            UInt128 remainder = whole & ((half << 1) - 1);
            whole >>= (int)excess;
            bool isUp = remainder > half || (remainder == half && (whole & 1) == 1);
            significand = (ulong)whole + (isUp ? 1UL : 0);
            exponent += excess;
        }
        return Math.ScaleB(significand, (int)exponent);
    }

    /// <summary>The bytes of an exponent, or none if no digit follows the mark.</summary>
    private static int ReadExponent(ReadOnlySpan<byte> text, char mark, out long exponent)
    {
        exponent = 0;
        if (text.Length < 2 || ByteClass.ToLower(text[0]) != mark)
        {
            return 0;
        }
        int start = text[1] is (byte)'-' or (byte)'+' ? 2 : 1;
        int at = start;
        for (; at < text.Length && ByteClass.IsDigit(text[at]); at++)
        {
            exponent = Math.Min(exponent * 10 + text[at] - '0', ExponentMax);
        }
        if (at == start)
        {
            return 0;
        }
        exponent = text[1] == '-' ? -exponent : exponent;
        return at;
    }
}
