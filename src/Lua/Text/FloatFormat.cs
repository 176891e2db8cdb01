using System.Diagnostics;

namespace Bixbite.Lua.Text;

/// <summary>
/// Doubles in the three forms of C's printf: <c>%f</c> (plain), <c>%e</c> (scientific) and <c>%g</c> (whichever is shorter). Writes neither
/// sign nor padding, which belong to the format's field.
/// </summary>
internal static class FloatFormat
{
    /// <summary>Enough for every double with the precision of 99 that a format may ask for.</summary>
    public const int SizeMax = 512;

    private const int SmallSize = 32;
    private const int ExponentMin = -4;

    /// <summary>"inf" or "nan", which printf prints for what is not finite, in every form.</summary>
    public static int Word(double value, Span<byte> into)
    {
        ReadOnlySpan<byte> word = double.IsNaN(value) ? "nan"u8 : "inf"u8;
        word.CopyTo(into);
        return word.Length;
    }

    /// <summary>A finite number that is not negative as <c>%g</c> writes it with up to 17 digits; 32 bytes are enough.</summary>
    public static int WriteGeneral(double value, int precision, Span<byte> into)
    {
        Debug.Assert(precision is > 0 and <= 17);
        Span<byte> space = stackalloc byte[SmallSize];
        DecimalDigits digits = new(space);
        return General(ref digits, value, precision, isAlternative: false, (byte)'e', into);
    }

    /// <summary>
    /// Writes a finite number that is not negative and returns the number of bytes. The form is one of f, e, E, g, G; the precision counts
    /// the digits after the point, for g the significant ones. The alternative form (the flag <c>#</c>) always has a point, and g keeps
    /// its zeros.
    /// </summary>
    public static int Write(double value, byte form, int precision, bool isAlternative, Span<byte> into)
    {
        Debug.Assert(double.IsFinite(value) && !double.IsNegative(value) && into.Length >= SizeMax);
        Span<byte> space = stackalloc byte[DecimalDigits.SizeMax];
        DecimalDigits digits = new(space);
        byte mark = ByteClass.IsUpper(form) ? (byte)'E' : (byte)'e';
        switch (ByteClass.ToLower(form))
        {
            case (byte)'f':
                digits.RoundToDecimals(value, precision);
                return Plain(digits.Digits, digits.PointAt, precision, isAlternative, into);
            case (byte)'e':
                digits.RoundToDigits(value, precision + 1);
                return Scientific(digits.Digits, digits.PointAt, precision, isAlternative, mark, into);
            default:
                return General(ref digits, value, Math.Max(precision, 1), isAlternative, mark, into);
        }
    }

    private static int General(ref DecimalDigits digits, double value, int precision, bool isAlternative, byte mark, Span<byte> into)
    {
        digits.RoundToDigits(value, precision);
        int exponent = digits.Count == 0 ? 0 : digits.PointAt - 1;
        ReadOnlySpan<byte> shown = isAlternative ? digits.Digits : digits.Digits.TrimEnd((byte)'0');
        if (exponent < ExponentMin || exponent >= precision)
        {
            int decimals = isAlternative ? precision - 1 : Math.Max(shown.Length - 1, 0);
            return Scientific(shown, digits.PointAt, decimals, isAlternative, mark, into);
        }
        int places = isAlternative ? precision - 1 - exponent : Math.Max(shown.Length - digits.PointAt, 0);
        return Plain(shown, digits.PointAt, places, isAlternative, into);
    }

    private static int Plain(ReadOnlySpan<byte> digits, int pointAt, int decimals, bool hasPoint, Span<byte> into)
    {
        int size = 0;
        if (pointAt <= 0)
        {
            into[size++] = (byte)'0';
        }
        else
        {
            size = Copy(digits, 0, pointAt, into);
        }
        if (decimals > 0 || hasPoint)
        {
            into[size++] = (byte)'.';
        }
        int zeros = Math.Min(Math.Max(-pointAt, 0), decimals);
        into.Slice(size, zeros).Fill((byte)'0');
        size += zeros;
        return size + Copy(digits, Math.Max(pointAt, 0), decimals - zeros, into[size..]);
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int pointAt, int decimals, bool hasPoint, byte mark, Span<byte> into)
    {
        int size = Copy(digits, 0, 1, into);
        if (decimals > 0 || hasPoint)
        {
            into[size++] = (byte)'.';
        }
        size += Copy(digits, 1, decimals, into[size..]);

        int exponent = digits.IsEmpty ? 0 : pointAt - 1;
        into[size++] = mark;
        into[size++] = exponent < 0 ? (byte)'-' : (byte)'+';
        exponent = Math.Abs(exponent);
        if (exponent >= 100)
        {
            into[size++] = (byte)('0' + exponent / 100);
        }
        into[size++] = (byte)('0' + exponent / 10 % 10);
        into[size++] = (byte)('0' + exponent % 10);
        return size;
    }

    /// <summary>So many digits from a place on; those beyond the end are zeros.</summary>
    private static int Copy(ReadOnlySpan<byte> digits, int start, int count, Span<byte> into)
    {
        int there = Math.Clamp(digits.Length - start, 0, count);
        if (there > 0)
        {
            digits.Slice(start, there).CopyTo(into);
        }
        into[there..count].Fill((byte)'0');
        return count;
    }
}
