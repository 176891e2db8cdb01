using Bixbite.Structures.Ordered;

namespace Bixbite.Types.SortedSets;

/// <summary>The place of a score and member in the order.</summary>
internal readonly ref struct ElementKey(double score, ReadOnlySpan<byte> member) : ITreeKey
{
    private readonly double _score = score;
    private readonly ReadOnlySpan<byte> _member = member;

    public ulong Prefix => Scores.PrefixOf(_score);

    public int CompareTo(ulong entry)
    {
        double other = SortedSetElement.ScoreAt(entry);
        if (_score == other)
        {
            return _member.SequenceCompareTo(SortedSetElement.MemberAt(entry));
        }
        return _score < other ? -1 : 1;
    }
}

/// <summary>The place before the first element of this score, or behind the last one.</summary>
internal readonly struct ScoreKey(double score, bool isBehind) : ITreeKey
{
    public ulong Prefix => Scores.PrefixOf(score);

    public int CompareTo(ulong entry)
    {
        double other = SortedSetElement.ScoreAt(entry);
        if (score == other)
        {
            return isBehind ? 1 : -1;
        }
        return score < other ? -1 : 1;
    }
}

/// <summary>The place before or behind a member among elements that all have one score.</summary>
internal readonly ref struct LexKey(double score, ReadOnlySpan<byte> member, bool isBehind) : ITreeKey
{
    private readonly ReadOnlySpan<byte> _member = member;

    public ulong Prefix => Scores.PrefixOf(score);

    public int CompareTo(ulong entry)
    {
        int order = _member.SequenceCompareTo(SortedSetElement.MemberAt(entry));
        return order != 0 ? order : isBehind ? 1 : -1;
    }
}
