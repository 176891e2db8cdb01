using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// Entries one after the other, for <c>foreach</c>. Each element is asked for some steps before its turn, so that reading a hundred takes
/// a few cache misses and not a hundred. The tree must not change meanwhile.
/// </summary>
public ref struct TreeWalk
{
    private const int Ahead = 12;

    private readonly bool _isBackward;
    private ulong _leaf;
    private int _index;
    private long _left;

    internal TreeWalk(TreeCursor from, long countMax, bool isBackward)
    {
        _isBackward = isBackward;
        _leaf = from.Node;
        _index = isBackward ? from.Index + 1 : from.Index - 1;
        _left = from.IsNone ? 0 : countMax;
        if (_left > 0)
        {
            PrefetchStart();
        }
    }

    /// <summary>The element's address.</summary>
    public ulong Current { get; private set; }

    /// <summary>Where the current entry stands.</summary>
    public readonly TreeCursor Cursor => new(_leaf, _index);

    public readonly TreeWalk GetEnumerator() => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return false;
        }
        _left--;
        return _isBackward ? MoveBackward() : MoveForward();
    }

    private bool MoveForward()
    {
        var leaf = new TreeNode(_leaf);
        if (++_index >= leaf.Count)
        {
            leaf = new TreeNode(leaf.Header.Next);
            if (leaf.IsNone)
            {
                return Finish();
            }
            _leaf = leaf.Address;
            _index = 0;
            PrefetchStart();
        }
        if (_index + Ahead < leaf.Count && _left >= Ahead)
        {
            Native.Prefetch(leaf.LinkAt(_index + Ahead).Address);
        }
        Current = leaf.LinkAt(_index).Address;
        return true;
    }

    private bool MoveBackward()
    {
        var leaf = new TreeNode(_leaf);
        if (--_index < 0)
        {
            leaf = new TreeNode(leaf.Header.Previous);
            if (leaf.IsNone)
            {
                return Finish();
            }
            _leaf = leaf.Address;
            _index = leaf.Count - 1;
            PrefetchStart();
        }
        if (_index >= Ahead && _left >= Ahead)
        {
            Native.Prefetch(leaf.LinkAt(_index - Ahead).Address);
        }
        Current = leaf.LinkAt(_index).Address;
        return true;
    }

    private bool Finish()
    {
        _left = 0;
        return false;
    }

    /// <summary>Asks for the first elements from here on, and for the leaf behind this one.</summary>
    private readonly void PrefetchStart()
    {
        var leaf = new TreeNode(_leaf);
        int count = (int)Math.Min(Ahead, _left + 1);
        int first = _isBackward ? Math.Max(0, _index - count) : Math.Max(0, _index);
        int end = _isBackward ? Math.Min(_index + 1, leaf.Count) : Math.Min(first + count + 1, leaf.Count);
        for (int i = first; i < end; i++)
        {
            Native.Prefetch(leaf.LinkAt(i).Address);
        }
        ulong neighbour = _isBackward ? leaf.Header.Previous : leaf.Header.Next;
        if (neighbour != 0 && _left > end - first)
        {
            Native.Prefetch(neighbour);
        }
    }
}
