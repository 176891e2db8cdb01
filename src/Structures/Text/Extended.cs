using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Bixbite.Structures.Text;

/// <summary>
/// The 80-bit floating point number of the x87 unit, which C calls long double: what INCRBYFLOAT and HINCRBYFLOAT add with.
/// No .NET type has its 64-bit significand, and adding doubles instead shows in the replies (0.1 + 0.2 is 0.3 here).
/// <para>
/// The value is significand * 2^exponent. The significand has its top bit set, but for numbers near zero, whose exponent
/// is the smallest there is. Every operation rounds once, to nearest, ties to even.
/// </para>
/// </summary>
public readonly struct Extended
{
    /// <summary>Longer texts are no numbers, as in Redis.</summary>
    public const int ParseSizeMax = 5119;

    /// <summary>Enough for every number: sign and the 4,933 digits of the largest, or sign, digits, point and 17 places.</summary>
    public const int FormatSizeMax = 4960;

    private const int SignificandBits = 64;
    private const int ExponentMin = -16445;
    private const int ExponentMax = 16383 - 63;
    private const int Places = 17;
    private const ulong PlacesScale = 100_000_000_000_000_000;

    // 5^27 is the largest power of five in 64 bits.
    private const int ExactPowerMax = 27;

    private readonly ulong _significand;
    private readonly short _exponent;
    private readonly bool _isNegative;
    private readonly Class _kind;

    private Extended(bool isNegative, ulong significand, int exponent)
    {
        Debug.Assert(exponent is >= ExponentMin and <= ExponentMax);
        _isNegative = isNegative;
        _significand = significand;
        _exponent = (short)exponent;
    }

    private Extended(bool isNegative, Class kind)
    {
        _isNegative = isNegative;
        _kind = kind;
    }

    private enum Class : byte
    {
        Finite,
        Infinity,
        NaN,
    }

    /// <summary>The largest finite number.</summary>
    public static Extended MaxValue => new(isNegative: false, ulong.MaxValue, ExponentMax);

    public bool IsFinite => _kind == Class.Finite;

    public static implicit operator Extended(long value) =>
        Round(value < 0, value < 0 ? unchecked(0 - (ulong)value) : (ulong)value, 0, false);

    /// <summary>
    /// Reads a number as Redis' string2ld: strtold with nothing before or after it. Too large, too small (other than zero) and NaN are
    /// refused, infinities are numbers.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Extended value)
    {
        value = default;
        if (text.Length > ParseSizeMax)
        {
            return false;
        }
        NumberText number = new(text);
        switch (number.Kind)
        {
            case NumberText.Form.Decimal:
                value = ParseDecimal(number);
                break;
            case NumberText.Form.Hexadecimal:
                UInt128 bits = number.GetHexadecimal(out int power, out bool isInexact);
                value = Round(number.IsNegative, bits, power, isInexact);
                break;
            case NumberText.Form.Infinity:
                value = new Extended(number.IsNegative, Class.Infinity);
                return true;
            default:
                return false;
        }
        bool hasDigits = number.Whole.ContainsAnyExcept((byte)'0') || number.Fraction.ContainsAnyExcept((byte)'0');
        return value.IsFinite && (value._significand != 0 || !hasDigits);
    }

    public static Extended operator -(Extended value) => value.IsFinite
        ? new Extended(!value._isNegative && value._significand != 0, value._significand, value._exponent)
        : new Extended(!value._isNegative, value._kind);

    public static bool operator <(Extended left, Extended right)
    {
        Extended difference = left + -right;
        return difference._kind != Class.NaN && difference._isNegative && (difference._significand != 0 || !difference.IsFinite);
    }

    public static bool operator >(Extended left, Extended right) => right < left;

    public static Extended operator +(Extended left, Extended right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return AddSpecial(left, right);
        }
        if (left._significand == 0)
        {
            return right;
        }
        if (right._significand == 0)
        {
            return left;
        }
        if (left._exponent < right._exponent)
        {
            (left, right) = (right, left);
        }

        // The larger operand moves up as far as 128 bits allow, the smaller one down by what is left of the distance.
        int distance = left._exponent - right._exponent;
        int up = Math.Min(distance, 63);
        int down = distance - up;
        UInt128 large = (UInt128)left._significand << up;
        UInt128 small = Binary.ShiftDown(right._significand, down);
        bool isInexact = Binary.HasBitsBelow(right._significand, down);
        int power = left._exponent - up;

        if (left._isNegative == right._isNegative)
        {
            return Round(left._isNegative, large + small, power, isInexact);
        }
        if (large < small)
        {
            return Round(right._isNegative, small - large, power, false);
        }
        if (large == small)
        {
            return default;
        }
        // The bits lost from the smaller one borrow a unit and leave something above the difference.
        return Round(left._isNegative, large - small - (isInexact ? 1U : 0U), power, isInexact);
    }

    /// <summary>
    /// Writes the number with up to 17 places, no trailing zeros and no exponent (printf's %.17Lf, trimmed); -0 becomes 0. Returns how many
    /// bytes it took; <see cref="FormatSizeMax"/> bytes are always enough.
    /// </summary>
    public int Format(Span<byte> destination)
    {
        if (!IsFinite)
        {
            ReadOnlySpan<byte> word = _kind == Class.NaN ? "nan"u8 : _isNegative ? "-inf"u8 : "inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }
        SplitAtPoint(out UInt128 whole, out ulong places);
        int size = 0;
        if (_isNegative && (whole != 0 || places != 0 || _exponent > 0))
        {
            destination[size++] = (byte)'-';
        }
        if (_exponent > 0)
        {
            // Beyond 2^64: rare enough for a string of the managed heap.
            string digits = ((BigInteger)_significand << _exponent).ToString(CultureInfo.InvariantCulture);
            return size + Encoding.ASCII.GetBytes(digits, destination[size..]);
        }


        size += Integers.Format((ulong)whole, destination[size..]);
        return places == 0 ? size : size + FormatPlaces(places, destination[size..]);
    }

    private static int FormatPlaces(ulong places, Span<byte> destination)
    {
        int count = Places;
        while (places % 10 == 0)
        {
            places /= 10;
            count--;
        }
        destination[0] = (byte)'.';
        int zeros = count - Integers.SizeOf(places);
        destination.Slice(1, zeros).Fill((byte)'0');
        Integers.Format(places, destination[(1 + zeros)..]);
        return 1 + count;
    }

    private static Extended AddSpecial(Extended left, Extended right)
    {
        bool isNaN = left._kind == Class.NaN || right._kind == Class.NaN;
        if (isNaN || (!left.IsFinite && !right.IsFinite && left._isNegative != right._isNegative))
        {
            return new Extended(false, Class.NaN);
        }
        return left.IsFinite ? right : left;
    }

    /// <summary>The nearest number to value * 2^power, where isInexact tells of something between the value and the next one.</summary>
    private static Extended Round(bool isNegative, UInt128 value, int power, bool isInexact)
    {
        if (value == 0)
        {
            return new Extended(isNegative, 0, 0);
        }
        int bitCount = 128 - (int)UInt128.LeadingZeroCount(value);
        if ((long)power + bitCount > ExponentMax + SignificandBits)
        {
            return new Extended(isNegative, Class.Infinity);
        }
        if ((long)power + bitCount < ExponentMin)
        {
            return new Extended(isNegative, 0, 0);
        }

        int excess = Math.Max(bitCount - SignificandBits, ExponentMin - power);
        UInt128 rounded = excess > 0 ? Binary.RoundDown(value, excess, isInexact) : value << -excess;
        Debug.Assert(excess > 0 || !isInexact);
        power += excess;
        if (rounded >> SignificandBits != 0)
        {
            rounded >>= 1;
            power++;
        }
        if (rounded == 0)
        {
            return new Extended(isNegative, 0, 0);
        }
        return power > ExponentMax ? new Extended(isNegative, Class.Infinity) : new Extended(isNegative, (ulong)rounded, power);
    }

    private static Extended ParseDecimal(NumberText number)
    {
        if (!number.TryGetDecimal(out ulong digits, out int power))
        {
            return ParseLong(number);
        }
        if (digits == 0)
        {
            return new Extended(number.IsNegative, 0, 0);
        }
        if (power is < -ExactPowerMax or > ExactPowerMax)
        {
            return ParseLong(number);
        }

        ulong five = PowerOfFive(Math.Abs(power));
        if (power >= 0)
        {
            return Round(number.IsNegative, (UInt128)digits * five, power, false);
        }

        // The divisor has at most 63 bits: the quotient keeps 65 and the remainder says whether more follow.
        int shift = BitOperations.LeadingZeroCount(digits);
        UInt128 dividend = (UInt128)(digits << shift) << 64;
        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(dividend, five);
        return Round(number.IsNegative, quotient, power - shift - 64, remainder != 0);
    }

    private static ulong PowerOfFive(int power)
    {
        ulong result = 1;
        for (int i = 0; i < power; i++)
        {
            result *= 5;
        }
        return result;
    }

    /// <summary>Any number of digits and any exponent, by arithmetic on integers of any size.</summary>
    private static Extended ParseLong(NumberText number)
    {
        const int quotientBits = 80;
        BigInteger digits = ReadDigits(number, out int digitCount);
        if (digitCount == 0)
        {
            return new Extended(number.IsNegative, 0, 0);
        }

        int power = number.Exponent - number.Fraction.Length;
        if ((long)power + digitCount > 4940)
        {
            return new Extended(number.IsNegative, Class.Infinity);
        }
        if ((long)power + digitCount < -4960)
        {
            return new Extended(number.IsNegative, 0, 0);
        }

        BigInteger five = BigInteger.Pow(5, Math.Abs(power));
        BigInteger remainder = BigInteger.Zero;
        int binaryPower = power;
        if (power >= 0)
        {
            digits *= five;
        }
        else
        {
            int shift = (int)Math.Max(0, five.GetBitLength() - digits.GetBitLength() + quotientBits);
            digits = BigInteger.DivRem(digits << shift, five, out remainder);
            binaryPower -= shift;
        }
        int excess = (int)Math.Max(0, digits.GetBitLength() - 127);
        bool isInexact = !remainder.IsZero || (excess > 0 && !(digits & ((BigInteger.One << excess) - 1)).IsZero);
        return Round(number.IsNegative, (UInt128)(digits >> excess), binaryPower + excess, isInexact);
    }

    private static BigInteger ReadDigits(NumberText number, out int digitCount)
    {
        const ulong chunkScale = 1_000_000_000_000_000_000;
        BigInteger digits = BigInteger.Zero;
        ulong chunk = 0;
        ulong scale = 1;
        digitCount = 0;
        for (int i = 0; i < number.Whole.Length + number.Fraction.Length; i++)
        {
            byte digit = i < number.Whole.Length ? number.Whole[i] : number.Fraction[i - number.Whole.Length];
            digitCount += digitCount > 0 || digit != '0' ? 1 : 0;
            chunk = chunk * 10 + digit - '0';
            scale *= 10;
            if (scale == chunkScale)
            {
                digits = digits * chunkScale + chunk;
                chunk = 0;
                scale = 1;
            }
        }
        return digits * scale + chunk;
    }

    /// <summary>Splits a number without positive exponent into its whole part and 17 rounded places.</summary>
    private void SplitAtPoint(out UInt128 whole, out ulong places)
    {
        whole = _significand;
        places = 0;
        int fractionBits = -_exponent;
        if (fractionBits <= 0)
        {
            return;
        }
        whole = Binary.ShiftDown(_significand, fractionBits);
        // Smaller than half of the last place by far.
        if (fractionBits >= 128)
        {
            return;
        }
        UInt128 fraction = _significand - (whole << fractionBits);
        places = (ulong)Binary.RoundDown(fraction * PlacesScale, fractionBits, false);
        if (places == PlacesScale)
        {
            places = 0;
            whole++;
        }
    }
}
