using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// When the segments' next deadlines come: one tick of 32 bits per segment, in a dense array that a cycle reads with SIMD instead of
/// touching the segments. Made when the first deadline is set; then as large as the <see cref="SegmentTable"/>.
/// <code>
///   | tick of segment 0 | tick of segment 1 | ...         uint each, 32 ms modulo 2^32, 0 = no deadline in this segment
/// </code>
/// A tick here is never later than the segment's true next deadline.
/// </summary>
internal readonly struct DueTable(Heap heap, ulong root)
{
    internal const uint None = 0;

    private const int TicksPerRound = 16;

    /// <summary>For <see cref="LastTick"/>: no collection has begun yet.</summary>
    internal const long NeverCollected = long.MinValue;

    /// <summary>The tick of the last collection.</summary>
    internal long LastTick => Root.LastTick;

    internal long MemoryBytes => Ticks == 0 ? 0 : heap.SizeOf(Ticks);

    private ref IndexRoot Root => ref Native.At<IndexRoot>(root);

    private ref ulong Ticks => ref Root.DueTicks;

    /// <summary>The earlier of two ticks, where none is later than any.</summary>
    internal static uint Earlier(uint first, uint second)
    {
        if (first == None)
        {
            return second;
        }
        if (second == None)
        {
            return first;
        }
        return (int)(first - second) < 0 ? first : second;
    }

    internal static uint Narrow(long tick) => Math.Max((uint)tick, 1);

    internal uint Get(long number) => Ticks == 0 ? None : Native.At<uint>(Ticks + ((ulong)number * sizeof(uint)));

    internal void Set(long number, uint tick)
    {
        if (Ticks != 0)
        {
            Native.At<uint>(Ticks + ((ulong)number * sizeof(uint))) = tick;
        }
    }

    /// <summary>Notes a deadline: from its tick on, or when its short tick first comes round, the segment is worth looking at.</summary>
    internal void Note(long number, long tick)
    {
        if (Ticks == 0)
        {
            long size = sizeof(uint) << Root.TableShift;
            Ticks = heap.Allocate(size);
            Native.Clear(Ticks, size);
        }
        if (LastTick == NeverCollected)
        {
            tick = 1;
        }
        else if (tick - LastTick > DeadlineLane.TickPeriod)
        {
            tick = LastTick + 1 + ((tick - LastTick - 1) & (DeadlineLane.TickPeriod - 1));
        }
        else
        {
            tick = Math.Max(tick, LastTick - DeadlineLane.TickPeriod);
        }
        Set(number, Earlier(Get(number), Narrow(tick)));
    }

    /// <summary>
    /// A collection begins. Before the first one nobody knew the time, and a clock that goes back makes what was noted worthless:
    /// then every segment with deadlines is worth a look at all of them.
    /// </summary>
    internal void Begin(long nowTick)
    {
        if (Ticks != 0 && (LastTick == NeverCollected || nowTick < LastTick))
        {
            Span<uint> ticks = MemoryMarshal.Cast<byte, uint>(Native.Bytes(Ticks, Root.SegmentCount * sizeof(uint)));
            uint everything = Narrow(nowTick - DeadlineLane.TickPeriod);
            foreach (ref uint tick in ticks)
            {
                tick = tick == None ? None : everything;
            }
        }
        Root.LastTick = nowTick;
    }

    /// <summary>The first segment in [from, end) whose tick has come, or end.</summary>
    internal long NextDue(long from, long end, uint nowTick)
    {
        if (Ticks == 0)
        {
            return end;
        }
        ReadOnlySpan<byte> bytes = Native.Bytes(Ticks + ((ulong)from * sizeof(uint)), (int)(end - from) * sizeof(uint));
        ReadOnlySpan<uint> ticks = MemoryMarshal.Cast<byte, uint>(bytes);
        ref readonly uint first = ref MemoryMarshal.GetReference(ticks);
        Vector128<uint> next = Vector128.Create(nowTick + 1);
        int i = 0;
        for (; i <= ticks.Length - TicksPerRound; i += TicksPerRound)
        {
            Vector128<uint> isDue = Due(in first, i, next) | Due(in first, i + 4, next)
                | Due(in first, i + 8, next) | Due(in first, i + 12, next);
            if (isDue.ExtractMostSignificantBits() != 0)
            {
                break;
            }
        }
        for (; i < ticks.Length; i++)
        {
            if (ticks[i] != None && (int)(ticks[i] - nowTick) <= 0)
            {
                return from + i;
            }
        }
        return end;
    }

    /// <summary>The earliest tick of all segments. There must be one, and a collection must have begun.</summary>
    internal long EarliestTick()
    {
        int earliest = int.MaxValue;
        int count = Root.SegmentCount;
        for (long i = NextVolatile(0, count); i < count; i = NextVolatile(i + 1, count))
        {
            earliest = Math.Min(earliest, (int)(Get(i) - (uint)LastTick));
        }
        return LastTick + earliest;
    }

    /// <summary>The first segment in [from, end) that has deadlines at all, or end.</summary>
    internal long NextVolatile(long from, long end)
    {
        if (Ticks == 0)
        {
            return end;
        }
        ReadOnlySpan<byte> bytes = Native.Bytes(Ticks + ((ulong)from * sizeof(uint)), (int)(end - from) * sizeof(uint));
        ReadOnlySpan<uint> ticks = MemoryMarshal.Cast<byte, uint>(bytes);
        int index = ticks.IndexOfAnyExcept(None);
        return index < 0 ? end : from + index;
    }

    /// <summary>Sets the top bit of every tick that is some and before <paramref name="next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Due(in uint first, int index, Vector128<uint> next)
    {
        Vector128<uint> ticks = Vector128.LoadUnsafe(in first, (nuint)index);
        return (ticks - next) & ~Vector128.Equals(ticks, Vector128<uint>.Zero);
    }

    /// <summary>Moves the ticks of so many segments to where there is room for others.</summary>
    internal void SetRoom(int count, long capacity)
    {
        if (Ticks == 0)
        {
            return;
        }
        ulong ticks = heap.Allocate(capacity * sizeof(uint));
        Native.Clear(ticks, capacity * sizeof(uint));
        Native.Copy(Ticks, ticks, Math.Min(count, capacity) * sizeof(uint));
        heap.Free(Ticks);
        Ticks = ticks;
    }

    /// <summary>Moves the ticks off a slab that is to be emptied.</summary>
    internal void Move(Evacuation evacuation)
    {
        if (Ticks != 0)
        {
            Ticks = evacuation.Move(Ticks);
        }
    }

    internal void Free()
    {
        if (Ticks != 0)
        {
            heap.Free(Ticks);
        }
        Ticks = 0;
    }
}
