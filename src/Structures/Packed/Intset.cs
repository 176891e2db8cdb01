using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Packed;

/// <summary>
/// A set of integers in ascending order, byte for byte as Redis has it. All have the width that the widest ever needed; it never
/// shrinks.
/// <code>
///   | width: 4, one of 2 4 8 | count: 4 | integer | integer | ... |        little-endian
/// </code>
/// Reading works on the bytes; a change works on the <see cref="BlockTail"/> they lie in and may move them.
/// </summary>
public static class Intset
{
    /// <summary>The bytes of a set without integers.</summary>
    public const int EmptySize = 8;

    private const int CountOffset = 4;

    /// <summary>Makes the first <see cref="EmptySize"/> bytes an empty set.</summary>
    public static void WriteEmpty(Span<byte> target) => WriteHeader(target, sizeof(short), 0);

    /// <summary>All bytes, header included.</summary>
    public static int SizeOf(ReadOnlySpan<byte> set) => EmptySize + (WidthOf(set) * Count(set));

    /// <summary>The set in this tail. Valid until it changes.</summary>
    public static ReadOnlySpan<byte> Set(scoped in BlockTail tail) => tail.Bytes(SizeOf(tail.Bytes(EmptySize)));

    public static int Count(ReadOnlySpan<byte> set) => BinaryPrimitives.ReadInt32LittleEndian(set[CountOffset..]);

    /// <summary>The integer with this index in ascending order.</summary>
    public static long At(ReadOnlySpan<byte> set, int index)
    {
        Debug.Assert((uint)index < (uint)Count(set), "There is no integer with this index.");
        return WidthOf(set) switch
        {
            sizeof(short) => Values<short>(set)[index],
            sizeof(int) => Values<int>(set)[index],
            _ => Values<long>(set)[index],
        };
    }

    public static bool Contains(ReadOnlySpan<byte> set, long value) => Find(set, value) >= 0;

    /// <summary>The index of the integer; if it is not there, the complement (~) of the index it would have.</summary>
    public static int Find(ReadOnlySpan<byte> set, long value) => WidthOf(set) switch
    {
        sizeof(short) => FindIn(Values<short>(set), value),
        sizeof(int) => FindIn(Values<int>(set), value),
        _ => FindIn(Values<long>(set), value),
    };

    /// <summary>
    /// Whether the integer is there, from this index on; the index is then its own, or that of the next greater one. For looking
    /// integers up in ascending order: the search doubles its steps, so that near ones are found at once.
    /// </summary>
    public static bool ContainsFrom(ReadOnlySpan<byte> set, long value, ref int index) => WidthOf(set) switch
    {
        sizeof(short) => ContainsFromIn(Values<short>(set), value, ref index),
        sizeof(int) => ContainsFromIn(Values<int>(set), value, ref index),
        _ => ContainsFromIn(Values<long>(set), value, ref index),
    };

    /// <summary>Adds the integer and tells whether it was new.</summary>
    public static bool Insert(in BlockTail tail, long value)
    {
        ReadOnlySpan<byte> set = Set(tail);
        int at = Find(set, value);
        if (at >= 0)
        {
            return false;
        }
        at = ~at;
        int count = Count(set);
        int width = WidthOf(set);
        int neededWidth = WidthFor(value);
        if (neededWidth > width)
        {
            Widen(tail, neededWidth, at == 0 ? 1 : 0);
            width = neededWidth;
        }
        else
        {
            tail.Grow(EmptySize + (width * (count + 1)));
            ulong place = PlaceOf(tail, width, at);
            Native.Copy(place, place + (uint)width, (long)width * (count - at));
        }
        WriteHeader(tail.Bytes(EmptySize), width, count + 1);
        WriteAt(PlaceOf(tail, width, at), width, value);
        return true;
    }

    /// <summary>Removes the integer and tells whether it was there.</summary>
    public static bool Remove(in BlockTail tail, long value)
    {
        int index = Find(Set(tail), value);
        if (index < 0)
        {
            return false;
        }
        RemoveAt(tail, index, 1);
        return true;
    }

    /// <summary>Removes so many integers from this index on.</summary>
    public static void RemoveAt(in BlockTail tail, int index, int count)
    {
        ReadOnlySpan<byte> set = Set(tail);
        int width = WidthOf(set);
        int left = Count(set) - count;
        Debug.Assert(index >= 0 && count >= 0 && index <= left, "They are all there.");
        Native.Copy(PlaceOf(tail, width, index + count), PlaceOf(tail, width, index), (long)width * (left - index));
        WriteHeader(tail.Bytes(EmptySize), width, left);
        tail.ShrinkIfSparse(EmptySize + (width * left));
    }

