using System.Text;
using Bixbite.AccessControl.Rules;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.AccessControl;

/// <summary>A pattern matches what the glob matches that it was made of.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", false)]
    [InlineData("*", "a", true)]
    [InlineData("app:*", "app:", true)]
    [InlineData("app:*", "app", false)]
    [InlineData("app:*", "app:1", true)]
    [InlineData("k", "k", true)]
    [InlineData("k", "K", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\*", "ab", false)]
    public void Matches(string pattern, string text, bool isMatch) =>
        Assert.Equal(isMatch, new Pattern(Encoding.Latin1.GetBytes(pattern)).IsMatch(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Matches_as_the_glob_does()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] pattern = Bytes(random, "ab*?[]\\^-"u8);
            byte[] text = Bytes(random, "ab*]\\"u8);
            Assert.True(
                Glob.IsMatch(pattern, text) == new Pattern(pattern).IsMatch(text),
                $"seed {seed}: {Encoding.ASCII.GetString(pattern)} and {Encoding.ASCII.GetString(text)}");
        }
    }

    private static byte[] Bytes(Random random, ReadOnlySpan<byte> letters)
    {
        byte[] bytes = new byte[random.Next(6)];
        foreach (ref byte letter in bytes.AsSpan())
        {
            letter = letters[random.Next(letters.Length)];
        }
        return bytes;
    }
}
