using Bixbite.Tool.Options;
using Xunit;

namespace Bixbite.Unit.Tool.Options;

public sealed class OptionReaderTests
{
    [Theory]
    [InlineData("-p 1 get -p 2", "port=1", "get -p 2")]
    [InlineData("--port=1 --on x", "port=1 on=", "x")]
    [InlineData("--port -1", "port=-1", "")]
    [InlineData("--on -- --on", "on=", "--on")]
    [InlineData("- x", "", "- x")]
    [InlineData("", "", "")]
    public void Options_AreRead_UpToTheFirstOtherWord(string line, string applied, string rest)
    {
        List<string> seen = [];
        string[] left = Reader(seen).Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(applied, string.Join(' ', seen));
        Assert.Equal(rest, string.Join(' ', left));
    }

    [Fact]
    public void TheHelp_NamesThemAll()
    {
        string help = Reader([]).Describe();
        Assert.Contains("  -p, --port <number>", help, StringComparison.Ordinal);
        Assert.Contains("  --on", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port", "port", 0)]
    [InlineData("prt", "port", 1)]
    [InlineData("prot", "port", 2)]
    [InlineData("", "port", 4)]
    [InlineData("--hots", "--host", 2)]
    public void Distance_CountsChanges(string left, string right, int expected)
    {
        Assert.Equal(expected, Suggestion.Distance(left, right));
        Assert.Equal(expected, Suggestion.Distance(right, left));
    }

    [Fact]
    public void Suggestion_IsSilent_WhereNothingIsNear() => Assert.Equal("", Suggestion.Of("zebra", ["port", "host"]));

    private static OptionReader Reader(List<string> seen) => new(
        "test",
        [
            new(["-p", "--port"], "number", "The port.", value => seen.Add("port=" + value)),
            new(["--on"], "", "Something.", value => seen.Add("on=" + value)),
        ]);
}
