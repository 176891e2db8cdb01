namespace Bixbite.Types.SortedSets;

/// <summary>Scores between two bounds, each of which belongs to the range or not.</summary>
public readonly record struct ScoreRange(double Min, bool IsMinExclusive, double Max, bool IsMaxExclusive)
{
    /// <summary>From <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static ScoreRange Closed(double min, double max) => new(min, false, max, false);

    public bool IsAboveMin(double score) => IsMinExclusive ? score > Min : score >= Min;

    public bool IsBelowMax(double score) => IsMaxExclusive ? score < Max : score <= Max;
}
