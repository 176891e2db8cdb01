using System.Diagnostics;

namespace Bixbite.Types.Sets;

/// <summary>
/// Intersection, union and difference of sets, streamed to a sink: nothing is built and each member comes once. A set may stand among
/// the sources several times.
/// </summary>
public static class SetAlgebra
{
    /// <summary>The members that all sets have. Starts from the smallest; the sets are put in that order.</summary>
    public static void Intersect<TSink>(Span<StoredSet> sets, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        Debug.Assert(!sets.IsEmpty, "There is nothing to intersect.");
        sets.Sort(static (left, right) => left.Count.CompareTo(right.Count));
        var walk = default(SetWalk);
        var batch = default(MemberBatch);
        while (batch.MoveNext(sets[0], ref walk))
        {
            foreach (StoredSet other in sets[1..])
            {
                if (!other.IsSameAs(sets[0]))
                {
                    batch.Keep(other, isContained: true);
                }
            }
            if (!batch.CopyTo(ref sink))
            {
                break;
            }
        }
        batch.Release();
    }

    /// <summary>
    /// The members that at least one set has: those of the largest set, then of each smaller one what no larger one has. For a few sets;
    /// the sets are put in that order.
    /// </summary>
    public static void Unite<TSink>(Span<StoredSet> sets, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        SortLargestFirst(sets);
        for (int i = 0; i < sets.Length; i++)
        {
            if (!TrySubtract(sets[i], sets[..i], ref sink))
            {
                return;
            }
        }
    }

    /// <summary>
    /// The members of the first set that none of the others has, each looked up in all of them. The others are put in order, the largest
    /// first: it is the likeliest to have a member.
    /// </summary>
    public static void Subtract<TSink>(StoredSet first, Span<StoredSet> others, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        SortLargestFirst(others);
        TrySubtract(first, others, ref sink);
    }

    /// <summary>False if the sink wants no more.</summary>
    private static bool TrySubtract<TSink>(StoredSet first, ReadOnlySpan<StoredSet> others, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        foreach (StoredSet other in others)
        {
            if (other.IsSameAs(first))
            {
                return true;
            }
        }
        bool isMoreWanted = true;
        var walk = default(SetWalk);
        var batch = default(MemberBatch);
        while (isMoreWanted && batch.MoveNext(first, ref walk))
        {
            foreach (StoredSet other in others)
            {
                batch.Keep(other, isContained: false);
            }
            isMoreWanted = batch.CopyTo(ref sink);
        }
        batch.Release();
        return isMoreWanted;
    }

    private static void SortLargestFirst(Span<StoredSet> sets) =>
        sets.Sort(static (left, right) => right.Count.CompareTo(left.Count));
}
