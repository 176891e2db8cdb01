using System.Globalization;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Conversions;

/// <summary>Numbers as arguments of commands: C's <c>%.17g</c>.</summary>
internal static class ArgumentNumber
{
    public const int SizeMax = 32;

    private const int Precision = 17;

    /// <summary>Whole numbers below have all their digits in both forms.</summary>
    private const double WholeMax = 1e15;

    /// <summary>Writes the number and returns its size.</summary>
    public static int Write(double value, Span<byte> into)
    {
        if (Math.Abs(value) < WholeMax && (long)value == value && (value != 0 || !double.IsNegative(value)))
        {
            return Integers.Format((long)value, into);
        }
        int size = 0;
        if (double.IsNegative(value))
        {
            into[size++] = (byte)'-';
        }
        if (!double.IsFinite(value))
        {
            (double.IsNaN(value) ? "nan"u8 : "inf"u8).CopyTo(into[size..]);
            return size + 3;
        }
        return size + WriteGeneral(Math.Abs(value), into[size..]);
    }

    private static int WriteGeneral(double value, Span<byte> into)
    {
        // d.ddddddddddddddddE+ddd
        Span<byte> text = stackalloc byte[SizeMax];
        value.TryFormat(text, out int length, "E16", CultureInfo.InvariantCulture);
        text = text[..length];
        int mark = text.IndexOf((byte)'E');
        Integers.TryParse(text[(mark + 2)..].TrimStart((byte)'0'), out long magnitude);
        int exponent = (int)(text[mark + 1] == '-' ? -magnitude : magnitude);
        Span<byte> digits = stackalloc byte[Precision];
        digits[0] = text[0];
        text[2..mark].CopyTo(digits[1..]);
        int count = Math.Max(digits.LastIndexOfAnyExcept((byte)'0') + 1, 1);
        return exponent is < -4 or >= Precision
            ? WriteScientific(digits[..count], exponent, into)
            : WritePlain(digits[..count], exponent, into);
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> into)
    {
        int size = WriteFraction(digits, 1, into);
        into[size++] = (byte)'e';
        into[size++] = (byte)(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        if (exponent < 10)
        {
            into[size++] = (byte)'0';
        }
        return size + Integers.Format((long)exponent, into[size..]);
    }

    private static int WritePlain(ReadOnlySpan<byte> digits, int exponent, Span<byte> into)
    {
        if (exponent >= digits.Length)
        {
            digits.CopyTo(into);
            into[digits.Length..(exponent + 1)].Fill((byte)'0');
            return exponent + 1;
        }
        if (exponent >= 0)
        {
            return WriteFraction(digits, exponent + 1, into);
        }
        int zeros = 1 - exponent;
        into[..(zeros + 1)].Fill((byte)'0');
        into[1] = (byte)'.';
        digits.CopyTo(into[(zeros + 1)..]);
        return zeros + 1 + digits.Length;
    }

    /// <summary>Digits with a point after some of them, unless there are no more.</summary>
    private static int WriteFraction(ReadOnlySpan<byte> digits, int wholeCount, Span<byte> into)
    {
        digits[..wholeCount].CopyTo(into);
        if (wholeCount == digits.Length)
        {
            return wholeCount;
        }
        into[wholeCount] = (byte)'.';
        digits[wholeCount..].CopyTo(into[(wholeCount + 1)..]);
        return digits.Length + 1;
    }
}
