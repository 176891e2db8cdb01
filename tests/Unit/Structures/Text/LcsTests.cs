using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class LcsTests
{
    [Fact]
    public void The_documented_example_gives_its_ranges()
    {
        Lcs lcs = new("ohmytext"u8, "mynewtext"u8, keepsPath: true);
        Assert.Equal(6, lcs.Length);
        byte[] text = new byte[lcs.Length];
        lcs.CopyTo(text);
        Assert.Equal("mytext"u8.ToArray(), text);
        Assert.True(lcs.TryNextMatch(out LcsMatch match));
        Assert.Equal(new LcsMatch(4, 7, 5, 8), match);
        Assert.Equal(4, match.Length);
        Assert.True(lcs.TryNextMatch(out match));
        Assert.Equal(new LcsMatch(2, 3, 0, 1), match);
        Assert.False(lcs.TryNextMatch(out _));
    }

    [Fact]
    public void Empty_texts_have_nothing_in_common()
    {
        Lcs lcs = new(default, "abc"u8, keepsPath: true);
        Assert.Equal(0, lcs.Length);
        Assert.False(lcs.TryNextMatch(out _));
        Assert.Equal(0, new Lcs("abc"u8, default, keepsPath: true).Length);
        Assert.Equal(0, new Lcs("abc"u8, "xyz"u8, keepsPath: false).Length);
    }

    [Fact]
    public void Random_texts_walk_the_path_of_the_full_table()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 3_000; i++)
        {
            ReadOnlySpan<byte> letters = random.Next(2) == 0 ? "ab"u8 : "abcdefgh"u8;
            byte[] a = random.NextText(letters, i % 20 == 0 ? 300 : 40);
            byte[] b = random.NextText(letters, i % 30 == 0 ? 9_000 : 140);
            (string expectedText, List<LcsMatch> expectedMatches) = Solve(a, b);

            Lcs lcs = new(a, b, keepsPath: true);
            byte[] text = new byte[lcs.Length];
            lcs.CopyTo(text);
            List<LcsMatch> matches = [];
            while (lcs.TryNextMatch(out LcsMatch match))
            {
                matches.Add(match);
            }
            Assert.Equal(expectedText, Encoding.ASCII.GetString(text));
            Assert.Equal(expectedMatches, matches);
            Assert.Equal(text.Length, new Lcs(a, b, keepsPath: false).Length);
        }
    }

    private static (string Text, List<LcsMatch> Matches) Solve(byte[] a, byte[] b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        List<(int A, int B)> pairs = [];
        for (int i = a.Length, j = b.Length; i > 0 && j > 0;)
        {
            if (a[i - 1] == b[j - 1])
            {
                pairs.Add((--i, --j));
            }
            else if (table[i - 1, j] > table[i, j - 1])
            {
                i--;
            }
            else
            {
                j--;
            }
        }

        List<LcsMatch> matches = [];
        foreach ((int atA, int atB) in pairs)
        {
            if (matches.Count > 0 && matches[^1].FirstA == atA + 1 && matches[^1].FirstB == atB + 1)
            {
                matches[^1] = matches[^1] with { FirstA = atA, FirstB = atB };
            }
            else
            {
                matches.Add(new LcsMatch(atA, atA, atB, atB));
            }
        }
        return (string.Concat(pairs.Select(pair => (char)a[pair.A]).Reverse()), matches);
    }
}
