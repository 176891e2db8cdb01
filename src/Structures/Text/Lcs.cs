using System.Buffers;
using System.Diagnostics;
using System.Numerics;

namespace Bixbite.Structures.Text;

/// <summary>One range of the longest common subsequence: the same bytes in both texts; first and last places are included.</summary>
public readonly record struct LcsMatch(int FirstA, int LastA, int FirstB, int LastB)
{
    public int Length => LastA - FirstA + 1;
}

/// <summary>
/// The longest common subsequence of two texts, found 64 columns at a time (Crochemore, Iliopoulos, Pinzon and Reid 2001).
/// <para>
/// Let L(i, j) be the length for the first i bytes of A and the first j of B. A row i is one bit for each j: set where
/// L(i, j) = L(i, j - 1), clear where it is one more. With M the places of A's byte i in B, and U = row and M, the next row is
/// (row + U) or (row - U), the numbers as wide as B. The rows kept are the path back: where the two bytes differ, L(i - 1, j)
/// exceeds L(i, j - 1) exactly if bit j is clear, and that is all that walking back asks for. So a cell of the
/// table costs a bit where it is commonly four bytes.
/// </para>
/// </summary>
public ref struct Lcs
{
    private const int WordBits = 64;

    /// <summary>Larger arrays, of words, are not kept for the next.</summary>
    private const int PooledSizeMax = 1 << 16;

    private readonly ReadOnlySpan<byte> _a;
    private readonly ReadOnlySpan<byte> _b;
    private readonly int _wordCount;
    private readonly ulong[] _rows;
    private readonly ulong[] _scratch;
    private int _i;
    private int _j;

    /// <summary>Finds the length; with keepsPath also the way to it, which takes a bit of memory for each pair of bytes.</summary>
    public Lcs(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool keepsPath)
    {
        _a = a;
        _b = b;
        _wordCount = (b.Length + WordBits - 1) / WordBits;
        _rows = keepsPath ? Rent((long)a.Length * _wordCount) : [];
        _i = keepsPath ? a.Length : 0;
        _j = b.Length;

        Span<int> masks = stackalloc int[256];
        masks.Clear();
        int placesSize = checked(CountPlaces(masks) * _wordCount);
        _scratch = Rent((long)placesSize + _wordCount);
        Span<ulong> places = _scratch.AsSpan(0, placesSize);
        Span<ulong> row = _scratch.AsSpan(placesSize, _wordCount);
        MarkPlaces(masks, places);
        row.Fill(ulong.MaxValue);
        for (int at = 0; at < a.Length; at++)
        {
            Advance(row, places.Slice(masks[a[at]] * _wordCount, _wordCount));
            if (keepsPath)
            {
                row.CopyTo(_rows.AsSpan(at * _wordCount, _wordCount));
            }
        }

        // Bits beyond B never are cleared: no byte of A has a place there, and the carry only sets.
        foreach (ulong word in row)
        {
            Length += WordBits - BitOperations.PopCount(word);
        }
    }

    public int Length { get; }

    /// <summary>Gives its memory back; nothing may be asked of it then.</summary>
    public readonly void Dispose()
    {
        Return(_rows);
        Return(_scratch);
    }

    /// <summary>Writes the subsequence itself, <see cref="Length"/> bytes.</summary>
    public readonly void CopyTo(Span<byte> destination)
    {
        int left = Length;
        Lcs walk = this;
        walk._i = _a.Length;
        walk._j = _b.Length;
        while (walk.TryNextMatch(out LcsMatch match))
        {
            left -= match.Length;
            _a.Slice(match.FirstA, match.Length).CopyTo(destination[left..]);
        }
        Debug.Assert(left == 0);
    }

    /// <summary>The next range, from the last to the first, as LCS IDX lists them.</summary>
    public bool TryNextMatch(out LcsMatch match)
    {
        int size = 0;
        while (_i > 0 && _j > 0)
        {
            if (_a[_i - 1] == _b[_j - 1])
            {
                _i--;
                _j--;
                size++;
                continue;
            }
            if (size > 0)
            {
                break;
            }
            bool isClear = (_rows[((long)(_i - 1) * _wordCount) + ((_j - 1) / WordBits)] >> (_j - 1) & 1) == 0;
            if (isClear)
            {
                _i--;
            }
            else
            {
                _j--;
            }
        }
        match = new LcsMatch(_i, _i + size - 1, _j, _j + size - 1);
        return size > 0;
    }

    private static void Advance(Span<ulong> row, ReadOnlySpan<ulong> places)
    {
        ulong carry = 0;
        for (int word = 0; word < row.Length; word++)
        {
            ulong value = row[word];
            ulong common = value & places[word];
            ulong partial = value + common;
            ulong sum = partial + carry;
            carry = (partial < value ? 1UL : 0) | (sum < partial ? 1UL : 0);
            row[word] = sum | (value & ~common);
        }
    }

    /// <summary>Gives each byte that both texts have a number from 1 on, and returns how many there are, with 0 for all others.</summary>
    private readonly int CountPlaces(Span<int> masks)
    {
        Span<bool> isInA = stackalloc bool[256];
        isInA.Clear();
        foreach (byte letter in _a)
        {
            isInA[letter] = true;
        }
        int count = 1;
        foreach (byte letter in _b)
        {
            if (isInA[letter] && masks[letter] == 0)
            {
                masks[letter] = count++;
            }
        }
        return count;
    }

    /// <summary>Under each number a row of bits, the places in B of its byte.</summary>
    private readonly void MarkPlaces(Span<int> masks, Span<ulong> places)
    {
        places.Clear();
        for (int at = 0; at < _b.Length; at++)
        {
            if (masks[_b[at]] != 0)
            {
                places[(masks[_b[at]] * _wordCount) + (at / WordBits)] |= 1UL << at;
            }
        }
    }

    private static ulong[] Rent(long size) =>
        size <= PooledSizeMax ? ArrayPool<ulong>.Shared.Rent((int)size) : GC.AllocateUninitializedArray<ulong>(checked((int)size));

    private static void Return(ulong[] array)
    {
        if (array.Length is > 0 and <= PooledSizeMax)
        {
            ArrayPool<ulong>.Shared.Return(array);
        }
    }
}