    /// <summary>Whether these bytes, which may come from anywhere, are a set and nothing else. As in Redis an empty one is none.</summary>
    public static bool IsValid(ReadOnlySpan<byte> set)
    {
        if (set.Length <= EmptySize)
        {
            return false;
        }
        uint width = BinaryPrimitives.ReadUInt32LittleEndian(set);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(set[CountOffset..]);
        if (width is not (sizeof(short) or sizeof(int) or sizeof(long)) || EmptySize + ((ulong)width * count) != (ulong)set.Length)
        {
            return false;
        }
        return width switch
        {
            sizeof(short) => IsAscending(Values<short>(set)),
            sizeof(int) => IsAscending(Values<int>(set)),
            _ => IsAscending(Values<long>(set)),
        };
    }

    private static int WidthOf(ReadOnlySpan<byte> set) => BinaryPrimitives.ReadInt32LittleEndian(set);

    private static int WidthFor(long value) =>
        value == (short)value ? sizeof(short) : value == (int)value ? sizeof(int) : sizeof(long);

    private static ReadOnlySpan<T> Values<T>(ReadOnlySpan<byte> set)
        where T : struct =>
        MemoryMarshal.Cast<byte, T>(set.Slice(EmptySize, Count(set) * Unsafe.SizeOf<T>()));

    private static int FindIn<T>(ReadOnlySpan<T> values, long value)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (value < long.CreateTruncating(T.MinValue))
        {
            return ~0;
        }
        if (value > long.CreateTruncating(T.MaxValue))
        {
            return ~values.Length;
        }

        // Halving without a branch on the comparison, whose outcome nobody can foresee.
        T sought = T.CreateTruncating(value);
        int start = 0;
        int length = values.Length;
        while (length > 1)
        {
            int half = length >> 1;
            start += half & -(values[start + half - 1] < sought ? 1 : 0);
            length -= half;
        }
        if (length == 1 && values[start] < sought)
        {
            start++;
        }
        return start < values.Length && values[start] == sought ? start : ~start;
    }

    private static bool ContainsFromIn<T>(ReadOnlySpan<T> values, long value, ref int index)
        where T : struct, IBinaryInteger<T>
    {
        int start = index;
        int end = start;
        for (int step = 1; end < values.Length && long.CreateTruncating(values[end]) < value; step *= 2)
        {
            start = end + 1;
            end += step;
        }
        end = Math.Min(end, values.Length);
        while (start < end)
        {
            int middle = (start + end) >>> 1;
            if (long.CreateTruncating(values[middle]) < value)
            {
                start = middle + 1;
            }
            else
            {
                end = middle;
            }
        }
        index = start;
        return start < values.Length && long.CreateTruncating(values[start]) == value;
    }

    private static bool IsAscending<T>(ReadOnlySpan<T> values)
        where T : struct, IComparisonOperators<T, T, bool>
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i - 1] >= values[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Gives all integers the new width, and leaves room for one more before them or behind them.</summary>
    private static void Widen(in BlockTail tail, int newWidth, int room)
    {
        ReadOnlySpan<byte> set = Set(tail);
        int count = Count(set);
        tail.Grow(EmptySize + (newWidth * (count + 1)));
        ReadOnlySpan<byte> grown = Set(tail);
        for (int i = count - 1; i >= 0; i--)
        {
            WriteAt(PlaceOf(tail, newWidth, i + room), newWidth, At(grown, i));
        }
    }

    private static ulong PlaceOf(in BlockTail tail, int width, int index) => tail.Address + EmptySize + ((uint)index * (ulong)(uint)width);

    private static void WriteAt(ulong place, int width, long value)
    {
        switch (width)
        {
            case sizeof(short):
                Native.At<short>(place) = (short)value;
                break;
            case sizeof(int):
                Native.At<int>(place) = (int)value;
                break;
            default:
                Native.At<long>(place) = value;
                break;
        }
    }

    private static void WriteHeader(Span<byte> set, int width, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(set, width);
        BinaryPrimitives.WriteInt32LittleEndian(set[CountOffset..], count);
    }
}
