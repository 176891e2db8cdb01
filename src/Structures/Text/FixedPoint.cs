using System.Diagnostics;
using System.Globalization;

namespace Bixbite.Structures.Text;

/// <summary>
/// Doubles with a fixed number of places behind the point, as C's printf writes them (<c>%.4f</c>): the exact value, rounded once to the
/// nearest, ties to even. .NET's own formatting rounds ties away from zero.
/// </summary>
public static class FixedPoint
{
    public const int PlacesMax = 17;

    /// <summary>Sign, 309 digits, point and places.</summary>
    public const int SizeMax = 1 + 309 + 1 + PlacesMax;

    private const int FractionBits = 52;
    private const int ExponentBias = 1075;

    /// <summary>Writes the number with so many places; returns how many bytes that took.</summary>
    public static int Format(double value, int places, Span<byte> destination)
    {
        Debug.Assert(places is >= 1 and <= PlacesMax, "The scaled fraction fits 128 bits.");
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }
        int size = 0;
        if (double.IsNegative(value))
        {
            destination[size++] = (byte)'-';
            value = -value;
        }
        ulong fraction = Split(value, places, out ulong whole, out bool isWide);
        if (isWide)
        {
            size += FormatWide(value, destination[size..]);
        }
        else
        {
            size += Integers.Format((long)whole, destination[size..]);
        }
        destination[size++] = (byte)'.';
        for (int i = size + places - 1; i >= size; i--)
        {
            (fraction, ulong digit) = Math.DivRem(fraction, 10);
            destination[i] = (byte)('0' + digit);
        }
        return size + places;
    }

    /// <summary>Writes the number with at most so many places: without zeros at the end, and without a sign for zero.</summary>
    public static int FormatTrimmed(double value, int places, Span<byte> destination)
    {
        int size = Format(value, places, destination);
        if (!double.IsFinite(value))
        {
            return size;
        }
        size = destination[..size].LastIndexOfAnyExcept((byte)'0') + 1;
        if (destination[size - 1] == '.')
        {
            size--;
        }
        if (destination[..size].SequenceEqual("-0"u8))
        {
            destination[0] = (byte)'0';
            size = 1;
        }
        return size;
    }

    /// <summary>The fraction as an integer number of last places, and what is before the point unless that is too wide.</summary>
    private static ulong Split(double value, int places, out ulong whole, out bool isWide)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int exponent = (int)(bits >> FractionBits);
        ulong significand = bits & ((1UL << FractionBits) - 1);
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            significand |= 1UL << FractionBits;
        }

        // The value is significand / 2^shift.
        int shift = ExponentBias - exponent;
        isWide = shift <= 0;
        whole = shift is > 0 and < 64 ? significand >> shift : 0;
        if (isWide || shift >= 128)
        {
            return 0;
        }
        ulong scale = 1;
        for (int i = 0; i < places; i++)
        {
            scale *= 10;
        }
        UInt128 scaled = (UInt128)(significand - (shift < 64 ? whole << shift : 0)) * scale;
        ulong fraction = (ulong)Binary.RoundDown(scaled, shift, isInexact: false);
        if (fraction == scale)
        {
            whole++;
            fraction = 0;
        }
        return fraction;
    }

    /// <summary>An integer too large for a fraction: .NET writes all its digits.</summary>
    private static int FormatWide(double value, Span<byte> destination)
    {
        bool fits = value.TryFormat(destination, out int size, "F0", CultureInfo.InvariantCulture);
        Debug.Assert(fits);
        return size;
    }
}
