using Bixbite.Structures.Packed;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

public sealed class ListpackCheckTests
{
    [Theory]
    [InlineData("nothing", new byte[0])]
    [InlineData("no end mark", new byte[] { 7, 0, 0, 0, 0, 0, 0 })]
    [InlineData("no room for the end mark", new byte[] { 6, 0, 0, 0, 0, 0xFF })]
    [InlineData("too large a total", new byte[] { 8, 0, 0, 0, 0, 0, 0xFF })]
    [InlineData("a negative total", new byte[] { 7, 0, 0, 0x80, 0, 0, 0xFF })]
    [InlineData("bytes behind the end mark", new byte[] { 9, 0, 0, 0, 0, 0, 0xFF, 0, 0xFF })]
    [InlineData("a count too high", new byte[] { 9, 0, 0, 0, 2, 0, 1, 1, 0xFF })]
    [InlineData("a count too low", new byte[] { 9, 0, 0, 0, 0, 0, 1, 1, 0xFF })]
    [InlineData("a wrong backward size", new byte[] { 9, 0, 0, 0, 1, 0, 1, 2, 0xFF })]
    [InlineData("no backward size", new byte[] { 8, 0, 0, 0, 1, 0, 1, 0xFF })]
    [InlineData("a backward size in more bytes", new byte[] { 10, 0, 0, 0, 1, 0, 1, 0, 0x81, 0xFF })]
    [InlineData("an unknown head", new byte[] { 9, 0, 0, 0, 1, 0, 0xF5, 1, 0xFF })]
    [InlineData("a text cut off", new byte[] { 10, 0, 0, 0, 1, 0, 0x83, (byte)'a', 2, 0xFF })]
    [InlineData("a medium text cut off", new byte[] { 9, 0, 0, 0, 1, 0, 0xE1, 0, 0xFF })]
    [InlineData("a medium head cut off", new byte[] { 8, 0, 0, 0, 1, 0, 0xEF, 0xFF })]
    [InlineData("a long head cut off", new byte[] { 9, 0, 0, 0, 1, 0, 0xF0, 1, 0xFF })]
    [InlineData("a negative length", new byte[] { 13, 0, 0, 0, 1, 0, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 4, 0xFF })]
    [InlineData("a length that wraps", new byte[] { 13, 0, 0, 0, 1, 0, 0xF0, 0xFB, 0xFF, 0xFF, 0x7F, 4, 0xFF })]
    [InlineData("an integer cut off", new byte[] { 12, 0, 0, 0, 1, 0, 0xF4, 0, 0, 0, 0, 0xFF })]
    [InlineData("a text over the end mark", new byte[] { 10, 0, 0, 0, 1, 0, 0x82, (byte)'a', 3, 0xFF })]
    public void RefusesWhatIsBroken(string flaw, byte[] pack) => Assert.False(Listpack.IsValid(pack, out _), flaw);

    [Theory]
    [InlineData(0, new byte[] { 7, 0, 0, 0, 0, 0, 0xFF })]
    [InlineData(1, new byte[] { 9, 0, 0, 0, 1, 0, 1, 1, 0xFF })]
    [InlineData(1, new byte[] { 9, 0, 0, 0, 0xFF, 0xFF, 1, 1, 0xFF })]
    [InlineData(1, new byte[] { 14, 0, 0, 0, 1, 0, 0xF0, 1, 0, 0, 0, 0xFF, 6, 0xFF })]
    public void AcceptsWhatIsNotTheShortestForm(int expected, byte[] pack)
    {
        Assert.True(Listpack.IsValid(pack, out int count));
        Assert.Equal(expected, count);
    }
}
