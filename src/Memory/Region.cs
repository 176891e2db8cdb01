using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>64 MiB of address space and which of its chunks are free. The lowest free chunks go first, so that high ones empty.</summary>
internal sealed class Region
{
    private const int WordCount = ChunkHeader.ChunksPerRegion / 64;

    private FreeBits _free;
    private int _touchedHeaderPages;

    internal Region()
    {
        Address = Pages.MapAligned(ChunkHeader.RegionSize, isAccessible: true);
        Pages.KeepSmall(Address, ChunkHeader.RegionSize);
        Span<ulong> words = _free;
        words.Fill(ulong.MaxValue);
        words[0] = ~1UL;
        FreeCount = ChunkHeader.ChunksPerRegion - 1;
    }

    internal ulong Address { get; }

    internal int FreeCount { get; private set; }

    internal bool IsEmpty => FreeCount == ChunkHeader.ChunksPerRegion - 1;

    /// <summary>Bytes of the pages that hold headers.</summary>
    internal long HeaderBytes => _touchedHeaderPages * Pages.Size;

    /// <summary>The header of the first of so many free chunks in a row, now taken; 0 if there are none.</summary>
    internal ulong TryAcquire(int count)
    {
        int index = count == 1 ? FirstFree() : FirstFreeRun(count);
        if (index == 0)
        {
            return 0;
        }
        Span<ulong> words = _free;
        for (int i = index; i < index + count; i++)
        {
            words[i >> 6] &= ~(1UL << (i & 63));
        }
        FreeCount -= count;
        _touchedHeaderPages = Math.Max(_touchedHeaderPages, 1 + (index * ChunkHeader.SizeOf / (int)Pages.Size));
        return Address + (ulong)(index * ChunkHeader.SizeOf);
    }

    internal void Release(ulong header, int count)
    {
        int index = (int)(header - Address) / ChunkHeader.SizeOf;
        Span<ulong> words = _free;
        for (int i = index; i < index + count; i++)
        {
            Invariant.Require((words[i >> 6] >> (i & 63) & 1) == 0, "a chunk is released twice");
            words[i >> 6] |= 1UL << (i & 63);
        }
        FreeCount += count;
    }

    private int FirstFree()
    {
        ReadOnlySpan<ulong> words = _free;
        for (int i = 0; i < WordCount; i++)
        {
            if (words[i] != 0)
            {
                return (i * 64) + BitOperations.TrailingZeroCount(words[i]);
            }
        }
        return 0;
    }

    private int FirstFreeRun(int count)
    {
        ReadOnlySpan<ulong> words = _free;
        int length = 0;
        for (int i = 1; i < ChunkHeader.ChunksPerRegion; i++)
        {
            length = (words[i >> 6] >> (i & 63) & 1) != 0 ? length + 1 : 0;
            if (length == count)
            {
                return i - count + 1;
            }
        }
        return 0;
    }

    [InlineArray(WordCount)]
    private struct FreeBits
    {
        private ulong _first;
    }
}
