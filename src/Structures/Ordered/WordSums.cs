using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>Searches and sums over the arrays of a node, many words at a time.</summary>
internal static class WordSums
{
    /// <summary>
    /// How many of the ascending words are below the given one. Reads whole vectors, thus up to 28 bytes behind the last word, which are
    /// the node's own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int CountBelow(ulong words, int count, uint word)
    {
        Vector256<uint> sought = Vector256.Create(word);
        Vector256<uint> below = Vector256<uint>.Zero;
        int i = 0;
        for (; i + Vector256<uint>.Count <= count; i += Vector256<uint>.Count)
        {
            below -= Vector256.LessThan(Native.At<Vector256<uint>>(words + ((ulong)(uint)i * sizeof(uint))), sought);
        }
        if (i < count)
        {
            Vector256<uint> isInUse = Vector256.LessThan(Vector256<uint>.Indices, Vector256.Create((uint)(count - i)));
            below -= isInUse & Vector256.LessThan(Native.At<Vector256<uint>>(words + ((ulong)(uint)i * sizeof(uint))), sought);
        }
        return (int)Vector256.Sum(below);
    }

    /// <summary>How many of the links, whose tags ascend, have a tag below the given one.</summary>
    internal static int CountTagsBelow(ulong links, int count, uint tag)
    {
        if (tag >> Link.TagBits != 0)
        {
            return count;
        }
        ulong lowest = (ulong)tag << (64 - Link.TagBits);
        Vector256<ulong> sought = Vector256.Create(lowest);
        Vector256<ulong> below = Vector256<ulong>.Zero;
        int i = 0;
        for (; i + Vector256<ulong>.Count <= count; i += Vector256<ulong>.Count)
        {
            below -= Vector256.LessThan(Native.At<Vector256<ulong>>(links + ((ulong)(uint)i * Link.SizeOf)), sought);
        }
        int sum = (int)Vector256.Sum(below);
        for (; i < count; i++)
        {
            sum += Native.At<ulong>(links + ((ulong)(uint)i * Link.SizeOf)) < lowest ? 1 : 0;
        }
        return sum;
    }

    internal static long SumWords(ulong words, int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Native.At<uint>(words + ((ulong)(uint)i * sizeof(uint)));
        }
        return sum;
    }

    internal static long SumLongs(ulong longs, int count)
    {
        Vector256<long> sums = Vector256<long>.Zero;
        int i = 0;
        for (; i + Vector256<long>.Count <= count; i += Vector256<long>.Count)
        {
            sums += Native.At<Vector256<long>>(longs + ((ulong)(uint)i * sizeof(long)));
        }
        long sum = Vector256.Sum(sums);
        for (; i < count; i++)
        {
            sum += Native.At<long>(longs + ((ulong)(uint)i * sizeof(long)));
        }
        return sum;
    }
}
