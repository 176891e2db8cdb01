using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.SortedSets;

/// <summary>Reads elements of a sorted set one after the other, forwards or backwards. Valid until the next change of the set.</summary>
public ref struct SortedSetReader
{
    private readonly ReadOnlySpan<byte> _pack;
    private readonly bool _isReversed;
    private long _left;
    private int _next;
    private int _offset;
    private TreeWalk _walk;
    private Digits _digits;

    internal SortedSetReader(ReadOnlySpan<byte> pack, RankRange range, bool isReversed)
    {
        _pack = pack;
        _isReversed = isReversed;
        _left = range.Count;
        if (_left > 0)
        {
            long first = isReversed ? range.Start + range.Count - 1 : range.Start;
            _next = Listpack.Seek(pack, (int)first * 2);
        }
    }

    internal SortedSetReader(CountedTree<SortedSetElement> tree, RankRange range, bool isReversed)
    {
        if (range.IsEmpty)
        {
            return;
        }
        _walk = isReversed
            ? tree.Backward(tree.At(range.Start + range.Count - 1, out _), range.Count)
            : tree.Forward(tree.At(range.Start, out _), range.Count);
    }

    /// <summary>The current element's member.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Member
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _pack.IsEmpty ? SortedSetElement.MemberAt(_walk.Current) : Listpack.At(_pack, _offset).Text(_digits);
    }

    /// <summary>The current element's score.</summary>
    public readonly double Score => _pack.IsEmpty
        ? SortedSetElement.ScoreAt(_walk.Current)
        : PackedSortedSet.ScoreOf(_pack, _offset);

    /// <summary>Goes to the first element, then to the next; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext() => _pack.IsEmpty ? _walk.MoveNext() : MovePacked();

    private bool MovePacked()
    {
        if (_left == 0)
        {
            return false;
        }
        _left--;
        _offset = _next;
        _next = _isReversed ? PackedSortedSet.Previous(_pack, _offset) : PackedSortedSet.Next(_pack, _offset);
        return true;
    }

    [InlineArray(Integers.SizeMax)]
    private struct Digits
    {
        private byte _first;
    }
}
