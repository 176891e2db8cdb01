using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Configuration.Kinds;

/// <summary>How numbers are written in settings, and the errors about them.</summary>
internal static class NumberSyntax
{
    private const int OctalDigitsMax = 20;

    public static bool TryReadInteger(string word, out long value) => Integers.TryParse(ByteText.Encode(word), out value);

    public static bool TryReadMemory(string word, out ulong size) => Integers.TryParseMemory(ByteText.Encode(word), out size);

    /// <summary>As strtoll: leading zeros and a plus sign are fine, anything behind the number is not.</summary>
    public static bool TryReadLoose(string word, out long value)
    {
        value = 0;
        return word.Length == 0 || long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryReadOctal(string word, out long value)
    {
        value = 0;
        if (word.Length > OctalDigitsMax || word.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0)
        {
            return false;
        }
        foreach (char digit in word)
        {
            value = value << 3 | (long)(digit - '0');
        }
        return value >= 0;
    }

    public static string Octal(long value) => Convert.ToString(value, 8);

    public static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Show(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Show(double value)
    {
        Span<byte> text = stackalloc byte[Doubles.SizeMax];
        return Encoding.ASCII.GetString(text[..Doubles.Format(value, text)]);
    }

    /// <summary>An amount of memory in the largest unit that expresses it exactly.</summary>
    public static string Memory(long size)
    {
        const long unit = 1024;
        if (size == 0 || size % unit != 0)
        {
            return Show(size);
        }
        if (size % (unit * unit) != 0)
        {
            return Show(size / unit) + "kb";
        }
        return size % (unit * unit * unit) != 0 ? Show(size / unit / unit) + "mb" : Show(size / unit / unit / unit) + "gb";
    }

    public static string OutOfRange(string min, string max) => $"argument must be between {min} and {max} inclusive";
}
