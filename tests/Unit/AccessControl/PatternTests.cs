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

    [Fact]
    public void A_rule_looks_at_heads_and_finds_the_same()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int matchCount = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] pattern = Bytes(random, "aaaaaaaab*?[]\\"u8, 12);
            byte[] text = Bytes(random, "aaaaaaaab\0*"u8, 12);
            bool isMatch = Glob.IsMatch(pattern, text);
            matchCount += isMatch ? 1 : 0;
            Assert.True(
                isMatch == new KeyRule(new Pattern(pattern), KeyPermissions.Read).Admits(text, Pattern.HeadOf(text), KeyPermissions.Read),
                $"seed {seed}: {Encoding.ASCII.GetString(pattern)} and {Encoding.ASCII.GetString(text)}");
        }
        Assert.True(matchCount > 100, "nothing matches");
    }

    private static byte[] Bytes(Random random, ReadOnlySpan<byte> letters, int sizeMax = 5)
    {
        byte[] bytes = new byte[random.Next(sizeMax + 1)];
        foreach (ref byte letter in bytes.AsSpan())
        {
            letter = letters[random.Next(letters.Length)];
        }
        return bytes;
    }
}
