using System.Diagnostics;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// A small sorted set: one listpack of member and score in turns, in the order of the set, byte for byte what Redis has for it.
/// <code>
///   | header | member | score | member | score | ... | end |
/// </code>
/// Scores that are integers are integers there, others the text of the number. An element is named by the offset of its member.
/// </summary>
internal readonly ref struct PackedSortedSet(BlockTail tail)
{
    private const double IntegerMax = long.MaxValue / 2;

    private readonly BlockTail _tail = tail;

    internal ReadOnlySpan<byte> Bytes => _tail.Bytes(Listpack.SizeOf(_tail.Bytes(sizeof(int))));

    internal long Count => Listpack.Count(Bytes) / 2;

    /// <summary>The member behind this one; 0 at the end.</summary>
    internal static int Next(ReadOnlySpan<byte> pack, int at) => Listpack.Next(pack, Listpack.Next(pack, at));

    /// <summary>The member before this one; 0 at the beginning.</summary>
    internal static int Previous(ReadOnlySpan<byte> pack, int at)
    {
        int score = Listpack.Previous(pack, at);
        return score == 0 ? 0 : Listpack.Previous(pack, score);
    }

    /// <summary>The score of the member at this offset.</summary>
    internal static double ScoreOf(ReadOnlySpan<byte> pack, int at)
    {
        ListpackEntry entry = Listpack.At(pack, Listpack.Next(pack, at));
        if (entry.IsInteger)
        {
            return entry.Integer;
        }
        bool isNumber = Doubles.TryParse(entry.Bytes, out double score);
        Debug.Assert(isNumber, "A score is a number.");
        return score;
    }

    internal double ScoreAt(int at) => ScoreOf(Bytes, at);

    /// <summary>The offset of a member; 0 if it is not there.</summary>
    internal int Find(ReadOnlySpan<byte> member)
    {
        ReadOnlySpan<byte> pack = Bytes;
        return Listpack.Find(pack, Listpack.First(pack), member, skip: 1);
    }

    internal bool TryScoreOf(ReadOnlySpan<byte> member, out double score)
    {
        int at = Find(member);
        score = at == 0 ? 0 : ScoreAt(at);
        return at != 0;
    }

    internal bool TryRankOf(ReadOnlySpan<byte> member, out long rank, out double score)
    {
        rank = 0;
        int found = Find(member);
        score = 0;
        if (found == 0)
        {
            return false;
        }
        ReadOnlySpan<byte> pack = Bytes;
        score = ScoreOf(pack, found);
        for (int at = Listpack.First(pack); at != found; at = Next(pack, at))
        {
            rank++;
        }
        return true;
    }

    internal bool HasRoomFor(ReadOnlySpan<byte> member, ValueLimits limits) =>
        Count < limits.SortedSetEntriesMax
        && member.Length <= limits.SortedSetValueSizeMax
        && Listpack.IsSafeToAdd(Bytes, member.Length);

    /// <summary>Adds a member that is not there.</summary>
    internal void Insert(ReadOnlySpan<byte> member, double score)
    {
        ReadOnlySpan<byte> pack = Bytes;
        int at = Listpack.First(pack);
        while (at != 0 && !IsBefore(score, member, pack, at))
        {
            at = Next(pack, at);
        }
        InsertAt(at == 0 ? Listpack.EndOffset(pack) : at, member, score);
    }

    /// <summary>Adds a member that is not there and comes behind all others.</summary>
    internal void Append(ReadOnlySpan<byte> member, double score) => InsertAt(Listpack.EndOffset(Bytes), member, score);

    /// <summary>Gives the member at this offset another score; it stays where it is if its neighbours allow it.</summary>
    internal void Rescore(int at, ReadOnlySpan<byte> member, double score)
    {
        ReadOnlySpan<byte> pack = Bytes;
        int next = Next(pack, at);
        int previous = Previous(pack, at);
        if ((next == 0 || IsBefore(score, member, pack, next)) && (previous == 0 || !IsBefore(score, member, pack, previous)))
        {
            ReplaceScore(Listpack.Next(pack, at), score);
            return;
        }
        Listpack.Remove(_tail, at, 2);
        Insert(member, score);
    }

    internal bool Remove(ReadOnlySpan<byte> member)
    {
        int at = Find(member);
        if (at == 0)
        {
            return false;
        }
        Listpack.Remove(_tail, at, 2);
        return true;
    }

    internal void RemoveRange(RankRange range)
    {
        if (!range.IsEmpty)
        {
            Listpack.Remove(_tail, Listpack.Seek(Bytes, (int)range.Start * 2), (int)range.Count * 2);
        }
    }

    internal RankRange RangeOf(in ScoreRange range)
    {
        ReadOnlySpan<byte> pack = Bytes;
        int at = Listpack.First(pack);
        long start = 0;
        for (; at != 0 && !range.IsAboveMin(ScoreOf(pack, at)); at = Next(pack, at))
        {
            start++;
        }
        long count = 0;
        for (; at != 0 && range.IsBelowMax(ScoreOf(pack, at)); at = Next(pack, at))
        {
            count++;
        }
        return new RankRange(start, count);
    }

    internal RankRange RangeOf(in LexRange range)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> pack = Bytes;
        int at = Listpack.First(pack);
        long start = 0;
        for (; at != 0 && !range.IsAboveMin(Listpack.At(pack, at).Text(digits)); at = Next(pack, at))
        {
            start++;
        }
        long count = 0;
        for (; at != 0 && range.IsBelowMax(Listpack.At(pack, at).Text(digits)); at = Next(pack, at))
        {
            count++;
        }
        return new RankRange(start, count);
    }

    /// <summary>Whether a score and member come before the element at this offset.</summary>
    private static bool IsBefore(double score, ReadOnlySpan<byte> member, ReadOnlySpan<byte> pack, int at)
    {
        double other = ScoreOf(pack, at);
        if (score != other)
        {
            return score < other;
        }
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        return member.SequenceCompareTo(Listpack.At(pack, at).Text(digits)) < 0;
    }

    private static bool TryGetInteger(double score, out long integer)
    {
        bool fits = Math.Abs(score) <= IntegerMax;
        integer = fits ? (long)score : 0;
        return fits && integer == score;
    }

    private void InsertAt(int offset, ReadOnlySpan<byte> member, double score)
    {
        if (TryGetInteger(score, out long integer))
        {
            Listpack.InsertPair(_tail, offset, member, integer);
        }
        else
        {
            Span<byte> text = stackalloc byte[Doubles.SizeMax];
            Listpack.InsertPair(_tail, offset, member, text[..Doubles.Format(score, text)]);
        }
    }

    private void ReplaceScore(int offset, double score)
    {
        if (TryGetInteger(score, out long integer))
        {
            Listpack.Replace(_tail, offset, integer);
        }
        else
        {
            Span<byte> text = stackalloc byte[Doubles.SizeMax];
            Listpack.Replace(_tail, offset, text[..Doubles.Format(score, text)]);
        }
    }
}
