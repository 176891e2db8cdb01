using System.Numerics;

namespace Bixbite.Lua.Values;

/// <summary>How large the parts of a table are.</summary>
internal static class TableSizes
{
    /// <summary>The most elements of an array part, and of nodes.</summary>
    public const int ArrayMax = 1 << 26;
    private const int NodesMax = 1 << 25;

    private const long HeaderBytes = 24;

    /// <summary>Bytes of an array part.</summary>
    public static long ArrayBytes(int size) => size == 0 ? 0 : HeaderBytes + 16L * size;

    /// <summary>Bytes of a hash part.</summary>
    public static long NodeBytes(int count) => count == 0 ? 0 : HeaderBytes + (long)TableNode.OwnBytes * count;

    /// <summary>Throws if a part would be too large.</summary>
    public static void Check(int arraySize, int hashSize)
    {
        if (arraySize > ArrayMax || hashSize > NodesMax)
        {
            throw LuaException.At("table overflow");
        }
    }

    public static int CeilingLog2(int value) => value <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)(value - 1));

    /// <summary>The largest power of two such that more than half of the keys up to it are in use.</summary>
    /// <param name="counts">At i, how many keys are above 2^(i-1) and at most 2^i.</param>
    /// <param name="keys">How many whole keys there are.</param>
    /// <param name="inArray">How many of them the array will hold.</param>
    public static int ArraySize(ReadOnlySpan<int> counts, int keys, out int inArray)
    {
        int size = 0;
        int sum = 0;
        inArray = 0;
        for (int i = 0; i < counts.Length && (1 << i) / 2 < keys; i++)
        {
            sum += counts[i];
            if (counts[i] > 0 && sum > (1 << i) / 2)
            {
                size = 1 << i;
                inArray = sum;
            }
            if (sum == keys)
            {
                break;
            }
        }
        return size;
    }

    /// <summary>Counts a key that the array could hold, by the power of two that its place is up to: 1 if it is one.</summary>
    public static int CountWhole(LuaValue key, Span<int> counts)
    {
        int whole = key.IsNumber ? double.ConvertToIntegerNative<int>(key.Number) : 0;
        if (whole <= 0 || whole > ArrayMax || whole != key.Number)
        {
            return 0;
        }
        counts[CeilingLog2(whole)]++;
        return 1;
    }

    /// <summary>A size that a constructor states, as Lua 5.1 rounds it up: three bits after the first one are kept.</summary>
    public static int RoundUp(int size)
    {
        int shift = 0;
        int rest = size;
        while (rest >= 16)
        {
            rest = (rest + 1) >> 1;
            shift++;
        }
        return rest << shift;
    }
}
