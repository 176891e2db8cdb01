using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class AsciiTests
{
    [Fact]
    public void Only_letters_have_case()
    {
        Assert.True(Ascii.EqualsIgnoreCase("Nx"u8, "nX"u8));
        Assert.False(Ascii.EqualsIgnoreCase("nx"u8, "nxx"u8));
        Assert.False(Ascii.EqualsIgnoreCase("@"u8, "`"u8));
        Assert.False(Ascii.EqualsIgnoreCase("["u8, "{"u8));
        Assert.True(Ascii.EqualsIgnoreCase([0xC0], [0xC0]));
        Assert.False(Ascii.EqualsIgnoreCase([0xC0], [0xE0]));
    }

    [Fact]
    public void Every_byte_folds_as_in_the_C_locale()
    {
        for (int letter = 0; letter < 256; letter++)
        {
            int lower = letter is >= 'A' and <= 'Z' ? letter + 32 : letter;
            int upper = letter is >= 'a' and <= 'z' ? letter - 32 : letter;
            Assert.Equal(lower, Ascii.ToLower((byte)letter));
            Assert.Equal(upper, Ascii.ToUpper((byte)letter));
            Assert.Equal(letter is ' ' or (>= 9 and <= 13), Ascii.IsSpace((byte)letter));
            Assert.Equal(letter is >= 32 and < 127, Ascii.IsPrintable((byte)letter));
            Assert.Equal(char.IsAsciiHexDigit((char)letter), Ascii.HexValue((byte)letter) >= 0);
        }
        Assert.Equal(10, Ascii.HexValue((byte)'A'));
        Assert.Equal(15, Ascii.HexValue((byte)'f'));
    }

    [Fact]
    public void Order_ignores_case()
    {
        Assert.True(Ascii.CompareIgnoreCase("ABC"u8, "abd"u8) < 0);
        Assert.Equal(0, Ascii.CompareIgnoreCase("ABC"u8, "abc"u8));
        Assert.True(Ascii.CompareIgnoreCase("abc"u8, "AB"u8) > 0);
    }

    [Fact]
    public void Texts_fold_in_place()
    {
        byte[] text = "Max-Memory"u8.ToArray();
        Ascii.ToLower(text, text);
        Assert.Equal("max-memory"u8.ToArray(), text);
        Ascii.ToUpper(text, text);
        Assert.Equal("MAX-MEMORY"u8.ToArray(), text);
    }
}
