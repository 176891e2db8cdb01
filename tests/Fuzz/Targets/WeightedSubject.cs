using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Fuzz.Targets;

/// <summary>A weighted tree of blocks that weigh up to 100.</summary>
internal sealed class WeightedSubject : ITreeSubject
{
    private readonly Heap _heap;
    private readonly ulong _root;
    private readonly CountedTree<Blocks> _tree;
    private readonly List<(ulong Block, uint Weight)> _model = [];

    public WeightedSubject(Heap heap)
    {
        _heap = heap;
        _root = heap.Allocate(CountedTree<Blocks>.RootSize);
        CountedTree<Blocks>.Initialize(heap, _root);
        _tree = new CountedTree<Blocks>(heap, _root);
    }

    public int Count => _model.Count;

    public void Add(int place) => AddAt(Count == 0 ? 0 : IndexAt(place), (uint)(place % 100) + 1);

    public void AddLast() => AddAt(Count, 1);

    public void Remove(int place)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        _tree.RemoveAt(CursorOf(index));
        _heap.Free(_model[index].Block);
        _model.RemoveAt(index);
    }

    public void RemoveRange(int place, int count)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        TreeCursor cursor = CursorOf(index);
        count = Math.Min(count, Count - index);
        for (int i = 0; i < count; i++)
        {
            if (_tree.EntryAt(cursor) != _model[index + i].Block)
            {
                throw new InvalidOperationException("A wrong entry follows.");
            }
            _heap.Free(_model[index + i].Block);
            cursor = _tree.RemoveAt(cursor);
        }
        _model.RemoveRange(index, count);
    }

    public void Change(int place)
    {
        if (Count == 0)
        {
            return;
        }
        int index = IndexAt(place);
        uint weight = (uint)(place % 1000) + 1;
        _tree.SetWeight(CursorOf(index), weight);
        _model[index] = (_model[index].Block, weight);
    }

    public void Verify()
    {
        _tree.Verify();
        int index = 0;
        foreach (ulong block in _tree.Forward(_tree.First(), long.MaxValue))
        {
            if (block != _model[index++].Block)
            {
                throw new InvalidOperationException("The tree does not hold what it should.");
            }
        }
        if (index != Count || _tree.Count != _model.Sum(entry => entry.Weight))
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

    private void AddAt(int index, uint weight)
    {
        ulong block = _heap.Allocate(8);
        _tree.InsertBefore(CursorOf(index), block, weight);
        _model.Insert(index, (block, weight));
    }

    private TreeCursor CursorOf(int index)
    {
        if (index == Count)
        {
            return TreeCursor.None;
        }
        long start = 0;
        for (int i = 0; i < index; i++)
        {
            start += _model[i].Weight;
        }
        TreeCursor cursor = _tree.At(start, out long within);
        if (within != 0 || _tree.IndexOf(cursor) != start)
        {
            throw new InvalidOperationException("An index is wrong.");
        }
        return cursor;
    }

    private readonly struct Blocks : ITreeEntries
    {
        public static bool IsWeighted => true;
    }
}
