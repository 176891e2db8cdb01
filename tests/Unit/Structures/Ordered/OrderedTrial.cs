using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Xunit;

namespace Bixbite.Unit.Structures.Ordered;

/// <summary>An ordered tree beside a sorted list, and random steps that both take.</summary>
internal sealed class OrderedTrial
{
    private readonly Heap _heap;
    private readonly Random _random;
    private readonly int _prefixBits;
    private readonly ulong _root;
    private readonly List<TestKey> _model = [];
    private readonly Evacuation _evacuation;
    private long _relocated;

    public OrderedTrial(Heap heap, Random random, int prefixBits)
    {
        _heap = heap;
        _random = random;
        _prefixBits = prefixBits;
        _evacuation = new Evacuation(heap);
        _root = heap.Allocate(CountedTree<TestElements>.RootSize);
        CountedTree<TestElements>.Initialize(heap, _root);
    }

    private CountedTree<TestElements> Tree => new(_heap, _root);

    public void Step(bool isGrowing)
    {
        int choice = _random.Next(100);
        if (choice < (isGrowing ? 70 : 15))
        {
            Insert();
        }
        else if (choice < (isGrowing ? 75 : 70))
        {
            RemoveByKey();
        }
        else if (choice < (isGrowing ? 78 : 85))
        {
            RemoveByIndex();
        }
        else if (choice < 86)
        {
            RemoveRange();
        }
        else if (choice < 87)
        {
            Relocate();
        }
        else if (choice < 88)
        {
            ChangeKey();
        }
        else if (choice < 90)
        {
            Walk();
        }
        else
        {
            Search();
        }
    }

    public void Verify()
    {
        Tree.Verify();
        Assert.Equal(_model.Count, Tree.Count);
        Assert.Equal(_model.Count, Tree.EntryCount);
        int index = 0;
        for (TreeCursor cursor = Tree.First(); !cursor.IsNone; Tree.Next(ref cursor))
        {
            Assert.Equal(_model[index++], KeyAt(cursor));
        }
        Assert.Equal(_model.Count, index);
        TreeCursor back = TreeCursor.None;
        while (Tree.Previous(ref back))
        {
            Assert.Equal(_model[--index], KeyAt(back));
        }
        Assert.Equal(0, index);
    }

    /// <summary>Takes everything out, one by one or by giving up the tree.</summary>
    public void Empty(bool isOneByOne)
    {
        while (isOneByOne && _model.Count > 0)
        {
            RemoveByIndex();
        }
        while (Tree.ReleaseSome(100, _heap.Free))
        {
            Assert.NotEqual(0, Tree.Count);
        }
        Tree.Verify();
        Assert.Equal(0, Tree.MemoryBytes);
    }

    private TestKey RandomKey()
    {
        ulong prefix = (ulong)_random.NextInt64(1L << _prefixBits);
        if (_prefixBits < TreePrefix.Bits && _random.Next(2) == 0)
        {
            prefix |= 1UL << (TreePrefix.Bits - 1);
        }
        return new TestKey(prefix, _random.Next(1 << 20));
    }

    private TestKey SomeKey() => _model.Count > 0 && _random.Next(4) > 0 ? _model[_random.Next(_model.Count)] : RandomKey();

    private TestKey KeyAt(TreeCursor cursor) => TestElements.KeyOf(Tree.EntryAt(cursor));

    private void Insert()
    {
        TestKey key = RandomKey();
        int index = _model.BinarySearch(key);
        if (index >= 0)
        {
            return;
        }
        Tree.Insert(key, TestElements.Create(_heap, key));
        _model.Insert(~index, key);
    }

    private void RemoveByKey()
    {
        TestKey key = SomeKey();
        int index = _model.BinarySearch(key);
        Assert.Equal(index >= 0, Tree.TryRemove(key, out ulong element));
        if (index < 0)
        {
            return;
        }
        Assert.Equal(key, TestElements.KeyOf(element));
        _heap.Free(element);
        _model.RemoveAt(index);
    }

