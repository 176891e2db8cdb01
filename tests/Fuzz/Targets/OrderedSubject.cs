using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Fuzz.Targets;

/// <summary>An ordered tree of elements that are a prefix of 16 values and a number.</summary>
internal sealed class OrderedSubject : ITreeSubject
{
    private readonly Heap _heap;
    private readonly ulong _root;
    private readonly CountedTree<Elements> _tree;
    private readonly List<Key> _model = [];

    public OrderedSubject(Heap heap)
    {
        _heap = heap;
        _root = heap.Allocate(CountedTree<Elements>.RootSize);
        CountedTree<Elements>.Initialize(heap, _root);
        _tree = new CountedTree<Elements>(heap, _root);
    }

    public int Count => _model.Count;

    public void Add(int place)
    {
        var key = new Key((ulong)(place & 15) << 40, place >> 4);
        int index = _model.BinarySearch(key);
        if (index >= 0)
        {
            return;
        }
        _tree.Insert(key, Elements.Create(_heap, key));
        _model.Insert(~index, key);
    }

    public void AddLast()
    {
        var key = new Key(1UL << 50, Count == 0 ? 0 : _model[^1].Number + 1);
        _tree.Append(Elements.Create(_heap, key));
        _model.Add(key);
    }

    public void Remove(int place)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        if (!_tree.TryRemove(_model[index], out ulong element) || Elements.KeyOf(element) != _model[index])
        {
            throw new InvalidOperationException("A key was not found.");
        }
        _heap.Free(element);
        _model.RemoveAt(index);
    }

    public void RemoveRange(int place, int count)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        _tree.RemoveRange(index, count, _heap.Free);
        _model.RemoveRange(index, Math.Min(count, Count - index));
    }

    public void Change(int place)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        TreeCursor cursor = _tree.LowerBound(_model[index]);
        if (_tree.IndexOf(cursor) != index || cursor != _tree.At(index, out _))
        {
            throw new InvalidOperationException("A rank is wrong.");
        }
        ref Link link = ref _tree.LinkAt(cursor);
        ulong moved = Elements.Create(_heap, _model[index]);
        _heap.Free(link.Address);
        link.Address = moved;
    }

    public void Verify()
    {
        _tree.Verify();
        int index = 0;
        foreach (ulong element in _tree.Forward(_tree.First(), long.MaxValue))
        {
            if (Elements.KeyOf(element) != _model[index++])
            {
                throw new InvalidOperationException("The tree does not hold what it should.");
            }
        }
        if (index != Count || _tree.Count != Count)
        {
            throw new InvalidOperationException("The tree does not hold as much as it should.");
        }
    }

    public void Release()
    {
        while (_tree.ReleaseSome(1000, _heap.Free))
        {
            _model.Clear();
        }
        _heap.Free(_root);
    }

    private int IndexAt(int place) => (int)((long)place * Count >> 16);

    private readonly struct Elements : ITreeEntries
    {
        public static bool IsWeighted => false;

        public static ulong PrefixOf(ulong entry) => Native.At<ulong>(entry);

        public static ulong Create(Heap heap, Key key)
        {
            ulong element = heap.Allocate(16);
            Native.At<ulong>(element) = key.Prefix;
            Native.At<long>(element + 8) = key.Number;
            return element;
        }

        public static Key KeyOf(ulong element) => new(Native.At<ulong>(element), Native.At<long>(element + 8));
    }

    private readonly record struct Key(ulong Prefix, long Number) : ITreeKey, IComparable<Key>
    {
        public int CompareTo(ulong entry) => Number.CompareTo(Elements.KeyOf(entry).Number);

        public int CompareTo(Key other) => (Prefix, Number).CompareTo((other.Prefix, other.Number));
    }
}
