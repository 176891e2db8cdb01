using System.Text;

namespace Bixbite.Lua.Text.Patterns;

public sealed class PatternMatcherTests
{
    private static readonly string[] s_pieces =
    [
        "a", "b", "c", ".", "%a", "%d", "%S", "%z", "%W", "[ab]", "[^a]", "[a-c]", "[%d%-x]", "[]]", "[^]b]", "[a-]",
        "%bab", "%b()", "%baa",
        "%f[a]", "%f[^%a]", "%f[%z]", "%1", "%2", "(", ")", "()", "*", "+", "-", "?", "$", "^", "%", "[", "%f", "%b", "%%", "%.", "\0",
    ];

    private static readonly string[] s_texts = ["a", "b", "c", "ab", "(", ")", " ", "1", "-", "]", "x", "\0", "%", "$", "aaa"];

    [Theory]
    [InlineData("hello world", "o w", 4, 7)]
    [InlineData("hello", "l+", 2, 4)]
    [InlineData("hello", "l-", 0, 0)]
    [InlineData("hello", "^h.-o$", 0, 5)]
    [InlineData("f(a(b)c)d", "%b()", 1, 8)]
    [InlineData("THE (quick) fox", "%f[%a]%a+%f[%A]", 0, 3)]
    [InlineData("abab", "(ab)%1", 0, 4)]
    [InlineData("x=1, y=2", "(%w+)=(%w+)$", 5, 8)]
    [InlineData("aaa", "a?a?a?aaa", 0, 3)]
    [InlineData("a]b", "[]]", 1, 2)]
    [InlineData("abc\0def", "c\0d", 2, 3)]
    public void Matches_AreFound(string text, string pattern, int start, int end)
    {
        PatternMatcher matcher = new();
        Assert.Equal(MatchOutcome.Found, Find(matcher, text, pattern));
        Assert.Equal((start, end), (matcher.Start, matcher.End));
    }

    [Theory]
    [InlineData("%", PatternError.EndsWithPercent)]
    [InlineData("[a", PatternError.MissingBracket)]
    [InlineData("[^]", PatternError.MissingBracket)]
    [InlineData("[a%", PatternError.MissingBracket)]
    [InlineData("%fa", PatternError.MissingSetAfterFrontier)]
    [InlineData("%bx", PatternError.Unbalanced)]
    [InlineData("a)", PatternError.InvalidPatternCapture)]
    [InlineData("%1", PatternError.InvalidCaptureIndex)]
    [InlineData("(a%1)", PatternError.InvalidCaptureIndex)]
    [InlineData("()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()", PatternError.TooManyCaptures)]
    public void Errors_AreFoundWhereMatchingReachesThem(string pattern, PatternError expected)
    {
        PatternMatcher matcher = new();
        Assert.Equal(MatchOutcome.Failed, Find(matcher, "aaa", pattern));
        Assert.Equal(expected, matcher.Error);
        Assert.Equal(MatchOutcome.NotFound, Find(matcher, "aaa", "b" + pattern));
    }

    [Fact]
    public void ACaptureThatIsNotClosed_IsAnErrorWhenItIsRead()
    {
        PatternMatcher matcher = new();
        Assert.Equal(MatchOutcome.Found, Find(matcher, "a", "(a"));
        Assert.Equal(PatternError.UnfinishedCapture, matcher.Captures.Get(0, 0, 1, out Range _, out bool _));
        Assert.Equal(PatternError.InvalidCaptureIndex, matcher.Captures.Get(1, 0, 1, out Range _, out bool _));
    }

    [Fact]
    public void APatternThatBacktracksForEver_IsPaused_AndGivesUpNothing()
    {
        string text = new('a', 40);
        Pattern pattern = Pattern.Compile("a*a*a*a*a*a*a*a*a*b"u8.ToArray().AsSpan());
        PatternMatcher matcher = new();
        matcher.Begin(pattern, 0);
        for (int round = 0; round < 100; round++)
        {
            int steps = 1000;
            Assert.Equal(MatchOutcome.Paused, matcher.Run(Encoding.Latin1.GetBytes(text), ref steps));
            Assert.True(steps < 0);
        }
        Assert.Equal(MatchOutcome.Found, Find(matcher, "b", "b"));
    }

