using System.Diagnostics;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Streams;

/// <summary>
/// The ID of an entry of a stream: a time in Unix milliseconds and a number among the entries of that time. IDs are in the order of
/// their entries. As text they are <c>MS-SEQUENCE</c>.
/// </summary>
public readonly record struct StreamId(ulong Ms, ulong Sequence) : IComparable<StreamId>
{
    /// <summary>The longest ID as text.</summary>
    public const int TextSizeMax = 41;

    /// <summary>0-0: comes before all entries, and is none's ID.</summary>
    public static StreamId Min => default;

    public static StreamId Max => new(ulong.MaxValue, ulong.MaxValue);

    public bool IsZero => Ms == 0 && Sequence == 0;

    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;

    public int CompareTo(StreamId other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Sequence.CompareTo(other.Sequence);

    /// <summary>The ID right behind this one; false, and <see cref="Min"/>, behind the last.</summary>
    public bool TryGetNext(out StreamId next)
    {
        // First, because the target may be this id itself.
        bool isThere = this != Max;
        next = Sequence != ulong.MaxValue ? new StreamId(Ms, Sequence + 1) : new StreamId(unchecked(Ms + 1), 0);
        return isThere;
    }

    /// <summary>The ID right before this one; false, and <see cref="Max"/>, before the first.</summary>
    public bool TryGetPrevious(out StreamId previous)
    {
        bool isThere = this != Min;
        previous = Sequence != 0 ? new StreamId(Ms, Sequence - 1) : new StreamId(unchecked(Ms - 1), ulong.MaxValue);
        return isThere;
    }

    /// <summary>Writes the ID as text and returns its length; <see cref="TextSizeMax"/> bytes are enough.</summary>
    public int Format(Span<byte> target)
    {
        int length = Integers.Format(Ms, target);
        target[length++] = (byte)'-';
        length += Integers.Format(Sequence, target[length..]);
        Debug.Assert(length <= TextSizeMax, "Two numbers and a hyphen.");
        return length;
    }
}
