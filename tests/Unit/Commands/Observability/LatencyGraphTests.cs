using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Observability;
using Xunit;

namespace Bixbite.Unit.Commands.Observability;

public sealed class LatencyGraphTests
{
    private static readonly string s_rule = new('-', 80);

    [Fact]
    public void Spikes_are_columns_with_their_ages_below()
    {
        var series = new LatencySeries();
        series.Add(1_000_000, 100);
        series.Add(1_000_600, 160);
        series.Add(1_000_601, 400);
        series.Add(1_086_400, 220);

        // Three steps a line: the lowest spike has step 0, the highest 11; 160 is 2.4 and 220 is 4.8 of 12.
        string[] expected =
        [
            "command - high 400 ms, low 100 ms (all time high 400 ms)",
            s_rule,
            "  # ",
            "  | ",
            "  |o",
            "_#||",
            "    ",
            "1121",
            "dd30",
            "  hm",
            "",
        ];
        Assert.Equal(expected, LatencyGraph.Draw("command", series, 1_087_000).Split('\n'));
    }

    [Fact]
    public void More_spikes_than_columns_go_on_below()
    {
        var series = new LatencySeries();
        for (int i = 0; i < LatencySeries.SampleCountMax; i++)
        {
            series.Add(1_000_000 + i, 1);
        }
        string[] lines = LatencyGraph.Draw("command", series, 1_000_160).Split('\n');
        Assert.Equal(80, lines[5].Length);
        Assert.Equal(2, lines.Count(line => line == new string('_', 80)));
    }
}
