using System.Globalization;

namespace Bixbite.Configuration.Kinds;

/// <summary>Save a snapshot when this many changes are at least this old.</summary>
public readonly record struct SavePoint(long Seconds, int ChangeCount);

/// <summary>When to save snapshots. Lines of a file add up; the first one takes the place of the default.</summary>
public sealed class SaveSetting(string name, params SavePoint[] standard) : ValueSetting<IReadOnlyList<SavePoint>>(name, standard)
{
    private bool _isLoaded;

    public override string Range => "pairs of seconds and changes, or \"\"";

    public override IEnumerable<RewrittenLine> Rewrite() => Value.Count == 0
        ? [new($"{Name} \"\"", !IsDefault)]
        : Value.Select(point => new RewrittenLine($"{Name} {Format([point])}", !IsDefault));

    protected override string? Read(IReadOnlyList<string> words) =>
        TryRead(words, out List<SavePoint> points) ? Keep(points) : "Invalid save parameters";

    protected override string? ReadLine(IReadOnlyList<string> words)
    {
        if (!TryRead(words, out List<SavePoint> points))
        {
            return "Invalid save parameters";
        }
        bool isAddition = _isLoaded && words is not [""];
        _isLoaded = true;
        return Keep(isAddition ? [.. Value, .. points] : points);
    }

    protected override string Format(IReadOnlyList<SavePoint> value) =>
        string.Join(' ', value.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Seconds} {point.ChangeCount}")));

    private static bool TryRead(IReadOnlyList<string> words, out List<SavePoint> points)
    {
        points = [];
        if (words is [""])
        {
            return true;
        }
        if (words.Count % 2 != 0)
        {
            return false;
        }
        for (int i = 0; i < words.Count; i += 2)
        {
            if (!NumberSyntax.TryReadLoose(words[i], out long seconds) || seconds < 1)
            {
                return false;
            }
            if (!NumberSyntax.TryReadLoose(words[i + 1], out long count) || count < 0 || count > int.MaxValue)
            {
                return false;
            }
            points.Add(new SavePoint(seconds, (int)count));
        }
        return true;
    }
}
