using System.Text;
using Bixbite.Tool.Editing;
using Bixbite.Tool.Terminals;
using Xunit;

namespace Bixbite.Unit.Tool.Editing;

public sealed class LineEditorTests
{
    [Theory]
    [InlineData("get a<Enter>", "get a")]
    [InlineData("gt a<Home><RightArrow>e<Enter>", "get a")]
    [InlineData("get ab<Backspace><Enter>", "get a")]
    [InlineData("get ba<LeftArrow><LeftArrow><Delete><Enter>", "get a")]
    [InlineData("a^Aget ^E^Db<Enter>", "get ab")]
    [InlineData("set a b^W^W<WordLeft>get <WordRight> a^K<Enter>", "get set a")]
    [InlineData("nonsense^Uget a<Enter>", "get a")]
    [InlineData("nonsense^Cget a<Enter>", "get a")]
    [InlineData("x\U0001F600y<LeftArrow><Backspace><Enter>", "xy")]
    [InlineData("x\U0001F600^B^Bw^F\U0001F600<Enter>", "wx\U0001F600\U0001F600")]
    [InlineData("<UpArrow><Enter>", "two")]
    [InlineData("<UpArrow><UpArrow><UpArrow><Enter>", "one")]
    [InlineData("draft<UpArrow><UpArrow><DownArrow><DownArrow><DownArrow><Enter>", "draft")]
    [InlineData("^P^P^N<Enter>", "two")]
    [InlineData("a<Tab><Enter>", "alpha")]
    [InlineData("a<Tab><Tab><Enter>", "arrow")]
    [InlineData("a<Tab><Tab><Tab><Enter>", "alpha")]
    [InlineData("a<BackTab><Enter>", "arrow")]
    [InlineData("a<Tab> b<Enter>", "alpha b")]
    [InlineData("q<Tab><Enter>", "q")]
    [InlineData("<F5>\u0007^Gget<Enter>", "get")]
    [InlineData("^D", null)]
    [InlineData("^C", null)]
    [InlineData("get", null)]
    public void Keys_MakeALine(string keys, string? expected)
    {
        using MemoryStream screen = new();
        TypedKeys typed = new(keys);
        Assert.Equal(expected, Editor(typed, screen, width: 80).Read("> "));
        Assert.False(typed.IsBegun);
        Assert.EndsWith("\n", Encoding.UTF8.GetString(screen.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>However long the line, what is drawn fits into a row, and the cursor stands in it.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(33)]
    public void ALongLine_StaysInItsRow(int width)
    {
        using MemoryStream screen = new();
        string text = string.Concat(Enumerable.Range(0, 30).Select(i => (char)('a' + (i % 26))));
        Assert.Equal("!" + text, Editor(new TypedKeys(text + "<Home>!<Enter>"), screen, width).Read("> "));
        foreach (string drawn in Encoding.UTF8.GetString(screen.ToArray()).Split("\r> ")[1..])
        {
            string row = drawn[..drawn.IndexOf("\e[0K", StringComparison.Ordinal)];
            Assert.InRange(row.Length + 2, 2, width);
        }
    }

    [Fact]
    public void AHint_IsFaint_AndGoesWithTheLine()
    {
        using MemoryStream screen = new();
        Editor(new TypedKeys("get <Enter>"), screen, width: 80).Read("> ");
        string drawn = Encoding.UTF8.GetString(screen.ToArray());
        Assert.Contains("> get \e[90mhint of 'get '\e[0m", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("hint", drawn[drawn.LastIndexOf('>')..], StringComparison.Ordinal);
    }

    private static LineEditor Editor(TypedKeys keys, MemoryStream screen, int width)
    {
        Terminal terminal = new(Stream.Null, screen, Stream.Null) { IsOutputPerson = true, HasColors = true, Width = () => width };
        History history = new(path: null);
        history.Add("one", isSecret: false);
        history.Add("two", isSecret: false);
        return new LineEditor(terminal, keys, history, new Aid());
    }

    private sealed class Aid : ILineAid
    {
        public IReadOnlyList<string> Complete(string start) =>
            [.. new[] { "alpha", "arrow" }.Where(word => word.StartsWith(start, StringComparison.Ordinal))];

        public string Hint(string line) => line.EndsWith(' ') ? $"hint of '{line}'" : "";
    }
}
