using System.Text;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Text;

public sealed class QuotedTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \r\n\t\v\f ", "")]
    [InlineData("set key value", "set|key|value")]
    [InlineData("  set   key\r\n", "set|key")]
    [InlineData("\"a b\" c", "a b|c")]
    [InlineData("'a b' c", "a b|c")]
    [InlineData("\"\\x41\\n\\r\\t\\a\\b\\q\\\\\\\"\"", "A\n\r\t\a\bq\\\"")]
    [InlineData("\"\\x4g\"", "x4g")]
    [InlineData("\"\\x4\"", "x4")]
    [InlineData("'\\n\\''", "\\n'")]
    [InlineData("pre\"mid\"", "premid")]
    [InlineData("\"\" ''", "|")]
    [InlineData("a\vb", "a\vb")]
    [InlineData("\"a\"\vb", "a|b")]
    [InlineData("a\\ b", "a\\|b")]
    [InlineData("one\0two", "one")]
    public void Lines_split_into_words(string line, string expected)
    {
        List<string> words = Split(Encoding.Latin1.GetBytes(line), out bool isBalanced);
        Assert.True(isBalanced);
        Assert.Equal(expected, string.Join('|', words));
    }

    [Theory]
    [InlineData("\"abc")]
    [InlineData("'abc")]
    [InlineData("\"a\"b")]
    [InlineData("'a'b")]
    [InlineData("\"a\"\"b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("'a\\'")]
    [InlineData("ok \"a")]
    [InlineData("\"a\0\"")]
    public void Unbalanced_quotes_fail(string line)
    {
        Split(Encoding.Latin1.GetBytes(line), out bool isBalanced);
        Assert.False(isBalanced);
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("abc", "\"abc\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\n\r\t\a\b\0\x1b\x7f\xff", "\"\\n\\r\\t\\a\\b\\x00\\x1b\\x7f\\xff\"")]
    public void Texts_are_quoted(string text, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        byte[] quoted = new byte[Quoted.SizeOf(bytes)];
        Assert.Equal(quoted.Length, Quoted.Format(bytes, quoted));
        Assert.Equal(expected, Encoding.Latin1.GetString(quoted));
    }

    [Fact]
    public void What_was_quoted_reads_back()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 5_000; i++)
        {
            byte[] text = random.NextBytes(random.Next(40));
            byte[] quoted = new byte[Quoted.SizeOf(text)];
            Quoted.Format(text, quoted);
            List<string> words = Split(quoted, out bool isBalanced);
            Assert.True(isBalanced);
            Assert.Equal(Encoding.Latin1.GetString(text), Assert.Single(words));
        }
    }

    [Fact]
    public void Random_lines_never_write_beyond_their_own_size()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            Split(random.NextText("ab \"'\\xn0\t\r\0"u8, 16), out _);
        }
    }

    private static List<string> Split(byte[] line, out bool isBalanced)
    {
        List<string> words = [];
        QuotedWords reader = new(line);
        byte[] word = new byte[line.Length];
        while (true)
        {
            QuotedWords.Step step = reader.Next(word, out int size);
            if (step != QuotedWords.Step.Word)
            {
                isBalanced = step == QuotedWords.Step.End;
                Assert.Equal(QuotedWords.Step.End, reader.Next(word, out _));
                return words;
            }
            words.Add(Encoding.Latin1.GetString(word, 0, size));
        }
    }
}
