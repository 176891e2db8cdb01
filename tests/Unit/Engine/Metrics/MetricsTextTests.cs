using System.Text;
using Bixbite.Engine.Metrics;
using Xunit;

namespace Bixbite.Unit.Engine.Metrics;

/// <summary>The two formats differ in how counters are declared, in a word, and at the end.</summary>
public sealed class MetricsTextTests
{
    [Fact]
    public void TheTextFormat() => Assert.Equal(
        "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n"
            + "# HELP b B.\n# TYPE b gauge\nb{x=\"1\",y=\"2\"} 0.5\n"
            + "# HELP c C.\n# TYPE c untyped\nc -3\n"
            + "# HELP d D.\n# TYPE d histogram\nd_bucket{le=\"+Inf\"} 2\nd_sum 7\n",
        Write(isOpenMetrics: false));

    [Fact]
    public void OpenMetrics() => Assert.Equal(
        "# HELP a A.\n# TYPE a counter\na_total 1\n"
            + "# HELP b B.\n# TYPE b gauge\nb{x=\"1\",y=\"2\"} 0.5\n"
            + "# HELP c C.\n# TYPE c unknown\nc -3\n"
            + "# HELP d D.\n# TYPE d histogram\nd_bucket{le=\"+Inf\"} 2\nd_sum 7\n# EOF\n",
        Write(isOpenMetrics: true));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(1e300, "1E+300")]
    [InlineData(0.1, "0.1")]
    [InlineData(1234567.875, "1234567.875")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void NumbersAreExact(double value, string expected)
    {
        MetricsText text = new();
        text.Restart(isOpenMetrics: false);
        text.Begin(new MetricFamily("n", MetricKind.Gauge, "N."));
        text.Add(value);
        Assert.EndsWith($"\nn {expected}\n", Encoding.UTF8.GetString(text.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsAreEscaped() => Assert.Equal("x=\"a\\\\b\\\"c\\nd{ä\"", MetricsText.Label("x", "a\\b\"c\nd{ä"));

    private static string Write(bool isOpenMetrics)
    {
        MetricsText text = new();
        text.Restart(!isOpenMetrics);
        text.Begin(new MetricFamily("left_over", MetricKind.Gauge, "Gone."));
        text.Restart(isOpenMetrics);
        text.Begin(new MetricFamily("a_total", MetricKind.Counter, "A."));
        text.Add(1);
        text.Begin(new MetricFamily("b", MetricKind.Gauge, "B."));
        text.Add($"{MetricsText.Label("x", "1")},{MetricsText.Label("y", "2")}", 0.5);
        text.Begin(new MetricFamily("c", MetricKind.Unknown, "C."));
        text.Add(-3);
        text.Begin(new MetricFamily("d", MetricKind.Histogram, "D."));
        text.Add("_bucket", MetricsText.Label("le", "+Inf"), 2);
        text.Add("_sum", "", 7);
        text.End();
        return Encoding.UTF8.GetString(text.Bytes);
    }
}
