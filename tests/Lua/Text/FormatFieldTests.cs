using System.Globalization;
using System.Text;

namespace Bixbite.Lua.Text;

public sealed class FormatFieldTests
{
    private const string Conversions = "diouxXcsqeEfgG";

    [Theory]
    [InlineData("%5.2f", 3.14159, " 3.14")]
    [InlineData("%-8.3e|", -12345.678, "-1.235e+04|")]
    [InlineData("%+08.2f", 2.5, "+0002.50")]
    [InlineData("%.0f", 0.5, "0")]
    [InlineData("%.0f", 1.5, "2")]
    [InlineData("%.0f", 2.5, "2")]
    [InlineData("%.3f", 1.0005, "1.000")]
    [InlineData("%#.0f", 3.0, "3.")]
    [InlineData("%g", 1e20, "1e+20")]
    [InlineData("%#g", 0.0, "0.00000")]
    [InlineData("%#g", 999999.6, "1.00000e+06")]
    [InlineData("%#.3g", 0.25, "0.250")]
    [InlineData("%G", 1e-10, "1E-10")]
    [InlineData("%.20f", 0.1, "0.10000000000000000555")]
    [InlineData("%08f", double.NegativeInfinity, "    -inf")]
    [InlineData("%d", -3.99, "-3")]
    [InlineData("%5.3d", 7.0, "  007")]
    [InlineData("%.0d", 0.0, "")]
    [InlineData("%#.0o", 0.0, "0")]
    [InlineData("%#x", 255.0, "0xff")]
    [InlineData("%#010X", 255.0, "0X000000FF")]
    [InlineData("%d", 1e300, "-9223372036854775808")]
    [InlineData("%u", -1.0, "18446744073709551615")]
    [InlineData("%c", 65.0, "A")]
    [InlineData("%5c", 0.0, "    ")]
    [InlineData("%-5c", 0.0, "")]
    public void Numbers_AreWrittenAsPrintfWritesThem(string format, double value, string expected) =>
        Assert.Equal(expected, Formatted(format, value));

    [Fact]
    public void AllDigitsOfTheLargestNumber_AreExact()
    {
        string all = Formatted("%.99f", double.MaxValue);
        Assert.Equal(309 + 1 + 99, all.Length);
        Assert.StartsWith("17976931348623157081452742373170435679807056752584499659891747680315726078", all);
        Assert.EndsWith("368." + new string('0', 99), all);
    }

    [Theory]
    [InlineData("%5s", "ab", "   ab")]
    [InlineData("%-5s|", "ab", "ab   |")]
    [InlineData("%.1s", "ab", "a")]
    [InlineData("%.s", "ab", "")]
    [InlineData("%s", "a\0b", "a")]
    [InlineData("%q", "a\"\\\n\r\0z", "\"a\\\"\\\\\\\n\\r\\000z\"")]
    public void Texts_AreWrittenAsPrintfWritesThem(string format, string value, string expected) =>
        Assert.Equal(expected, Formatted(format, value));

    [Fact]
    public void LongTexts_AreWrittenWhole()
    {
        string value = new string('x', 99) + "\0y";
        Assert.Equal(value, Formatted("%s", value));
        Assert.Equal(new string('x', 99), Formatted("%.99s", value));
    }

    [Theory]
    [InlineData("-+ #0-d", FormatError.RepeatedFlags)]
    [InlineData("-+ #0d", FormatError.None)]
    [InlineData("123d", FormatError.TooLong)]
    [InlineData(".123d", FormatError.TooLong)]
    [InlineData("99.99d", FormatError.None)]
    [InlineData("", FormatError.None)]
    public void Items_HaveLimits(string item, FormatError expected)
    {
        int at = 0;
        Assert.Equal(expected, FormatSpec.Read(Encoding.Latin1.GetBytes(item), ref at, out FormatSpec _));
    }

    [Fact]
    public void AnyField_IsWhatTheReferenceWrites()
    {
        Random random = RandomSeed.Next();
        (string Format, object Value)[] cases = [.. Enumerable.Range(0, 20_000).Select(_ => RandomCase(random))];
        string[] lines = ReferenceLua.Run(
            string.Concat(cases.Select(one => $"show(string.format('{one.Format}', {Literal(one.Value)}))\n")));
        foreach (((string format, object value), string line) in cases.Zip(lines))
        {
            string expected = Encoding.Latin1.GetString(Convert.FromHexString(line));
            Assert.Equal($"{format} {value}: {expected}", $"{format} {value}: {Formatted(format, value)}");
        }
    }

    private static (string Format, object Value) RandomCase(Random random)
    {
        char conversion = Conversions[random.Next(Conversions.Length)];
        string flags = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => "-+ #0"[random.Next(5)]));
        string width = random.Next(2) == 0 ? "" : random.Next(1, 40).ToString(CultureInfo.InvariantCulture);
        string precision = random.Next(2) == 0 ? "" : $".{(random.Next(3) == 0 ? "" : random.Next(100))}";

        // A precision for a character, and flags for a text that has none of them, are not defined by C. For %#g glibc loses the zeros
        // where rounding carries into a further digit (999999.6 becomes 1.e+06 instead of 1.00000e+06).
        string item = conversion switch
        {
            'g' or 'G' => flags.Replace("#", "") + width + precision,
            'c' => flags.Replace("#", "").Replace("0", "") + width,
            's' => flags.Replace("#", "").Replace("0", "") + width + precision,
            _ => flags + width + precision,
        };
        object value = conversion is 's' or 'q'
            ? string.Concat(Enumerable.Range(0, random.Next(120)).Select(_ => (char)random.Next(random.Next(20) == 0 ? 0 : 1, 256)))
            : RandomNumbers.Next(random);
        return ("%" + item + conversion, value);
    }

    private static string Literal(object value) => value is string text
        ? $"hex'{ReferenceLua.Hex(Encoding.Latin1.GetBytes(text))}'"
        : $"tonumber('{((double)value).ToString("G17", CultureInfo.InvariantCulture)}')";

    private static string Formatted(string format, object value)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(format);
        int at = 1;
        Assert.Equal(FormatError.None, FormatSpec.Read(bytes, ref at, out FormatSpec spec));
        ByteBuffer buffer = new();
        switch (spec.Conversion)
        {
            case (byte)'d' or (byte)'i':
                FormatField.AddSigned(buffer, spec, CInteger.ToInt64((double)value));
                break;
            case (byte)'o' or (byte)'u' or (byte)'x' or (byte)'X':
                FormatField.AddUnsigned(buffer, spec, CInteger.ToUInt64((double)value));
                break;
            case (byte)'c':
                FormatField.AddCharacter(buffer, spec, unchecked((byte)CInteger.ToInt32((double)value)));
                break;
            case (byte)'s':
                FormatField.AddText(buffer, spec, Encoding.Latin1.GetBytes((string)value));
                break;
            case (byte)'q':
                FormatField.AddQuoted(buffer, Encoding.Latin1.GetBytes((string)value));
                break;
            default:
                FormatField.AddFloat(buffer, spec, (double)value);
                break;
        }
        buffer.Add(bytes.AsSpan(at));
        return Encoding.Latin1.GetString(buffer.Written);
    }
}
