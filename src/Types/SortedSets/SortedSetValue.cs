using System.Diagnostics;
using Bixbite.Types.Saving;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// A sorted set: distinct members, each with a score, in the order of scores and, where these are equal, of the members' bytes. Small
/// ones are a listpack (<see cref="PackedSortedSet"/>), the others an index and a tree (<see cref="SortedSetRoot"/>); a set that has
/// grown does not become small again. Positions in the order are ranks, which count from 0; every range comes down to a
/// <see cref="RankRange"/>, so counting, reading in both directions and removing are the same for all of them.
/// </summary>
public readonly ref struct SortedSetValue(ValueSlot slot)
{
    private readonly ValueSlot _slot = slot;

    public long Count => IsPacked ? Packed.Count : Large.Count;

    public bool IsEmpty => Count == 0;

    private bool IsPacked => _slot.Layout == ValueLayout.Listpack;

    private PackedSortedSet Packed => new(_slot.Packed);

    private SortedSetRoot Large => new(_slot.Context, _slot.Root, _slot.Saving as IndexSnapshot<SortedSetElement, ISortedSetSink>);

    /// <summary>
    /// Prepares for a command that adds this many members, the first of this size: what cannot stay small is made large at once.
    /// </summary>
    public void Expect(long count, int memberSize)
    {
        ValueLimits limits = _slot.Context.Limits;
        if (IsPacked && (count > limits.SortedSetEntriesMax || (memberSize > limits.SortedSetValueSizeMax && IsEmpty)))
        {
            Convert();
        }
    }

    public bool TryScoreOf(ReadOnlySpan<byte> member, out double score) =>
        IsPacked ? Packed.TryScoreOf(member, out score) : Large.TryScoreOf(member, out score);

    /// <summary>Gives a member, new or there, a score that is a number. The bytes must not belong to this set.</summary>
    public AddOutcome Add(ReadOnlySpan<byte> member, double score) => Add(member, score, AddOptions.None, out _);

    /// <param name="member">The member; the bytes must not belong to this set.</param>
    /// <param name="score">The score, or what is added to it; a number.</param>
    /// <param name="options">What is allowed.</param>
    /// <param name="newScore">The score that the member has afterwards; undefined if it was refused.</param>
    public AddOutcome Add(ReadOnlySpan<byte> member, double score, AddOptions options, out double newScore)
    {
        if (!IsPacked)
        {
            return Large.Add(member, score, options, out newScore);
        }
        PackedSortedSet packed = Packed;
        int at = packed.Find(member);
        if (at != 0)
        {
            double oldScore = packed.ScoreAt(at);
            AddOutcome outcome = Scores.Decide(oldScore, score, options, out newScore);
            if (outcome == AddOutcome.Updated)
            {
                packed.Rescore(at, member, newScore);
            }
            return outcome;
        }
        newScore = score;
        if ((options & AddOptions.OnlyPresent) != 0)
        {
            return AddOutcome.Refused;
        }
        if (packed.HasRoomFor(member, _slot.Context.Limits))
        {
            packed.Insert(member, score);
            return AddOutcome.Added;
        }
        Convert();
        return Large.Add(member, score, options, out newScore);
    }

    /// <summary>
    /// Adds a member that is not there and comes behind all others: how a set is built from what is sorted already. The bytes must not
    /// belong to this set.
    /// </summary>
    public void Append(ReadOnlySpan<byte> member, double score)
    {
        if (IsPacked)
        {
            PackedSortedSet packed = Packed;
            if (packed.HasRoomFor(member, _slot.Context.Limits))
            {
                packed.Append(member, score);
                return;
            }
            Convert();
        }
        Large.Append(member, score);
    }

    /// <summary>Gives an empty set what was built, which is used up by that.</summary>
    public void Take(SortedSetBuilder built)
    {
        Debug.Assert(IsPacked && IsEmpty, "Only an empty set can be given another content.");
        if (built.IsSmall)
        {
            foreach (ulong element in built.Sorted())
            {
                Append(SortedSetElement.MemberAt(element), SortedSetElement.ScoreAt(element));
            }
            built.GiveUp();
        }
        else
        {
            _slot.BecomeRoot(built.TakeRoot());
        }
    }

    /// <summary>
    /// Gives an empty set this listpack, which is valid, in order, has no member twice and is not the set's own. More members than the
    /// limit make it large; how long they are does not matter.
    /// </summary>
    public void Take(ReadOnlySpan<byte> pack)
    {
        Debug.Assert(IsPacked && IsEmpty, "Only an empty set can be given another content.");
        pack.CopyTo(_slot.BecomePacked(ValueLayout.Listpack, pack.Length).Bytes(pack.Length));
        if (Count > _slot.Context.Limits.SortedSetEntriesMax)
        {
            Convert();
        }
    }

    public bool Remove(ReadOnlySpan<byte> member) => IsPacked ? Packed.Remove(member) : Large.Remove(member);

    public void RemoveRange(RankRange range)
    {
        if (IsPacked)
        {
            Packed.RemoveRange(range);
        }
        else
        {
            Large.RemoveRange(range);
        }
    }

    /// <summary>The member's rank and score, if it is there.</summary>
    public bool TryRankOf(ReadOnlySpan<byte> member, out long rank, out double score) =>
        IsPacked ? Packed.TryRankOf(member, out rank, out score) : Large.TryRankOf(member, out rank, out score);

    /// <summary>The elements whose scores lie in the range.</summary>
    public RankRange RangeOf(in ScoreRange range) => IsPacked ? Packed.RangeOf(range) : Large.RangeOf(range);

    /// <summary>The elements whose members lie in the range, if all scores are equal; otherwise some.</summary>
    public RankRange RangeOf(in LexRange range) => IsPacked ? Packed.RangeOf(range) : Large.RangeOf(range);

    /// <summary>All elements.</summary>
    public RankRange All => new(0, Count);

    /// <summary>
    /// Reads the elements of the range one after the other: <c>while (reader.MoveNext()) { ... reader.Member, reader.Score ... }</c>. Valid
    /// until the next change.
    /// </summary>
    public SortedSetReader Read(RankRange range, bool isReversed = false) => IsPacked
        ? new SortedSetReader(Packed.Bytes, range, isReversed)
        : new SortedSetReader(Large.Tree, range, isReversed);

    /// <summary>
    /// Visits some elements from the cursor on and returns the next cursor: 0 begins and, returned, ends. A small set is visited at once.
    /// </summary>
    public ulong Scan<TVisitor>(ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, ISortedSetVisitor, allows ref struct
    {
        if (!IsPacked)
        {
            return Large.Scan(cursor, countHint, ref visitor);
        }
        SortedSetReader reader = Read(All);
        while (reader.MoveNext())
        {
            visitor.Visit(reader.Member, reader.Score);
        }
        return 0;
    }

    /// <summary>Makes a small set large.</summary>
    private void Convert()
    {
        SortedSetRoot large = SortedSetRoot.Create(_slot.Context);
        SortedSetReader reader = Read(All);
        while (reader.MoveNext())
        {
            large.Append(reader.Member, reader.Score);
        }
        _slot.BecomeRoot(large.Address);
    }
}
