using Bixbite.Commands.Server.Shared;
using Xunit;

namespace Bixbite.Unit.Commands.Server;

public sealed class BrailleCanvasTests
{
    [Fact]
    public void Dots_fill_characters_from_the_top_left()
    {
        var canvas = new BrailleCanvas(2, 1);
        canvas.Line(0, 0, 0, 3);
        canvas.Line(3, 3, 3, 3);
        Assert.Equal("\u2847\u2880\n", canvas.ToString());
    }

    [Fact]
    public void What_lies_outside_is_left_out()
    {
        var canvas = new BrailleCanvas(1, 1);
        canvas.Line(-10, -10, 10, 10);
        Assert.Equal("\u2811\n", canvas.ToString());
    }

    [Theory]
    [InlineData(66, 16)]
    [InlineData(1, 1)]
    public void A_picture_has_the_size_that_was_asked_for(int columnCount, int lineCount)
    {
        string[] lines = BerylDruse.Draw(columnCount, lineCount, crystalCount: 9, new Random(1)).Split('\n');
        Assert.Equal(lineCount + 1, lines.Length);
        Assert.All(lines[..^1], line => Assert.Equal(columnCount, line.Length));
    }
}
