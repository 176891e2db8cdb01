using System.Diagnostics;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// Elements that follow each other: what every range of scores, of members or of positions comes down to, whatever the direction in
/// which it is read. Ranks count from the smallest element, which has rank 0.
/// </summary>
public readonly record struct RankRange(long Start, long Count)
{
    public bool IsEmpty => Count == 0;

    /// <summary>From one rank up to, but without, another; empty where they have crossed.</summary>
    public static RankRange Between(long start, long end) => new(start, Math.Max(end - start, 0));

    /// <summary>
    /// The positions from <paramref name="first"/> to <paramref name="last"/>, both included, of <paramref name="total"/> elements read
    /// in this direction. Negative positions count from the end; those beyond an end are cut off.
    /// </summary>
    public static RankRange OfPositions(long first, long last, long total, bool isReversed)
    {
        first = first < 0 ? Math.Max(first + total, 0) : first;
        last = last < 0 ? last + total : Math.Min(last, total - 1);
        if (first > last)
        {
            return default;
        }
        long count = last - first + 1;
        return new RankRange(isReversed ? total - 1 - last : first, count);
    }

    /// <summary>
    /// The ranks left when, read in this direction, <paramref name="offset"/> elements are skipped and at most <paramref name="count"/> are
    /// taken, all of them if it is negative. A negative offset leaves nothing.
    /// </summary>
    public RankRange Limit(long offset, long count, bool isReversed)
    {
        if (offset < 0 || offset >= Count)
        {
            return default;
        }
        long available = Count - offset;
        long taken = count < 0 ? available : Math.Min(count, available);
        Debug.Assert(taken >= 0, "A range has no negative length.");
        return new RankRange(isReversed ? Start + available - taken : Start + offset, taken);
    }
}
