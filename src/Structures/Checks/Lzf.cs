using System.Diagnostics;

namespace Bixbite.Structures.Checks;

/// <summary>
/// The LZF format of long strings in RDB files. A compressed text is a row of runs:
/// <code>
/// 000LLLLL literal...              L + 1 bytes follow as they are
/// LLLooooo oooooooo                L + 2 bytes (L is 1 to 6) equal those o + 1 bytes before
/// 111ooooo LLLLLLLL oooooooo       L + 9 bytes equal those o + 1 bytes before
/// </code>
/// A copy may overlap what it writes, which repeats the bytes between.
/// </summary>
public static class Lzf
{
    internal const int LiteralSizeMax = 32;
    internal const int LongCopy = 7;
    internal const int DistanceBits = 13;

    /// <summary>
    /// Decompresses into the destination and returns how many bytes it wrote; 0 if the source is malformed or gives more than fits.
    /// </summary>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int from = 0;
        int to = 0;
        while (from < source.Length)
        {
            int control = source[from++];
            if (control < LiteralSizeMax)
            {
                int size = control + 1;
                if (size > destination.Length - to || size > source.Length - from)
                {
                    return 0;
                }
                source.Slice(from, size).CopyTo(destination[to..]);
                from += size;
                to += size;
            }
            else
            {
                int size = control >> 5;
                if (size == LongCopy && from < source.Length)
                {
                    size += source[from++];
                }
                if (from >= source.Length)
                {
                    return 0;
                }
                size += 2;
                int distance = ((control & 0x1F) << 8 | source[from++]) + 1;
                if (size > destination.Length - to || distance > to)
                {
                    return 0;
                }
                CopyWithin(destination, to, distance, size);
                to += size;
            }
        }
        return to;
    }

    private static void CopyWithin(Span<byte> destination, int to, int distance, int size)
    {
        Debug.Assert(distance <= to);
        Span<byte> target = destination.Slice(to, size);
        if (distance >= size)
        {
            destination.Slice(to - distance, size).CopyTo(target);
            return;
        }
        for (int i = 0; i < size; i++)
        {
            target[i] = destination[to - distance + i];
        }
    }
}
