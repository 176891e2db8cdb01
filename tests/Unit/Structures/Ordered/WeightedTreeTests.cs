using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;
using Xunit;

namespace Bixbite.Unit.Structures.Ordered;

public sealed class WeightedTreeTests
{
    [Theory]
    [InlineData(1_500)]
    [InlineData(25_000)]
    public void BehavesAsAListOfBlocks(int steps)
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        ulong root = heap.Allocate(CountedTree<TestBlocks>.RootSize);
        CountedTree<TestBlocks>.Initialize(heap, root);
        var tree = new CountedTree<TestBlocks>(heap, root);
        var model = new List<(ulong Block, uint Weight)>();
        var evacuation = new Evacuation(heap);
        for (int step = 0; step < steps; step++)
        {
            bool isGrowing = step / (steps / 4) % 2 == 0;
            int choice = random.Next(100);
            if (choice < (isGrowing ? 65 : 15))
            {
                Insert(heap, tree, model, random);
            }
            else if (choice < (isGrowing ? 70 : 85))
            {
                Remove(heap, tree, model, random);
            }
            else if (choice < 95)
            {
                ChangeWeight(tree, model, random);
            }
            else if (choice < 98)
            {
                Find(tree, model, random);
            }
            else
            {
                Relocate(tree, model, evacuation, random);
            }
            if (step % 300 == 0)
            {
                Verify(tree, model);
            }
        }
        Verify(tree, model);
        long count = model.Count;
        while (tree.ReleaseSome(77, heap.Free))
        {
            Assert.Equal(count -= 77, tree.EntryCount);
        }
        Assert.Equal(0, tree.Count);
        heap.Free(root);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void WeightsAddUpBeyond32Bits()
    {
        using var heap = new Heap();
        ulong root = heap.Allocate(CountedTree<TestBlocks>.RootSize);
        CountedTree<TestBlocks>.Initialize(heap, root);
        var tree = new CountedTree<TestBlocks>(heap, root);
        for (int i = 0; i < 300; i++)
        {
            tree.Append(heap.Allocate(8), uint.MaxValue);
        }
        tree.Verify();
        Assert.Equal(300L * uint.MaxValue, tree.Count);
        TreeCursor cursor = tree.At((250L * uint.MaxValue) + 7, out long within);
        Assert.Equal(7, within);
        Assert.Equal(250L * uint.MaxValue, tree.IndexOf(cursor));
        tree.SetWeight(cursor, 3);
        tree.Verify();
        Assert.Equal((299L * uint.MaxValue) + 3, tree.Count);
    }

    [Fact]
    public void TagsAreTheCallers()
    {
        using var heap = new Heap();
        ulong root = heap.Allocate(CountedTree<TestBlocks>.RootSize);
        CountedTree<TestBlocks>.Initialize(heap, root);
        var tree = new CountedTree<TestBlocks>(heap, root);
        for (uint i = 0; i < 2_000; i++)
        {
            TreeCursor cursor = tree.InsertBefore(i % 3 == 0 ? tree.First() : TreeCursor.None, heap.Allocate(8), i);
            tree.LinkAt(cursor) = new Link(tree.EntryAt(cursor), i);
        }
        for (TreeCursor cursor = tree.First(); !cursor.IsNone; tree.Next(ref cursor))
        {
            Assert.Equal(tree.WeightOf(cursor), tree.LinkAt(cursor).Tag);
        }
    }

    private static void Insert(Heap heap, CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, Random random)
    {
        int index = random.Next(4) switch { 0 => 0, 1 => model.Count, _ => random.Next(model.Count + 1) };
        uint weight = (uint)random.Next(1, 50);
        ulong block = heap.Allocate(8);
        TreeCursor cursor = tree.InsertBefore(CursorOf(tree, model, index), block, weight);
        model.Insert(index, (block, weight));
        Assert.Equal(block, tree.EntryAt(cursor));
        Assert.Equal(weight, tree.WeightOf(cursor));
    }

    private static void Remove(Heap heap, CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, Random random)
    {
        if (model.Count == 0)
        {
            return;
        }
        int index = random.Next(model.Count);
        TreeCursor cursor = tree.RemoveAt(CursorOf(tree, model, index));
        heap.Free(model[index].Block);
        model.RemoveAt(index);
        Assert.Equal(index == model.Count ? 0 : model[index].Block, cursor.IsNone ? 0 : tree.EntryAt(cursor));
    }

    private static void Relocate(CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, Evacuation evacuation, Random random)
    {
        evacuation.Begin();
        evacuation.Allow(random.Next(300));
        long first = random.NextInt64(tree.Count + 2);
        TreeCursor at = tree.At(first, out _);
        int index = at.IsNone ? model.Count : model.FindIndex(entry => entry.Block == tree.EntryAt(at));
        var mover = new ModelMover(model, evacuation, index);
        long next = tree.Relocate(first, evacuation, ref mover);
        Assert.Equal(mover.Index == model.Count ? 0 : model.Take(mover.Index).Sum(entry => entry.Weight), next);
    }

    private static void ChangeWeight(CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, Random random)
    {
        if (model.Count == 0)
        {
            return;
        }
        int index = random.Next(model.Count);
        uint weight = (uint)random.Next(1, 100_000);
        tree.SetWeight(CursorOf(tree, model, index), weight);
        model[index] = (model[index].Block, weight);
    }

    private static void Find(CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, Random random)
    {
        long start = 0;
        foreach ((ulong block, uint weight) in model)
        {
            uint within = (uint)random.Next((int)weight);
            TreeCursor cursor = tree.At(start + within, out long found);
            Assert.Equal(block, tree.EntryAt(cursor));
            Assert.Equal(within, found);
            Assert.Equal(start, tree.IndexOf(cursor));
            start += weight;
        }
        Assert.True(tree.At(start, out _).IsNone);
        Assert.True(tree.At(-1, out _).IsNone);
    }

    private static TreeCursor CursorOf(CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model, int index) =>
        index == model.Count ? TreeCursor.None : tree.At(model.Take(index).Sum(entry => entry.Weight), out _);

    private static void Verify(CountedTree<TestBlocks> tree, List<(ulong Block, uint Weight)> model)
    {
        tree.Verify();
        Assert.Equal(model.Sum(entry => entry.Weight), tree.Count);
        Assert.Equal(model.Count, tree.EntryCount);
        int index = 0;
        foreach (ulong block in tree.Forward(tree.First(), long.MaxValue))
        {
            Assert.Equal(model[index++].Block, block);
        }
        Assert.Equal(model.Count, index);
    }

    private struct ModelMover(List<(ulong Block, uint Weight)> model, Evacuation evacuation, int index) : IEntryMover
    {
        public int Index { get; private set; } = index;

        public ulong Move(ulong entry)
        {
            Assert.Equal(model[Index].Block, entry);
            ulong moved = evacuation.Move(entry);
            model[Index] = (moved, model[Index].Weight);
            Index++;
            return moved;
        }
    }
}
