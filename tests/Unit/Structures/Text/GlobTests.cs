using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a*", "a", true)]
    [InlineData("a**", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*c", "abdc", true)]
    [InlineData("a*c*e", "abcde", true)]
    [InlineData("a*c*f", "abcde", false)]
    [InlineData("*ab", "aab", true)]
    [InlineData("h?llo", "hello", true)]
    [InlineData("h?llo", "hllo", false)]
    [InlineData("a?", "a", false)]
    [InlineData("h[ae]llo", "hallo", true)]
    [InlineData("h[ae]llo", "hillo", false)]
    [InlineData("h[^e]llo", "hallo", true)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[a-c]llo", "hbllo", true)]
    [InlineData("h[c-a]llo", "hbllo", true)]
    [InlineData("[a-]", "-", false)]
    [InlineData("[a-]", "^", true)]
    [InlineData("[a-", "-", true)]
    [InlineData("[abc", "b", true)]
    [InlineData("[", "[", false)]
    [InlineData("[^", "a", true)]
    [InlineData("[]a]", "]a]", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[\\a-z]", "c", false)]
    [InlineData("[\\", "\\", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("user:*:name", "user:1000:name", true)]
    [InlineData("A", "a", false)]
    public void Patterns(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.IsMatch(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("ABC*", "abcd", true)]
    [InlineData("[A-C]x", "bX", true)]
    [InlineData("[Z-a]", "m", false)]
    [InlineData("[\\A]", "a", false)]
    [InlineData("\\A", "a", true)]
    public void Patterns_without_case(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.IsMatch(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text), ignoreCase: true));

    [Fact]
    public void Bytes_beyond_ascii_are_negative_in_ranges()
    {
        Assert.True(Glob.IsMatch([(byte)'[', 0xF0, (byte)'-', (byte)'a', (byte)']'], [0x00]));
        Assert.False(Glob.IsMatch([(byte)'[', 0xF0, (byte)'-', (byte)'a', (byte)']'], [0x80]));
        Assert.True(Glob.IsMatch([(byte)'[', 0x80, (byte)'-', 0xFF, (byte)']'], [0xC3]));
    }

    [Fact]
    public void Stars_do_not_explode()
    {
        byte[] pattern = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a*", 500)) + "b");
        byte[] text = Enumerable.Repeat((byte)'a', 20_000).ToArray();
        Assert.False(Glob.IsMatch(pattern, text));
    }

    [Fact]
    public void Too_many_stars_match_nothing()
    {
        byte[] text = Enumerable.Repeat((byte)'a', Glob.StarsMax + 10).ToArray();
        string few = string.Concat(Enumerable.Repeat("*a", Glob.StarsMax));
        Assert.True(Glob.IsMatch(Encoding.ASCII.GetBytes(few + "*"), text));
        Assert.False(Glob.IsMatch(Encoding.ASCII.GetBytes(few + "*a*"), text));
    }

    [Fact]
    public void Random_patterns_match_as_the_naive_matcher_says()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            byte[] pattern = random.NextText("aabB*?[]^-\\"u8, 8);
            byte[] text = random.NextText("abAB-]\\"u8, 7);
            bool ignoreCase = random.Next(2) == 0;
            bool expected = text.Length == 0 ? pattern.Length == 0 : IsMatch(pattern, text, ignoreCase);
            Assert.True(
                expected == Glob.IsMatch(pattern, text, ignoreCase),
                $"{Encoding.ASCII.GetString(pattern)} on {Encoding.ASCII.GetString(text)}, ignoreCase {ignoreCase}");
        }
    }

    /// <summary>Tries every length for every star; classes become sets.</summary>
    private static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }
        if (pattern[0] == '*')
        {
            for (int taken = 0; taken <= text.Length; taken++)
            {
                if (IsMatch(pattern[1..], text[taken..], ignoreCase))
                {
                    return true;
                }
            }
            return false;
        }
        return !text.IsEmpty
            && Accepted(pattern, ignoreCase, out int size).Contains(text[0])
            && IsMatch(pattern[size..], text[1..], ignoreCase);
    }

    private static HashSet<byte> Accepted(ReadOnlySpan<byte> pattern, bool ignoreCase, out int size)
    {
        HashSet<byte> accepted = [];
        size = 1;
        if (pattern[0] == '?')
        {
            return [.. Enumerable.Range(0, 256).Select(letter => (byte)letter)];
        }
        if (pattern[0] != '[')
        {
            if (pattern[0] == '\\' && pattern.Length > 1)
            {
                size = 2;
            }
            AddFolded(accepted, pattern[size - 1], ignoreCase);
            return accepted;
        }
        bool isNegated = pattern.Length > 1 && pattern[1] == '^';
        size += isNegated ? 1 : 0;
        while (size < pattern.Length && pattern[size] != ']')
        {
            int left = pattern.Length - size;
            if (pattern[size] == '\\' && left >= 2)
            {
                accepted.Add(pattern[size + 1]);
                size += 2;
            }
            else if (left >= 3 && pattern[size + 1] == '-')
            {
                int low = Math.Min(pattern[size], pattern[size + 2]);
                int high = Math.Max(pattern[size], pattern[size + 2]);
                for (int letter = 0; letter < 128; letter++)
                {
                    if (ignoreCase ? Lower(letter) >= Lower(low) && Lower(letter) <= Lower(high) : letter >= low && letter <= high)
                    {
                        accepted.Add((byte)letter);
                    }
                }
                size += 3;
            }
            else
            {
                AddFolded(accepted, pattern[size++], ignoreCase);
            }
        }
        size = Math.Min(size + 1, pattern.Length);
        if (isNegated)
        {
            accepted = [.. Enumerable.Range(0, 256).Select(letter => (byte)letter).Except(accepted)];
        }
        return accepted;
    }

    private static void AddFolded(HashSet<byte> accepted, byte letter, bool ignoreCase)
    {
        accepted.Add(letter);
        if (ignoreCase && char.IsAsciiLetter((char)letter))
        {
            accepted.Add((byte)(letter ^ 0x20));
        }
    }

    private static int Lower(int letter) => char.ToLowerInvariant((char)letter);
}
