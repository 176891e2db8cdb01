namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>How the scores that one member has in several inputs are combined.</summary>
internal enum Aggregate
{
    Sum,
    Min,
    Max,

    /// <summary>Scores do not matter: each input counts with its weight.</summary>
    Count,
}

internal static class Aggregates
{
    /// <summary>The contribution of an element to its score in the result; NaN counts as 0.</summary>
    public static double Weighted(this Aggregate aggregate, double score, double weight)
    {
        double weighted = aggregate == Aggregate.Count ? weight : score * weight;
        return double.IsNaN(weighted) ? 0 : weighted;
    }

    /// <summary>The score that another input's score makes of one; infinities of both signs make 0.</summary>
    public static double Combine(this Aggregate aggregate, double score, double other)
    {
        switch (aggregate)
        {
            case Aggregate.Min:
                return other < score ? other : score;
            case Aggregate.Max:
                return other > score ? other : score;
            default:
                double sum = score + other;
                return double.IsNaN(sum) ? 0 : sum;
        }
    }
}
