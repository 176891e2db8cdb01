using System.Diagnostics;
using System.Numerics;

namespace Bixbite.Structures.Bits;

/// <summary>Finds the first bit of a kind.</summary>
public static class BitScan
{
    /// <summary>
    /// The position of the first bit within the range that is set, or clear; -1 if there is none. (A client that looks for a clear bit
    /// without naming an end takes the text for followed by zeros: its answer is then the bit after the last.)
    /// </summary>
    public static long Find(ReadOnlySpan<byte> bytes, BitRange range, bool isSet)
    {
        if (range.IsEmpty)
        {
            return -1;
        }
        Debug.Assert(range.First >= 0 && range.Last >> 3 < bytes.Length);
        int first = (int)(range.First >> 3);
        int last = (int)(range.Last >> 3);
        byte dull = isSet ? (byte)0 : (byte)0xFF;

        // Bits of the first byte before the range are made dull; those of the last byte after it are told by their position.
        int before = ~(0xFF >> (int)(range.First & 7)) & 0xFF;
        int head = isSet ? bytes[first] & ~before : bytes[first] | before;
        int at = first;
        if (head == dull)
        {
            int offset = bytes[(first + 1)..(last + 1)].IndexOfAnyExcept(dull);
            if (offset < 0)
            {
                return -1;
            }
            at = first + 1 + offset;
            head = bytes[at];
        }
        int wanted = isSet ? head : ~head & 0xFF;
        long position = ((long)at << 3) + BitOperations.LeadingZeroCount((uint)wanted) - 24;
        return position <= range.Last ? position : -1;
    }
}
