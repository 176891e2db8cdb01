using System.Buffers.Text;
using System.Diagnostics;
using System.Numerics;

namespace Bixbite.Structures.Text;

/// <summary>
/// Decimal integers as bytes. Reading is strict: exactly the texts that writing produces are numbers, so a value that
/// reads as a number can be stored as one and printed back without loss ("007", "+7", " 7" and "-0" stay strings).
/// </summary>
public static class Integers
{
    /// <summary>The longest text of a 64-bit integer of either kind: "-9223372036854775808", "18446744073709551615".</summary>
    public const int SizeMax = 20;

    private const int DigitsAlwaysInRange = 18;

    private static readonly ulong[] s_powersOfTen =
    [
        0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>Reads a signed integer in its one canonical form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > SizeMax)
        {
            return false;
        }
        bool isNegative = text[0] == '-';
        if (!TryParse(isNegative ? text[1..] : text, out ulong magnitude))
        {
            return false;
        }
        if (isNegative)
        {
            if (magnitude - 1 > long.MaxValue)
            {
                return false;
            }
            value = unchecked(-(long)magnitude);
            return true;
        }
        value = (long)magnitude;
        return magnitude <= long.MaxValue;
    }

    /// <summary>Reads an unsigned integer in its one canonical form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length is 0 or > SizeMax)
        {
            return false;
        }
        uint first = (uint)text[0] - '0';
        if (first > 9 || (first == 0 && text.Length > 1))
        {
            return false;
        }

        ulong number = first;
        int safe = Math.Min(text.Length, DigitsAlwaysInRange);
        int i = 1;
        for (; i < safe; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit > 9)
            {
                return false;
            }
            number = number * 10 + digit;
        }
        for (; i < text.Length; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit > 9 || number > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }
            number = number * 10 + digit;
        }
        value = number;
        return true;
    }

    /// <summary>
    /// Reads an unsigned integer as C's strtoull does once the canonical form was refused: leading white space, a sign and
    /// leading zeros are allowed, and a sign negates modulo 2^64. Stream identifiers are read this way.
    /// </summary>
    public static bool TryParseLoose(ReadOnlySpan<byte> text, out ulong value)
    {
        if (TryParse(text, out value))
        {
            return true;
        }
        if (TryParse(text, out long _))
        {
            return false;
        }
        while (text.Length > 0 && Ascii.IsSpace(text[0]))
        {
            text = text[1..];
        }
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative || (text.Length > 0 && text[0] == '+'))
        {
            text = text[1..];
        }
        if (text.Length == 0)
        {
            return false;
        }
        int zeros = text.IndexOfAnyExcept((byte)'0');
        text = zeros < 0 ? text[^1..] : text[zeros..];
        if (!TryParse(text, out value))
        {
            return false;
        }
        if (isNegative)
        {
            value = unchecked(0 - value);
        }
        return true;
    }

    /// <summary>
    /// Reads a cursor of the SCAN family as C's strtoul does: a sign and leading zeros are allowed, a minus negates modulo 2^64 and
    /// no text at all is zero. Unlike strtoul no white space may lead it.
    /// </summary>
    public static bool TryParseCursor(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty)
        {
            return true;
        }
        bool isNegative = text[0] == '-';
        ReadOnlySpan<byte> digits = isNegative || text[0] == '+' ? text[1..] : text;
        if (digits.IsEmpty)
        {
            return false;
        }
        int zeros = digits.IndexOfAnyExcept((byte)'0');
        if (!TryParse(zeros < 0 ? digits[^1..] : digits[zeros..], out value))
        {
            return false;
        }
        if (isNegative)
        {
            value = unchecked(0 - value);
        }
        return true;
    }

    /// <summary>
    /// Reads an amount of memory: digits and a unit (b, k, kb, m, mb, g, gb in any case; k is 1000 and kb 1024). As in Redis no
    /// digits mean zero, digits beyond 64 bits saturate, and the product with the unit wraps.
    /// </summary>
    public static bool TryParseMemory(ReadOnlySpan<byte> text, out ulong byteCount)
    {
        const int digitsMax = 127;
        byteCount = 0;
        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0)
        {
            digits = text.Length;
        }
        ulong unit = UnitOf(text[digits..]);
        if (unit == 0 || digits > digitsMax)
        {
            return false;
        }
        int zeros = text[..digits].IndexOfAnyExcept((byte)'0');
        if (zeros >= 0 && !TryParse(text[zeros..digits], out byteCount))
        {
            byteCount = ulong.MaxValue;
        }
        byteCount = unchecked(byteCount * unit);
        return true;
    }

    /// <summary>Writes the number and returns how many bytes it took; <see cref="SizeMax"/> bytes are always enough.</summary>
    public static int Format(long value, Span<byte> destination)
    {
        bool fits = Utf8Formatter.TryFormat(value, destination, out int size);
        Debug.Assert(fits);
        return size;
    }

    /// <inheritdoc cref="Format(long, Span{byte})"/>
    public static int Format(ulong value, Span<byte> destination)
    {
        bool fits = Utf8Formatter.TryFormat(value, destination, out int size);
        Debug.Assert(fits);
        return size;
    }

    /// <summary>How many bytes <see cref="Format(long, Span{byte})"/> writes.</summary>
    public static int SizeOf(long value) => value >= 0 ? SizeOf((ulong)value) : 1 + SizeOf(unchecked(0 - (ulong)value));

    /// <inheritdoc cref="SizeOf(long)"/>
    public static int SizeOf(ulong value)
    {
        // 1233 / 4096 is just above log10(2): the estimate is the digit count or one less.
        int estimate = (BitOperations.Log2(value | 1) + 1) * 1233 >> 12;
        return estimate + (value >= s_powersOfTen[estimate] ? 1 : 0);
    }

    private static ulong UnitOf(ReadOnlySpan<byte> unit)
    {
        if (unit.IsEmpty || Ascii.EqualsIgnoreCase(unit, "b"u8))
        {
            return 1;
        }
        if (Ascii.EqualsIgnoreCase(unit, "k"u8))
        {
            return 1000;
        }
        if (Ascii.EqualsIgnoreCase(unit, "kb"u8))
        {
            return 1024;
        }
        if (Ascii.EqualsIgnoreCase(unit, "m"u8))
        {
            return 1000 * 1000;
        }
        if (Ascii.EqualsIgnoreCase(unit, "mb"u8))
        {
            return 1024 * 1024;
        }
        if (Ascii.EqualsIgnoreCase(unit, "g"u8))
        {
            return 1000 * 1000 * 1000;
        }
        return Ascii.EqualsIgnoreCase(unit, "gb"u8) ? 1024UL * 1024 * 1024 : 0;
    }
}
