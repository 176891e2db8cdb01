using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// The deadlines of a segment's entries, two bytes per slot, in a block of its own that exists only while an entry of the segment has
/// a deadline.
/// <code>
///   | tick of slot 0 | tick of slot 1 | ... | tick of slot 7 n - 1 |        ushort each, 0 = no deadline
/// </code>
/// A tick is the first unit of 32 ms that begins after the deadline, modulo 65,536, and 1 instead of 0. So every 35 minutes a far deadline
/// looks due once; whoever collects asks the record itself. Nothing is ever collected late.
/// </summary>
internal readonly struct DeadlineLane(ulong address)
{
    internal const int TickShift = 5;
    internal const long TickPeriod = 1 << 16;

    internal ulong Address { get; } = address;

    internal static long SizeFor(int bucketCount) => (long)bucketCount * Bucket.SlotCount * sizeof(ushort);

    /// <summary>The first tick at whose beginning the deadline has passed.</summary>
    internal static long TickOf(long deadlineMs) => (deadlineMs >> TickShift) + 1;

    internal static ushort ShortTickOf(long tick) => (ushort)Math.Max((uint)(ushort)tick, 1u);

    internal Span<ushort> Ticks(int bucketCount) =>
        MemoryMarshal.Cast<byte, ushort>(Native.Bytes(Address, bucketCount * Bucket.SlotCount * sizeof(ushort)));

    /// <summary>
    /// Writes the indices of slots whose tick lies among the <paramref name="width"/> ticks from <paramref name="first"/> on, and
    /// returns their count.
    /// </summary>
    internal static int FindWithin(ReadOnlySpan<ushort> ticks, ushort first, long width, Span<ushort> found)
    {
        int count = 0;
        ushort last = (ushort)Math.Min(width - 1, ushort.MaxValue);
        int index = 0;
        ReadOnlySpan<Vector128<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector128<ushort>>(ticks);
        foreach (Vector128<ushort> vector in vectors)
        {
            Vector128<ushort> isWithin = Vector128.LessThanOrEqual(vector - Vector128.Create(first), Vector128.Create(last));
            uint hits = (isWithin & ~Vector128.Equals(vector, Vector128<ushort>.Zero)).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1)
            {
                found[count++] = (ushort)(index + BitOperations.TrailingZeroCount(hits));
            }
            index += Vector128<ushort>.Count;
        }
        for (; index < ticks.Length; index++)
        {
            if (ticks[index] != 0 && (ushort)(ticks[index] - first) <= last)
            {
                found[count++] = (ushort)index;
            }
        }
        return count;
    }

    /// <summary>How many ticks from <paramref name="first"/> on the next deadline comes; the lane must not be empty.</summary>
    internal static ushort DistanceToNext(ReadOnlySpan<ushort> ticks, ushort first)
    {
        Vector128<ushort> least = Vector128<ushort>.AllBitsSet;
        ReadOnlySpan<Vector128<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector128<ushort>>(ticks);
        foreach (Vector128<ushort> vector in vectors)
        {
            Vector128<ushort> distance = vector - Vector128.Create(first);
            least = Vector128.Min(least, distance | Vector128.Equals(vector, Vector128<ushort>.Zero));
        }
        ushort result = ushort.MaxValue;
        for (int i = 0; i < Vector128<ushort>.Count; i++)
        {
            result = Math.Min(result, least[i]);
        }
        for (int i = vectors.Length * Vector128<ushort>.Count; i < ticks.Length; i++)
        {
            if (ticks[i] != 0)
            {
                result = Math.Min(result, (ushort)(ticks[i] - first));
            }
        }
        return result;
    }
}
