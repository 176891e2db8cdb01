using System.Buffers;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>
/// Finds out whether members or fields of a listpack are all different, in time that does not depend on who chose them: their hashes,
/// with a seed that nobody knows, are sorted, and only where two are equal the texts are compared. A few are compared each with each.
/// </summary>
internal static class DistinctEntries
{
    private const int FewCountMax = 8;

    /// <summary>Of each <paramref name="stride"/> entries the first one counts.</summary>
    public static bool AreIn(ReadOnlySpan<byte> pack, int entryCount, int stride, ulong seed)
    {
        int count = entryCount / stride;
        if (count <= FewCountMax)
        {
            return AreFewDistinct(pack, count, stride);
        }
        ulong[] hashes = ArrayPool<ulong>.Shared.Rent(count);
        int[] offsets = ArrayPool<int>.Shared.Rent(count);
        bool areDistinct = AreDistinct(pack, stride, seed, hashes.AsSpan(0, count), offsets.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(offsets);
        ArrayPool<ulong>.Shared.Return(hashes);
        return areDistinct;
    }

    private static bool AreFewDistinct(ReadOnlySpan<byte> pack, int count, int stride)
    {
        Span<int> offsets = stackalloc int[FewCountMax];
        int offset = Listpack.First(pack);
        for (int i = 0; i < count; i++)
        {
            if (i > 0 && HasEqual(pack, offsets[..i], offset))
            {
                return false;
            }
            offsets[i] = offset;
            offset = Listpack.Skip(pack, offset, stride);
        }
        return true;
    }

    private static bool AreDistinct(ReadOnlySpan<byte> pack, int stride, ulong seed, Span<ulong> hashes, Span<int> offsets)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        int offset = Listpack.First(pack);
        for (int i = 0; i < hashes.Length; i++)
        {
            offsets[i] = offset;
            hashes[i] = KeyHash.Of(seed, Listpack.At(pack, offset).Text(digits));
            offset = Listpack.Skip(pack, offset, stride);
        }
        hashes.Sort(offsets);
        for (int start = 0, end; start < hashes.Length; start = end)
        {
            end = start + 1;
            for (; end < hashes.Length && hashes[end] == hashes[start]; end++)
            {
                if (HasEqual(pack, offsets[start..end], offsets[end]))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static bool HasEqual(ReadOnlySpan<byte> pack, ReadOnlySpan<int> offsets, int sought)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> text = Listpack.At(pack, sought).Text(digits);
        foreach (int offset in offsets)
        {
            if (Listpack.At(pack, offset).Equals(text))
            {
                return true;
            }
        }
        return false;
    }
}
