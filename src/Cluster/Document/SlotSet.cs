using System.Collections.Immutable;

namespace Bixbite.Cluster.Document;

/// <summary>A set of slots, as ranges in rising order that neither overlap nor touch. It does not change.</summary>
public sealed class SlotSet : IEquatable<SlotSet>
{
    public const int SlotCount = 16384;

    private SlotSet(ImmutableArray<SlotRange> ranges)
    {
        Ranges = ranges;
        foreach (SlotRange range in ranges)
        {
            Count += range.Count;
        }
    }

    public static SlotSet Empty { get; } = new([]);

    public static SlotSet Full { get; } = new([new SlotRange(0, SlotCount - 1)]);

    public ImmutableArray<SlotRange> Ranges { get; }

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    public static SlotSet Of(params ReadOnlySpan<SlotRange> ranges)
    {
        var marks = new SlotMarks();
        foreach (SlotRange range in ranges)
        {
            marks.Set(range);
        }
        return From(marks);
    }

    /// <summary>Ranges that are in order already; none if they are not, or name a slot that does not exist.</summary>
    public static SlotSet? TryFrom(ImmutableArray<SlotRange> ranges)
    {
        int next = 0;
        foreach (SlotRange range in ranges)
        {
            if (range.First < next || range.Last < range.First || range.Last >= SlotCount)
            {
                return null;
            }
            next = range.Last + 2;
        }
        return new SlotSet(ranges);
    }

    public static SlotSet From(SlotMarks marks) => new(marks.Ranges());

    public bool Contains(int slot)
    {
        int low = 0;
        int high = Ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Ranges[middle].Last < slot)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < Ranges.Length && Ranges[low].First <= slot;
    }

    /// <summary>The first slot that both have, or -1.</summary>
    public int FirstCommon(SlotSet other)
    {
        int mine = 0;
        int theirs = 0;
        while (mine < Ranges.Length && theirs < other.Ranges.Length)
        {
            int first = Math.Max(Ranges[mine].First, other.Ranges[theirs].First);
            if (first <= Math.Min(Ranges[mine].Last, other.Ranges[theirs].Last))
            {
                return first;
            }
            if (Ranges[mine].Last < other.Ranges[theirs].Last)
            {
                mine++;
            }
            else
            {
                theirs++;
            }
        }
        return -1;
    }

    /// <summary>The first slot of this set that the other lacks, or -1.</summary>
    public int FirstMissingIn(SlotSet other)
    {
        SlotSet missing = Without(other);
        return missing.IsEmpty ? -1 : missing.Ranges[0].First;
    }

    public SlotSet With(SlotSet other)
    {
        SlotMarks marks = Marks();
        foreach (SlotRange range in other.Ranges)
        {
            marks.Set(range);
        }
        return From(marks);
    }

    public SlotSet Without(SlotSet other)
    {
        SlotMarks marks = Marks();
        foreach (SlotRange range in other.Ranges)
        {
            marks.Clear(range);
        }
        return From(marks);
    }

    public bool Equals(SlotSet? other) => other is not null && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as SlotSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (SlotRange range in Ranges)
        {
            hash.Add(range);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(' ', Ranges);

    private SlotMarks Marks()
    {
        var marks = new SlotMarks();
        foreach (SlotRange range in Ranges)
        {
            marks.Set(range);
        }
        return marks;
    }
}
