using System.Globalization;
using System.Text;
using Bixbite.Engine.Observability;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>
/// LATENCY GRAPH: a heading, a rule, and columns of characters, one per spike, with its age written below from top to bottom.
/// <code>
///    #      a column is as high as the spike is long, four lines at most;
///    |o     its top is one of _ o #, for the thirds of a line,
///   _||     and it is filled up with bars
///
///   321     15 seconds, 2 minutes, 1 day ...
///   sms
/// </code>
/// </summary>
internal static class LatencyGraph
{
    private const int ColumnCountMax = 80;
    private const int LineCount = 4;
    private const string Tops = "_o#";

    public static string Draw(string eventName, LatencySeries series, long nowSeconds)
    {
        LatencySample[] samples = [.. series.Samples];
        long min = samples.Min(sample => sample.DurationMs);
        long max = samples.Max(sample => sample.DurationMs);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{eventName} - high {max} ms, low {min} ms (all time high {series.MaxMs} ms)\n");
        text.Append('-', ColumnCountMax).Append('\n');
        for (int i = 0; i < samples.Length; i += ColumnCountMax)
        {
            if (i > 0)
            {
                text.Append('\n');
            }
            ReadOnlySpan<LatencySample> columns = samples.AsSpan(i, Math.Min(samples.Length - i, ColumnCountMax));
            AppendBars(text, columns, min, max);
            AppendAges(text, columns, nowSeconds);
        }
        return text.ToString();
    }

    private static void AppendBars(StringBuilder text, ReadOnlySpan<LatencySample> columns, long min, long max)
    {
        const int StepCount = LineCount * 3;
        double range = Math.Max(max - min, 1);
        for (int line = LineCount - 1; line >= 0; line--)
        {
            foreach (LatencySample sample in columns)
            {
                int step = Math.Min((int)((sample.DurationMs - min) * StepCount / range), StepCount - 1);
                int top = step - (line * Tops.Length);
                text.Append(top < 0 ? ' ' : top < Tops.Length ? Tops[top] : '|');
            }
            text.Append('\n');
        }
    }

    private static void AppendAges(StringBuilder text, ReadOnlySpan<LatencySample> columns, long nowSeconds)
    {
        var ages = new string[columns.Length];
        for (int i = 0; i < ages.Length; i++)
        {
            ages[i] = AgeOf(Math.Max(nowSeconds - columns[i].UnixSeconds, 0));
        }
        text.Append(' ', ages.Length).Append('\n');
        int lineCount = ages.Max(age => age.Length);
        for (int line = 0; line < lineCount; line++)
        {
            foreach (string age in ages)
            {
                text.Append(line < age.Length ? age[line] : ' ');
            }
            text.Append('\n');
        }
    }

    private static string AgeOf(long seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
        < 60 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m"),
        < 24 * 60 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / (60 * 60)}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / (24 * 60 * 60)}d"),
    };
}
