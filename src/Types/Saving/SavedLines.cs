using System.Numerics;
using Bixbite.Memory;

namespace Bixbite.Types.Saving;

/// <summary>
/// The lines of a page of a string before they were overwritten: copies of the lines concerned, one after the other in a block of the
/// snapshot's memory. Whoever holds it frees the block.
/// <code>
///   page    | line | line | line | line | ...        lines   0110...
///                    |      |
///   block          | copy | copy |
/// </code>
/// </summary>
internal struct SavedLines
{
    public const int PageSize = 4 * 1024;

    private const int LineSize = PageSize / 64;

    private ulong _block;

    /// <summary>A bit for each line that has a copy.</summary>
    private ulong _lines;

    /// <summary>Copies the lines of these bytes of the page that have no copy yet.</summary>
    /// <param name="heap">Where the copies are kept.</param>
    /// <param name="page">The page as it is now, or as much of it as there is.</param>
    /// <param name="start">The first byte that is about to be overwritten.</param>
    /// <param name="end">The byte after the last.</param>
    public void Add(Heap heap, ReadOnlySpan<byte> page, int start, int end)
    {
        ulong lines = _lines | ((ulong.MaxValue << (start / LineSize)) & (ulong.MaxValue >> (63 - ((end - 1) / LineSize))));
        if (lines == _lines)
        {
            return;
        }
        ulong block = heap.Allocate(BitOperations.PopCount(lines) * LineSize);
        var old = new SavedLines { _block = _block, _lines = _lines };
        (_block, _lines) = (block, lines);
        for (ulong left = lines; left != 0; left &= left - 1)
        {
            int line = BitOperations.TrailingZeroCount(left);
            ReadOnlySpan<byte> bytes = old.Has(line)
                ? old.Copy(line, LineSize)
                : page[(line * LineSize)..Math.Min(page.Length, (line + 1) * LineSize)];
            bytes.CopyTo(Copy(line, LineSize));
        }
        old.Free(heap);
    }

    /// <summary>Hands over the page as it was.</summary>
    public readonly void HandOver(ReadOnlySpan<byte> page, IValueSink output)
    {
        for (int start = 0; start < page.Length;)
        {
            int line = start / LineSize;
            bool isSaved = Has(line);
            int count = BitOperations.TrailingZeroCount((isSaved ? ~_lines : _lines) >> line);
            int size = Math.Min(Math.Min(count, (PageSize / LineSize) - line) * LineSize, page.Length - start);
            output.Text(isSaved ? Copy(line, size) : page.Slice(start, size));
            start += size;
        }
    }

    public readonly void Free(Heap heap)
    {
        if (_block != 0)
        {
            heap.Free(_block);
        }
    }

    private readonly bool Has(int line) => ((_lines >> line) & 1) != 0;

    /// <summary>So many bytes from a line's copy on.</summary>
    private readonly Span<byte> Copy(int line, int size)
    {
        int index = BitOperations.PopCount(_lines & ((1UL << line) - 1));
        return Native.Bytes(_block + (uint)(index * LineSize), size);
    }
}
