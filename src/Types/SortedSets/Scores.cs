using System.Diagnostics;

namespace Bixbite.Types.SortedSets;

/// <summary>Rules about scores that hold for small and for large sets.</summary>
internal static class Scores
{
    private const int PrefixBits = 51;

    /// <summary>Decides the new score of a member that exists.</summary>
    internal static AddOutcome Decide(double oldScore, double score, AddOptions options, out double newScore)
    {
        newScore = score;
        if (options != AddOptions.None)
        {
            if ((options & AddOptions.OnlyMissing) != 0)
            {
                return AddOutcome.Refused;
            }
            if ((options & AddOptions.Increment) != 0)
            {
                newScore += oldScore;
                if (double.IsNaN(newScore))
                {
                    return AddOutcome.NotANumber;
                }
            }
            if (((options & AddOptions.OnlyLess) != 0 && newScore >= oldScore)
                || ((options & AddOptions.OnlyGreater) != 0 && newScore <= oldScore))
            {
                return AddOutcome.Refused;
            }
        }
        return newScore == oldScore ? AddOutcome.Unchanged : AddOutcome.Updated;
    }

    /// <summary>
    /// 51 bits in the order of the scores: sign, exponent and the upper 39 bits of the fraction, so that all integers below 2^40 have
    /// different ones. Both zeros have the same.
    /// </summary>
    internal static ulong PrefixOf(double score)
    {
        Debug.Assert(!double.IsNaN(score), "A score is a number.");
        ulong bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        ulong ordered = bits ^ ((ulong)((long)bits >> 63) | (1UL << 63));
        return ordered >> (64 - PrefixBits);
    }
}
