using Bixbite.Engine.Commands;
using Xunit;

namespace Bixbite.Unit.Engine.Commands;

public sealed class CommandHistoryTests
{
    [Fact]
    public void ReadsReleasesAndSentences()
    {
        const string text = "6.0.0 Added `A|B`; and more. | 7.0.12 A second sentence.";
        Assert.Equal(
            [new CommandChange("6.0.0", "Added `A|B`; and more."), new CommandChange("7.0.12", "A second sentence.")],
            CommandHistory.Parse(text, out _)!);
        Assert.Empty(CommandHistory.Parse("", out _)!);
    }

    [Theory]
    [InlineData("Added something.")]
    [InlineData("6.0.0")]
    [InlineData("6.0.0 ")]
    [InlineData("6.0.0 One. | ")]
    [InlineData("6.0.0 One. | Two.")]
    public void RefusesWhatHasNoReleaseOrNoSentence(string text)
    {
        Assert.Null(CommandHistory.Parse(text, out string error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void NotesOfAKeySpecStandAfterDashes()
    {
        IReadOnlyList<KeySpec> specs = KeySpecParser.Parse("ro access; 1 -- It's so. | rw update; 2..-1", out _)!;
        Assert.Equal(["It's so.", ""], specs.Select(spec => spec.Notes));
        Assert.Equal([1, 2], specs.Select(spec => spec.Position));
        Assert.Null(KeySpecParser.Parse("ro access -- 1; 2", out _));
    }
}
