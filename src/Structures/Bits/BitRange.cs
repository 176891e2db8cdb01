using System.Diagnostics;

namespace Bixbite.Structures.Bits;

/// <summary>
/// The bits from First to Last, both included, of a text of bytes: bit 0 is the most significant of the first byte. Empty if First is
/// beyond Last; else the text holds all of it.
/// </summary>
public readonly record struct BitRange(long First, long Last)
{
    public static BitRange Empty => new(0, -1);

    public bool IsEmpty => First > Last;

    public static BitRange Whole(long byteCount) => new(0, (byteCount << 3) - 1);

    /// <summary>
    /// The range that a client's start and end name, in bytes or in bits; negative ones count from the end, and what lies outside is cut
    /// off. Redis cuts both ends off on the same side, so -5 to -9 of a short text would be its first element: BITCOUNT takes
    /// such a range for empty, BITPOS does not.
    /// </summary>
    public static BitRange Resolve(long start, long end, bool isInBits, long byteCount, bool isReversedEmpty)
    {
        Debug.Assert(byteCount is >= 0 and <= long.MaxValue >> 3);
        if (isReversedEmpty && start < 0 && end < 0 && start > end)
        {
            return Empty;
        }
        long count = isInBits ? byteCount << 3 : byteCount;
        if (start < 0)
        {
            start = Math.Max(count + start, 0);
        }
        if (end < 0)
        {
            end = Math.Max(count + end, 0);
        }
        end = Math.Min(end, count - 1);
        if (start > end)
        {
            return Empty;
        }
        return isInBits ? new BitRange(start, end) : new BitRange(start << 3, (end << 3) + 7);
    }
}
