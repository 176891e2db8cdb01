using System.Globalization;
using System.Text;

namespace Bixbite.Lua.Text;

public sealed class NumberTextTests
{
    private static readonly string[] s_pieces =
    [
        "0", "1", "9", "00", "12345678901234567890", "5", ".", "e", "E", "e+", "e-", "p", "p-3", "0x", "0X", "-", "+", " ", "\t",
        "f", "A", "inf", "nan", "NaN(a_1)", "x", "\0", "e300", "999",
    ];

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(3.0, "3")]
    [InlineData(-17.0, "-17")]
    [InlineData(99999999999999.0, "99999999999999")]
    [InlineData(100000000000000.0, "1e+14")]
    [InlineData(123456789012345.0, "1.2345678901234e+14")]
    [InlineData(123456789012335.0, "1.2345678901234e+14")]
    [InlineData(9007199254740993.0, "9.007199254741e+15")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.33333333333333")]
    [InlineData(-2.0 / 3, "-0.66666666666667")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1e300, "1e+300")]
    [InlineData(5e-324, "4.9406564584125e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623e+308")]
    [InlineData(0.99999999999999999, "1")]
    [InlineData(9.99999999999995, "10")]
    [InlineData(9.99999999999994, "9.9999999999999")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Write_IsWhatPrintfWrites(double value, string expected) => Assert.Equal(expected, Written(value));

    [Fact]
    public void Write_ShowsTheSignOfNaN()
    {
        Assert.Equal("nan", Written(Math.Abs(double.NaN)));
        Assert.Equal("-nan", Written(-Math.Abs(double.NaN)));
    }

    [Fact]
    public void Write_IsWhatTheReferenceWrites()
    {
        Random random = RandomSeed.Next();
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => RandomNumbers.Next(random))];
        string[] lines = ReferenceLua.Run(
            string.Concat(values.Select(value => $"print(tonumber('{value.ToString("G17", CultureInfo.InvariantCulture)}'))\n")));
        Assert.Equal(lines, values.Select(Written));
    }

    [Theory]
    [InlineData("10", 10.0)]
    [InlineData("  0x1F \n", 31.0)]
    [InlineData("-0x.8p1", -1.0)]
    [InlineData("1e1", 10.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-INFINITY", double.NegativeInfinity)]
    [InlineData("1e999999999999999999", double.PositiveInfinity)]
    [InlineData("1e-999999999999999999", 0.0)]
    [InlineData("1\0garbage", 1.0)]
    [InlineData("9007199254740993", 9007199254740992.0)]
    [InlineData("0x1.00000000000008p0", 1.0)]
    [InlineData("0x1.000000000000081p0", 1.0000000000000002)]
    [InlineData("0x1p-1075", 0.0)]
    [InlineData("0x1.8p-1075", 5e-324)]
    [InlineData("0x1.fffffffffffff8p1023", double.PositiveInfinity)]
    public void TryRead_TakesWhatStrtodTakes(string text, double expected)
    {
        Assert.True(NumberText.TryRead(Encoding.Latin1.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\0" + "1")]
    [InlineData("1x")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData(".")]
    [InlineData("- 1")]
    [InlineData("1 2")]
    [InlineData("infi")]
    [InlineData("nan(")]
    [InlineData("1_000")]
    public void TryRead_RefusesTheRest(string text) => Assert.False(NumberText.TryRead(Encoding.Latin1.GetBytes(text), out double _));

    [Fact]
    public void TryRead_OfLongTexts_KeepsTheirMagnitude()
    {
        string zeros = new('0', 100_000);
        Assert.True(NumberText.TryRead(Encoding.Latin1.GetBytes($"0.{zeros}1e100001"), out double value));
        Assert.Equal(1, value);
        Assert.True(NumberText.TryRead(Encoding.Latin1.GetBytes($"1{zeros}e-100000"), out value));
        Assert.Equal(1, value);

        // Exactly between 1 and its upper neighbour, and a trifle above.
        string middle = "1.00000000000000011102230246251565404236316680908203125";
        Assert.True(NumberText.TryRead(Encoding.Latin1.GetBytes(middle + zeros), out value));
        Assert.Equal(1, value);
        Assert.True(NumberText.TryRead(Encoding.Latin1.GetBytes(middle + zeros + "1"), out value));
        Assert.Equal(1.0000000000000002, value);
    }

    [Fact]
    public void TryRead_IsWhatTheReferenceReads()
    {
        Random random = RandomSeed.Next();
        byte[][] texts = [.. Enumerable.Range(0, 20_000).Select(_ => RandomText(random))];
        string[] lines = ReferenceLua.Run(string.Concat(texts.Select(text => $"show(tonumber(hex'{ReferenceLua.Hex(text)}'))\n")));
        Assert.Equal(lines, texts.Select(text => NumberText.TryRead(text, out double value) ? Shown(value) : "nil"));
    }

    [Fact]
    public void TryRead_InABase_IsWhatTheReferenceReads()
    {
        Random random = RandomSeed.Next();
        (byte[] Text, int Radix)[] cases = [.. Enumerable.Range(0, 20_000).Select(_ => (RandomText(random), RandomRadix(random)))];
        string[] lines = ReferenceLua.Run(
            string.Concat(cases.Select(one => $"show(tonumber(hex'{ReferenceLua.Hex(one.Text)}', {one.Radix}))\n")));
        Assert.Equal(lines, cases.Select(one => NumberText.TryRead(one.Text, one.Radix, out double value) ? Shown(value) : "nil"));
    }

    /// <summary>Any but ten, for which <c>tonumber</c> takes the other way.</summary>
    private static int RandomRadix(Random random)
    {
        int radix = random.Next(2, 36);
        return radix >= 10 ? radix + 1 : radix;
    }

    private static byte[] RandomText(Random random) =>
        Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_pieces[random.Next(s_pieces.Length)])));

    private static string Written(double value)
    {
        Span<byte> text = stackalloc byte[NumberText.SizeMax];
        return Encoding.Latin1.GetString(text[..NumberText.Write(value, text)]);
    }

    /// <summary>As the reference's <c>show</c> writes a number.</summary>
    private static string Shown(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }
        Span<byte> text = stackalloc byte[32];
        int size = 0;
        if (double.IsNegative(value))
        {
            text[size++] = (byte)'-';
        }
        size += double.IsFinite(value)
            ? FloatFormat.WriteGeneral(Math.Abs(value), 17, text[size..])
            : FloatFormat.Word(value, text[size..]);
        return Encoding.Latin1.GetString(text[..size]);
    }
}
