using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>Bounds of ranges as clients write them.</summary>
internal static class RangeArguments
{
    /// <summary>Two scores, with a bracket before those that do not belong to the range; otherwise answers the error.</summary>
    public static bool TryReadScores(ReplyWriter reply, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, out ScoreRange range)
    {
        range = default;
        if (!TryReadScore(min, out double low, out bool isLowExclusive) || !TryReadScore(max, out double high, out bool isHighExclusive))
        {
            reply.Error(ErrorText.ScoreRange);
            return false;
        }
        range = new ScoreRange(low, isLowExclusive, high, isHighExclusive);
        return true;
    }

    /// <summary>Two members with a bracket before them, or signs for infinities; otherwise answers the error.</summary>
    public static bool TryReadMembers(ReplyWriter reply, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, out LexRange range)
    {
        range = default;
        if (!LexBound.TryParse(min, out LexBound low) || !LexBound.TryParse(max, out LexBound high))
        {
            reply.Error(ErrorText.LexRange);
            return false;
        }
        range = new LexRange(low, high);
        return true;
    }

    private static bool TryReadScore(ReadOnlySpan<byte> text, out double score, out bool isExclusive)
    {
        isExclusive = !text.IsEmpty && text[0] == '(';
        return Doubles.TryParseLoose(isExclusive ? text[1..] : text, out score);
    }
}
