using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace Bixbite.Lua.Text;

/// <summary>
/// The decimal digits of a finite double, cut at a wanted place and rounded to the nearest, ties to even, as C's printf does. Fifteen
/// digits of a normal number follow from the fewest digits that identify it; all others are worked out exactly with large integers.
/// </summary>
/// <remarks>
/// Why the fewest digits S of a number x do for a cut at n of at most 15 digits: if a tie T lay between S and x, T would read back as x as
/// well, with n + 1 digits; so S, which is no longer and no farther from x, would be T. Only S itself can be a tie; then the exact way
/// decides. If S has at most n digits, x rounds to S, since 15 digits survive the way through a double. Subnormal numbers have fewer
/// digits, and of a power of two the runtime may give digits that belong to its closer neighbour: both go the exact way.
/// </remarks>
internal ref struct DecimalDigits
{
    /// <summary>Enough for all digits before the point of the largest double, and the most that a format asks for after it.</summary>
    public const int SizeMax = 512;

    private const int ShortestMax = 17;
    private const int ReliableMax = 15;
    private const int FractionBits = 52;
    private const int ExponentBias = 1075;
    private const double NormalMin = 2.2250738585072014E-308;

    /// <summary>Powers of two between these have no more digits than survive.</summary>
    private const double ShortPowerMin = 1.0 / (1 << 20);
    private const double ShortPowerMax = 1L << 49;

    private readonly Span<byte> _digits;

    /// <summary>Takes the bytes to write into: <see cref="SizeMax"/>, or two more than the significant digits wanted.</summary>
    public DecimalDigits(Span<byte> digits) => _digits = digits;

    /// <summary>The number is 0.d1d2d3... times ten to this power; zero has no digits and the power 0.</summary>
    public int PointAt { get; private set; }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Digits => _digits[..Count];

    /// <summary>
    /// Rounds a number that is not negative to so many significant digits, at least one; zeros at the end may be missing.
    /// </summary>
    public void RoundToDigits(double value, int count)
    {
        Debug.Assert(double.IsFinite(value) && value >= 0 && count > 0);
        if (value == 0)
        {
            (Count, PointAt) = (0, 0);
        }
        else if (count > ReliableMax || !TryCutShortest(value, count, isDecimals: false))
        {
            RoundExactly(value, count);
        }
    }

    /// <summary>Rounds a number that is not negative to so many decimals; zeros at the end may be missing.</summary>
    public void RoundToDecimals(double value, int decimals)
    {
        Debug.Assert(double.IsFinite(value) && value >= 0 && decimals >= 0);
        if (value == 0)
        {
            (Count, PointAt) = (0, 0);
        }
        else if (!TryCutShortest(value, decimals, isDecimals: true))
        {
            (BigInteger numerator, BigInteger denominator) = Fraction(value, decimals);
            BigInteger quotient = Divide(numerator, denominator, out bool isUp);
            Take(isUp ? quotient + 1 : quotient, decimals);
        }
    }

    private bool TryCutShortest(double value, int count, bool isDecimals)
    {
        if (value < NormalMin || (double.IsPow2(value) && value is < ShortPowerMin or > ShortPowerMax))
        {
            return false;
        }
        Span<byte> shortest = stackalloc byte[ShortestMax + 1];
        int length = Shortest(value, shortest, out int pointAt);
        int kept = isDecimals ? pointAt + count : count;
        if (kept > ReliableMax)
        {
            return false;
        }
        if (kept < 0)
        {
            (Count, PointAt) = (0, 0);
            return true;
        }
        if (length > kept)
        {
            ReadOnlySpan<byte> tail = shortest[kept..length];
            if (tail is [(byte)'5'])
            {
                return false;
            }
            bool isUp = tail[0] >= '5';
            length = kept;
            if (isUp && RoundUp(shortest[..kept]))
            {
                shortest[0] = (byte)'1';
                length = 1;
                pointAt++;
            }
        }
        shortest[..length].CopyTo(_digits);
        (Count, PointAt) = (length, length == 0 ? 0 : pointAt);
        return true;
    }

    /// <summary>True if all digits were nines, or there were none: the number is then a one before as many zeros.</summary>
    private static bool RoundUp(Span<byte> digits)
    {
        for (int index = digits.Length - 1; index >= 0; index--)
        {
            if (digits[index] != '9')
            {
                digits[index]++;
                return false;
            }
            digits[index] = (byte)'0';
        }
        return true;
    }

    private void RoundExactly(double value, int count)
    {
        int exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            int decimals = count - 1 - exponent;
            (BigInteger numerator, BigInteger denominator) = Fraction(value, decimals);
            BigInteger quotient = Divide(numerator, denominator, out bool isUp);
            Take(quotient, decimals);
            if (Count == count)
            {
                if (isUp)
                {
                    Take(quotient + 1, decimals);
                    Count = count;
                }
                return;
            }
            exponent += Count > count ? 1 : -1;
        }
    }

    /// <summary>The fraction that is the number times ten to the power of <paramref name="decimals"/>.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value, int decimals)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> FractionBits) & 0x7ff;
        long significand = bits & ((1L << FractionBits) - 1);
        significand |= exponent > 0 ? 1L << FractionBits : 0;
        exponent = Math.Max(exponent, 1) - ExponentBias;

        BigInteger numerator = significand;
        BigInteger denominator = BigInteger.One;
        if (exponent > 0)
        {
            numerator <<= exponent;
        }
        else
        {
            denominator <<= -exponent;
        }
        if (decimals > 0)
        {
            numerator *= BigInteger.Pow(10, decimals);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -decimals);
        }
        return (numerator, denominator);
    }

    private static BigInteger Divide(BigInteger numerator, BigInteger denominator, out bool isUp)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int half = (remainder << 1).CompareTo(denominator);
        isUp = half > 0 || (half == 0 && !quotient.IsEven);
        return quotient;
    }

    private void Take(BigInteger scaled, int decimals)
    {
        Span<char> letters = stackalloc char[SizeMax];
        bool fits = scaled.TryFormat(letters, out int count, default, CultureInfo.InvariantCulture);
        Debug.Assert(fits);
        for (int index = 0; index < count; index++)
        {
            _digits[index] = (byte)letters[index];
        }
        (Count, PointAt) = scaled.IsZero ? (0, 0) : (count, count - decimals);
    }

    /// <summary>The fewest digits that tell the number from its neighbours, without zeros at either end.</summary>
    private static int Shortest(double value, Span<byte> digits, out int pointAt)
    {
        Span<byte> text = stackalloc byte[32];
        bool fits = Utf8Formatter.TryFormat(value, text, out int size);
        Debug.Assert(fits);
        text = text[..size];

        pointAt = 0;
        int mark = text.IndexOf((byte)'E');
        if (mark >= 0)
        {
            bool isRead = Utf8Parser.TryParse(text[(mark + 1)..], out pointAt, out int _);
            Debug.Assert(isRead);
            text = text[..mark];
        }
        int point = text.IndexOf((byte)'.');
        pointAt += point < 0 ? text.Length : point;

        int count = 0;
        foreach (byte letter in text)
        {
            if (letter == '0' && count == 0)
            {
                pointAt--;
            }
            else if (letter != '.' && count < digits.Length)
            {
                digits[count++] = letter;
            }
        }
        return digits[..count].TrimEnd((byte)'0').Length;
    }
}
