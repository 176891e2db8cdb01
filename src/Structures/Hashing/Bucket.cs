using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A bucket is a cache line: a word of tags, then seven slots.
/// <code>
///   meta    byte 0 .. 6: tag of slot 0 .. 6, 0 = empty       byte 7: how many entries passed this full bucket, 255 = no longer counted
///   slot    | place: 19 bits | entry / 8: 45 bits |       a Link to the record, its tag the place
/// </code>
/// The tag is the hash's low byte; the place is the 19 bits of the hash that follow the segment's prefix. An entry's home bucket
/// follows from its place; if that is full it goes to the next one, and every bucket it passes counts it. So a search ends at the first
/// bucket that nobody passed, and a removal leaves no tombstone. Tags are compared eight at a time in a register.
/// </summary>
internal static class Bucket
{
    internal const int Size = 64;
    internal const int SlotCount = 7;
    internal const int PlaceBits = 19;

    private const int PlaceShift = 64 - PlaceBits;
    private const int EntryShift = 3;
    private const ulong EntryMask = (1UL << PlaceShift) - 1;
    private const ulong Sevens = 0x7F7F7F7F7F7F7F7F;
    private const ulong TagTops = 0x0080808080808080;
    private const ulong Ones = 0x0101010101010101;
    private const int PassedShift = 56;
    private const byte PassedMax = byte.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte TagOf(ulong hash) => (byte)Math.Max((uint)(byte)hash, 1u);

    /// <summary>The top bits of the bytes whose tag is this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Matches(ulong meta, byte tag)
    {
        ulong differences = meta ^ (tag * Ones);
        return ~(((differences & Sevens) + Sevens) | differences | Sevens) & TagTops;
    }

    /// <summary>The top bits of the bytes that hold a tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Occupied(ulong meta) => (((meta & Sevens) + Sevens) | meta) & TagTops;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Empty(ulong meta) => ~(((meta & Sevens) + Sevens) | meta) & TagTops;

    /// <summary>The address of the slot that the lowest of the top bits stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong FirstSlot(ulong bucket, ulong tops) =>
        bucket + sizeof(ulong) + (ulong)(BitOperations.TrailingZeroCount(tops) & 0x38);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPassed(ulong meta) => meta >> PassedShift != 0;

    internal static int PassedCount(ulong meta) => (int)(meta >> PassedShift);

    internal static bool IsPassedCountExact(ulong meta) => meta >> PassedShift != PassedMax;

    internal static void CountPassing(ref ulong meta)
    {
        if (meta >> PassedShift != PassedMax)
        {
            meta += 1UL << PassedShift;
        }
    }

    internal static void UncountPassing(ref ulong meta)
    {
        if (meta >> PassedShift != PassedMax)
        {
            meta -= 1UL << PassedShift;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint PlaceIn(ulong slot) => (uint)(slot >> PlaceShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong EntryIn(ulong slot) => (slot & EntryMask) << EntryShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Slot(uint place, ulong entry)
    {
        Debug.Assert(entry != 0 && entry >> 48 == 0 && (entry & 7) == 0, "An entry is an address of 48 bits, a multiple of 8.");
        return ((ulong)place << PlaceShift) | (entry >> EntryShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong EntryAt(ulong slotAddress) => EntryIn(Native.At<ulong>(slotAddress));
}