    private void RemoveByIndex()
    {
        if (_model.Count == 0)
        {
            return;
        }
        int index = _random.Next(4) switch { 0 => 0, 1 => _model.Count - 1, _ => _random.Next(_model.Count) };
        TreeCursor cursor = Tree.At(index, out _);
        _heap.Free(Tree.EntryAt(cursor));
        cursor = Tree.RemoveAt(cursor);
        _model.RemoveAt(index);
        Assert.Equal(index == _model.Count, cursor.IsNone);
        if (!cursor.IsNone)
        {
            Assert.Equal(_model[index], KeyAt(cursor));
        }
    }

    private void RemoveRange()
    {
        int index = _random.Next(_model.Count + 1);
        int count = Math.Min(_random.Next(_random.Next(10) == 0 ? 400 : 5), _model.Count - index);
        int removed = 0;
        Tree.RemoveRange(index, count, element =>
        {
            Assert.Equal(_model[index + removed++], TestElements.KeyOf(element));
            _heap.Free(element);
        });
        Assert.Equal(count, removed);
        _model.RemoveRange(index, count);
    }

    /// <summary>Moves some nodes and elements from where the last time ended.</summary>
    private void Relocate()
    {
        _evacuation.Begin();
        _evacuation.Allow(_random.Next(300));
        var mover = new ElementMover(_evacuation);
        _relocated = Tree.Relocate(_relocated, _evacuation, ref mover);
        if (_random.Next(5) == 0)
        {
            _relocated = _random.Next(_model.Count + 5);
        }
        if (_random.Next(5) == 0)
        {
            _evacuation.End();
        }
    }

    /// <summary>Gives an element a key near its own, or any other, if the tree says that it may stay where it is.</summary>
    private void ChangeKey()
    {
        if (_model.Count == 0)
        {
            return;
        }
        int index = _random.Next(_model.Count);
        TestKey old = _model[index];
        TestKey key = _random.Next(3) == 0 ? RandomKey() : old with { Number = old.Number + _random.Next(-5, 6) };
        bool isFree = _model.BinarySearch(key) < 0;
        if (!isFree)
        {
            return;
        }
        bool mayStay = (index == 0 || _model[index - 1].CompareTo(key) < 0)
            && (index == _model.Count - 1 || _model[index + 1].CompareTo(key) > 0);
        TreeCursor cursor = Tree.At(index, out _);
        Assert.Equal(mayStay, Tree.TryRekey(cursor, key));
        if (!mayStay)
        {
            return;
        }
        TestElements.SetKey(Tree.EntryAt(cursor), key);
        _model[index] = key;
    }

    private void Search()
    {
        TestKey key = SomeKey();
        Check(_model.BinarySearch(key), Tree.LowerBound(key));
        Check(_model.BinarySearch(key with { Number = -1 }), Tree.LowerBound(new TestBound(key.Prefix, isBehind: false)));
        Check(_model.BinarySearch(key with { Number = 1L << 40 }), Tree.LowerBound(new TestBound(key.Prefix, isBehind: true)));

        void Check(int found, TreeCursor cursor)
        {
            int index = found < 0 ? ~found : found;
            Assert.Equal(index == _model.Count, cursor.IsNone);
            Assert.Equal(index, Tree.IndexOf(cursor));
            Assert.Equal(cursor, Tree.At(index, out _));
            if (!cursor.IsNone)
            {
                Assert.Equal(_model[index], KeyAt(cursor));
            }
        }
    }

    private void Walk()
    {
        int start = _random.Next(_model.Count + 1);
        int count = _random.Next(300);
        TreeCursor from = Tree.At(start, out _);
        int index = start;
        TreeWalk walk = Tree.Forward(from, count);
        while (walk.MoveNext())
        {
            Assert.Equal(Tree.EntryAt(walk.Cursor), walk.Current);
            Assert.Equal(_model[index++], TestElements.KeyOf(walk.Current));
        }
        Assert.Equal(Math.Min(start + count, _model.Count), index);
        index = start;
        foreach (ulong element in Tree.Backward(from, count))
        {
            Assert.Equal(_model[index--], TestElements.KeyOf(element));
        }
        Assert.Equal(from.IsNone ? start : Math.Max(start - count, -1), index);
    }
}
