using System.Text;

namespace Bixbite.Lua.Text;

public sealed class ByteClassTests
{
    [Fact]
    public void Classes_AreThoseOfTheCLocale()
    {
        for (int one = 0; one < 256; one++)
        {
            byte value = (byte)one;
            char letter = one < 128 ? (char)one : '\uffff';
            Assert.Equal(char.IsAsciiLetterUpper(letter), ByteClass.IsUpper(value));
            Assert.Equal(char.IsAsciiLetterLower(letter), ByteClass.IsLower(value));
            Assert.Equal(char.IsAsciiLetter(letter), ByteClass.IsLetter(value));
            Assert.Equal(char.IsAsciiLetterOrDigit(letter), ByteClass.IsLetterOrDigit(value));
            Assert.Equal(char.IsAsciiDigit(letter), ByteClass.IsDigit(value));
            Assert.Equal(char.IsAsciiHexDigit(letter), ByteClass.IsHexDigit(value));
            Assert.Equal(one is 32 or (>= 9 and <= 13), ByteClass.IsSpace(value));
            Assert.Equal(one is < 32 or 127, ByteClass.IsControl(value));
            Assert.Equal(one is > 32 and < 127 && !char.IsAsciiLetterOrDigit(letter), ByteClass.IsPunctuation(value));
        }
    }

    [Fact]
    public void Letters_ChangeTheirCase_AndNothingElseDoes()
    {
        for (int one = 0; one < 256; one++)
        {
            byte value = (byte)one;
            Assert.Equal(ByteClass.IsUpper(value) ? one + 32 : one, ByteClass.ToLower(value));
            Assert.Equal(ByteClass.IsLower(value) ? one - 32 : one, ByteClass.ToUpper(value));
        }
    }

    [Theory]
    [InlineData(" \t\n\v\f\rx ", "x ")]
    [InlineData("\0 x", "\0 x")]
    [InlineData("  ", "")]
    public void TrimStart_RemovesWhiteSpace(string text, string expected) =>
        Assert.Equal(expected, Encoding.Latin1.GetString(ByteClass.TrimStart(Encoding.Latin1.GetBytes(text))));

    [Fact]
    public void DigitValue_CountsOnInLettersOfEitherCase()
    {
        Assert.Equal([0, 9, 10, 10, 35, 35], "09aAzZ"u8.ToArray().Select(ByteClass.DigitValue));
        Assert.All("/:@[`{\0\x80".Select(letter => (byte)letter), one => Assert.True(ByteClass.DigitValue(one) >= 36));
    }
}