    [Fact]
    public void DeepBacktracking_NeedsNoMachineStack()
    {
        PatternMatcher matcher = new();
        byte[] text = new byte[1 << 20];
        text.AsSpan().Fill((byte)'a');
        string optional = string.Concat(Enumerable.Repeat("a?", 100_000));
        Assert.Equal(MatchOutcome.Found, Find(matcher, text, Encoding.Latin1.GetBytes(optional)));
        Assert.Equal(100_000, matcher.End);
        string nested = new string('(', 32) + ".-" + new string(')', 32) + "$";
        Assert.Equal(MatchOutcome.Found, Find(matcher, text[..10_000], Encoding.Latin1.GetBytes(nested)));
        Assert.Equal(10_000, matcher.End);
    }

    [Fact]
    public void TheStackOfBacktracking_AsksBeforeItGrows()
    {
        PatternMatcher matcher = new(size => Assert.True(size < 100_000, "refused"));
        string optional = string.Concat(Enumerable.Repeat("a?", 100_000));
        byte[] text = new byte[1 << 20];
        text.AsSpan().Fill((byte)'a');
        Assert.ThrowsAny<Exception>(() => Find(matcher, text, Encoding.Latin1.GetBytes(optional)));
        Assert.Equal(MatchOutcome.Found, Find(matcher, "b", "b"));
    }

    /// <summary>
    /// Small alphabets, so that matches, near misses and errors are all common. With pauses everywhere the result is the same.
    /// </summary>
    [Fact]
    public void AnySearch_FindsWhatTheReferenceFinds()
    {
        Random random = RandomSeed.Next();
        (byte[] Text, byte[] Pattern)[] cases =
            [.. Enumerable.Range(0, 30_000).Select(_ => (Any(random, s_texts, 12), Any(random, s_pieces, 7)))];
        string[] lines = ReferenceLua.Run(string.Concat(
            cases.Select(one => $"show(pcall(string.find, hex'{ReferenceLua.Hex(one.Text)}', hex'{ReferenceLua.Hex(one.Pattern)}'))\n")));
        PatternMatcher matcher = new();
        for (int index = 0; index < cases.Length; index++)
        {
            (byte[] text, byte[] pattern) = cases[index];
            if (!Pattern.HasSpecials(pattern))
            {
                continue;
            }
            string shown = $"{Encoding.Latin1.GetString(text)} / {Encoding.Latin1.GetString(pattern)}: ";
            Assert.Equal(shown + lines[index], shown + Shown(matcher, text, Find(matcher, text, pattern)));
            Assert.Equal(shown + lines[index], shown + Shown(matcher, text, Find(matcher, text, pattern, stepsAtOnce: 1)));
        }
    }

    private static byte[] Any(Random random, string[] pieces, int countMax) =>
        Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(countMax)).Select(_ => pieces[random.Next(pieces.Length)])));

    private static string Shown(PatternMatcher matcher, byte[] text, MatchOutcome outcome)
    {
        switch (outcome)
        {
            case MatchOutcome.NotFound:
                return "true nil";
            case MatchOutcome.Failed:
                return "false " + ReferenceLua.Hex(Encoding.Latin1.GetBytes(PatternErrors.Text(matcher.Error)));
            default:
                List<string> parts = ["true", $"{matcher.Start + 1}", $"{matcher.End}"];
                for (int index = 0; index < matcher.Captures.Count; index++)
                {
                    PatternError error = matcher.Captures.Get(index, matcher.Start, matcher.End, out Range range, out bool isPosition);
                    if (error != PatternError.None)
                    {
                        return "false " + ReferenceLua.Hex(Encoding.Latin1.GetBytes(PatternErrors.Text(error)));
                    }
                    parts.Add(isPosition ? $"{range.Start.Value + 1}" : ReferenceLua.Hex(text.AsSpan()[range]));
                }
                return string.Join(' ', parts);
        }
    }

    private static MatchOutcome Find(PatternMatcher matcher, string text, string pattern) =>
        Find(matcher, Encoding.Latin1.GetBytes(text), Encoding.Latin1.GetBytes(pattern));

    private static MatchOutcome Find(PatternMatcher matcher, byte[] text, byte[] pattern, int stepsAtOnce = int.MaxValue)
    {
        matcher.Begin(Pattern.Compile(pattern), 0);
        while (true)
        {
            int steps = stepsAtOnce;
            MatchOutcome outcome = matcher.Run(text, ref steps);
            if (outcome != MatchOutcome.Paused)
            {
                return outcome;
            }
        }
    }
}
