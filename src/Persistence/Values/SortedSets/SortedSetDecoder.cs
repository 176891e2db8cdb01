using System.Runtime.CompilerServices;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Persistence.Values.SortedSets;

/// <summary>
/// Reads sorted sets: members with scores, in binary or as text, one by one in any order; a ziplist, also in any order; or a listpack,
/// which must be in order since it is taken as it is. No member may be there twice, and every score is a number.
/// </summary>
internal static class SortedSetDecoder
{
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        var set = new SortedSetValue(slot);
        if (type == RdbType.SortedSetListpack)
        {
            ReadOnlySpan<byte> pack = reader.Text();
            if (!IsSound(pack, slot.Context.Seed))
            {
                return false;
            }
            set.Take(pack);
            return true;
        }
        var built = new SortedSetBuilder(slot.Context);
        using SortedSetBuilder.Scope scope = built.Begin();
        bool isSound = type == RdbType.SortedSetZiplist
            ? ReadZiplist(reader.Text(), built)
            : ReadElements(ref reader, isText: type == RdbType.SortedSetWithTextScores, built);
        if (isSound && built.Count > 0)
        {
            set.Take(built);
        }
        return isSound;
    }

    private static bool ReadElements(ref RdbReader reader, bool isText, SortedSetBuilder built)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> member = reader.Text();
            double score = isText ? TextScore(ref reader) : BitConverter.UInt64BitsToDouble(reader.Fixed64());
            if (reader.HasFailed || !TryAdd(built, member, score))
            {
                return false;
            }
        }
        return true;
    }

    private static double TextScore(ref RdbReader reader)
    {
        byte length = reader.Byte();
        switch (length)
        {
            case RdbFormat.ScoreNaN:
                return double.NaN;
            case RdbFormat.ScorePositiveInfinity:
                return double.PositiveInfinity;
            case RdbFormat.ScoreNegativeInfinity:
                return double.NegativeInfinity;
            default:
                return Doubles.TryParse(reader.Raw(length), out double score) ? score : double.NaN;
        }
    }

    private static bool ReadZiplist(scoped ReadOnlySpan<byte> ziplist, SortedSetBuilder built)
    {
        Span<byte> memberDigits = stackalloc byte[Integers.SizeMax];
        Span<byte> scoreDigits = stackalloc byte[Integers.SizeMax];
        var entries = new ZiplistReader(ziplist);
        while (entries.MoveNext())
        {
            ReadOnlySpan<byte> member = entries.Text(memberDigits);
            if (!entries.MoveNext()
                || !Doubles.TryParse(entries.Text(scoreDigits), out double score)
                || !TryAdd(built, member, score))
            {
                return false;
            }
        }
        return entries.IsSound;
    }

    private static bool TryAdd(SortedSetBuilder built, scoped ReadOnlySpan<byte> member, double score)
    {
        if (double.IsNaN(score) || !Unsafe.IsNullRef(ref built.ScoreOf(member)))
        {
            return false;
        }
        built.Add(member, score);
        return true;
    }

    /// <summary>Whether the bytes are a listpack of members and scores in their order, without a member twice.</summary>
    private static bool IsSound(scoped ReadOnlySpan<byte> pack, ulong seed)
    {
        if (!Listpack.IsValid(pack, out int count) || count % 2 != 0)
        {
            return false;
        }
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        Span<byte> previousDigits = stackalloc byte[Integers.SizeMax];
        int previous = 0;
        double previousScore = double.NegativeInfinity;
        for (int at = Listpack.First(pack); at != 0;)
        {
            int scoreAt = Listpack.Next(pack, at);
            if (!TryScoreOf(Listpack.At(pack, scoreAt), out double score) || score < previousScore)
            {
                return false;
            }
            if (previous != 0
                && score == previousScore
                && Listpack.At(pack, previous).Text(previousDigits).SequenceCompareTo(Listpack.At(pack, at).Text(digits)) >= 0)
            {
                return false;
            }
            previous = at;
            previousScore = score;
            at = Listpack.Next(pack, scoreAt);
        }
        return DistinctEntries.AreIn(pack, count, stride: 2, seed);
    }

    private static bool TryScoreOf(scoped in ListpackEntry entry, out double score)
    {
        if (!entry.IsInteger)
        {
            return Doubles.TryParse(entry.Bytes, out score);
        }
        score = entry.Integer;
        return true;
    }
}
