using System.Buffers.Text;

namespace Bixbite.Lua.Text;

/// <summary>Numbers as Lua writes them (C's <c>%.14g</c>) and reads them (C's strtod and strtoul), in the C locale of glibc.</summary>
public static class NumberText
{
    /// <summary>Enough for every number: sign, 14 digits, point, and an exponent or leading zeros.</summary>
    public const int SizeMax = 32;

    private const int Precision = 14;

    /// <summary>Integers below this show all their digits.</summary>
    private const double PlainMax = 1e14;

    /// <summary>Writes the number and returns how many bytes it took; <see cref="SizeMax"/> bytes are always enough.</summary>
    public static int Write(double value, Span<byte> into) => Write(value, Precision, into);

    /// <summary>The same with another number of significant digits, from 1 to 17.</summary>
    public static int Write(double value, int precision, Span<byte> into)
    {
        if (precision == Precision && Math.Abs(value) < PlainMax && (long)value == value && (value != 0 || !double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat((long)value, into, out int written);
            return written;
        }
        int size = 0;
        if (double.IsNegative(value))
        {
            into[size++] = (byte)'-';
        }
        if (!double.IsFinite(value))
        {
            return size + FloatFormat.Word(value, into[size..]);
        }
        return size + FloatFormat.WriteGeneral(Math.Abs(value), precision, into[size..]);
    }

    /// <summary>
    /// Reads a number as Lua makes one of a string: what strtod takes (decimal, hexadecimal with or without a binary exponent, "inf",
    /// "nan"), with white space around it. A NUL ends the text.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        text = BeforeNul(text);
        return FloatReader.TryRead(text, out value, out int length) && ByteClass.TrimStart(text[length..]).IsEmpty;
    }

    /// <summary>
    /// Reads a number in a base from 2 to 36 as strtoul does: white space around it, a sign, "0x" in base 16. A negative number is 2^64
    /// less its magnitude, and what 64 bits do not hold is their largest number.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int radix, out double value)
    {
        text = ByteClass.TrimStart(BeforeNul(text));
        bool isNegative = text is [(byte)'-', ..];
        if (text is [(byte)'-' or (byte)'+', ..])
        {
            text = text[1..];
        }
        if (radix == 16 && text is [(byte)'0', (byte)'x' or (byte)'X', byte first, ..] && ByteClass.IsHexDigit(first))
        {
            text = text[2..];
        }

        int count = 0;
        UInt128 sum = 0;
        while (count < text.Length && ByteClass.DigitValue(text[count]) < radix)
        {
            sum = UInt128.Min(sum * (uint)radix + (uint)ByteClass.DigitValue(text[count++]), (UInt128)ulong.MaxValue + 1);
        }
        value = sum > ulong.MaxValue ? ulong.MaxValue : isNegative ? unchecked(0 - (ulong)sum) : (ulong)sum;
        return count > 0 && ByteClass.TrimStart(text[count..]).IsEmpty;
    }

    private static ReadOnlySpan<byte> BeforeNul(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }
}
