using System.Text;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Lists;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Lists;

/// <summary>Lists against a naive model, with nodes of different sizes so that all layouts occur.</summary>
public sealed class ListValueTests
{
    private const int StepCount = 6000;

    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(200)]
    public void Random_changes_do_as_the_model(int nodeFill)
    {
        Random random = Seed.NewRandom();
        using var fixture = new ListFixture(nodeFill);
        var model = new List<string>();
        var relocator = new Relocator(fixture.Context, KeyType.List, random);
        for (int step = 0; step < StepCount; step++)
        {
            bool isGrowing = step % 2000 < 1200;
            Change(fixture, model, random, isGrowing);
            if (step % 5 == 0)
            {
                relocator.Step(fixture.Slot);
            }
            if (step % 97 == 0)
            {
                Compare(fixture, model);
            }
        }
        Compare(fixture, model);
    }

    [Theory]
    [InlineData(ListEnd.Left, ListEnd.Left)]
    [InlineData(ListEnd.Left, ListEnd.Right)]
    [InlineData(ListEnd.Right, ListEnd.Left)]
    [InlineData(ListEnd.Right, ListEnd.Right)]
    public void A_queue_or_stack_of_many_returns_all(ListEnd pushEnd, ListEnd popEnd)
    {
        const int count = 20_000;
        using var fixture = new ListFixture(-2);
        for (int i = 0; i < count; i++)
        {
            Push(fixture, pushEnd, $"element:{i}");
        }
        for (int i = 0; i < count; i++)
        {
            int expected = pushEnd == popEnd ? count - 1 - i : i;
            Assert.Equal($"element:{expected}", Pop(fixture, popEnd));
        }
        Assert.True(fixture.Open().IsEmpty);
        Push(fixture, pushEnd, "again");
        Assert.Equal(["again"], fixture.ToList());
    }

    [Fact]
    public void A_short_queue_in_one_node_moves_on_forever()
    {
        using var fixture = new ListFixture(-2);
        var model = new Queue<string>();
        for (int i = 0; i < 1000; i++)
        {
            Enqueue(i);
        }
        Assert.True(fixture.IsBig);
        for (int i = 1000; i < 30_000; i++)
        {
            Enqueue(i);
            Assert.Equal(model.Dequeue(), Pop(fixture, ListEnd.Left));
        }
        Assert.Equal(model, fixture.ToList());

        void Enqueue(int number)
        {
            Push(fixture, ListEnd.Right, $"job:{number}");
            model.Enqueue($"job:{number}");
        }
    }

    [Theory]
    [InlineData(-1, ListEnd.Left)]
    [InlineData(-1, ListEnd.Right)]
    [InlineData(50, ListEnd.Left)]
    [InlineData(50, ListEnd.Right)]
    public void A_list_that_shrinks_becomes_one_listpack_when_half_a_node_is_left(int nodeFill, ListEnd end)
    {
        using var fixture = new ListFixture(nodeFill);
        for (int i = 0; i < 1000; i++)
        {
            Push(fixture, ListEnd.Right, $"element:{i:d4}");
        }
        while (fixture.IsBig)
        {
            Pop(fixture, end);
        }
        // Half of 4096 bytes, or 25 elements, of 14 bytes with their header and length each; the last node may have had fewer.
        int leftMax = nodeFill < 0 ? ((4096 / 2) - Listpack.EmptySize) / 14 : nodeFill / 2;
        int left = (int)fixture.Open().Count;
        Assert.InRange(left, leftMax * 3 / 4, leftMax);
        int first = end == ListEnd.Left ? 1000 - left : 0;
        Assert.Equal(Enumerable.Range(first, left).Select(i => $"element:{i:d4}"), fixture.ToList());
        Assert.InRange(fixture.Heap.UsedBytes, 1, (left * 14 * 5 / 4) + 100);
        Push(fixture, ListEnd.Right, "more");
        Assert.False(fixture.IsBig);
    }

    [Fact]
    public void A_listpack_is_left_when_it_could_exceed_a_node()
    {
        using var fixture = new ListFixture(-1);
        string text = new('x', 100);
        while (!fixture.IsBig)
        {
            Push(fixture, ListEnd.Right, text);
        }
        // 4096 bytes: 39 elements of 103 bytes, header and end mark, and the length of the 40th.
        Assert.Equal(40, fixture.Open().Count);
    }

    [Fact]
    public void A_huge_element_has_a_node_of_its_own()
    {
        using var fixture = new ListFixture(-2);
        var model = new List<string> { "a", new('h', 100_000), "b", "c" };
        Push(fixture, ListEnd.Right, model[1]);
        Push(fixture, ListEnd.Right, model[2]);
        Push(fixture, ListEnd.Right, model[3]);
        Push(fixture, ListEnd.Left, model[0]);
        Assert.Equal(3, fixture.Open().Nodes().Count);
        Compare(fixture, model);
        model[2] = new string('g', 50_000);
        fixture.Open().Replace(2, Encoding.Latin1.GetBytes(model[2]));
        Compare(fixture, model);
        Assert.Equal(4, fixture.Open().Nodes().Count);
    }

    [Theory]
    [InlineData(ListEnd.Left, 5)]
    [InlineData(ListEnd.Right, 5)]
    [InlineData(ListEnd.Left, 1000)]
    [InlineData(ListEnd.Right, 1000)]
    public void Runs_of_equal_elements_are_removed_from_an_end(ListEnd from, int countMax)
    {
        using var fixture = new ListFixture(50);
        var model = new List<string>();
        for (int i = 0; i < 600; i++)
        {
            model.Add(i % 40 < 30 ? "same" : $"{i}");
            Push(fixture, ListEnd.Right, model[i]);
        }
        long removed = fixture.Open().RemoveEqual("same"u8, countMax, from);
        Assert.Equal(Math.Min(countMax, 450), removed);
        for (int i = 0; i < removed; i++)
        {
            model.RemoveAt(from == ListEnd.Left ? model.IndexOf("same") : model.LastIndexOf("same"));
        }
        Compare(fixture, model);
    }

    [Fact]
    public void A_copy_has_the_same_elements_and_its_own_memory()
    {
        using var fixture = new ListFixture(5);
        for (int i = 0; i < 500; i++)
        {
            Push(fixture, i % 3 == 0 ? ListEnd.Left : ListEnd.Right, $"{i * 7}");
        }
        long before = fixture.Heap.UsedBytes;
        ulong root = fixture.Root;
        ulong copy = ListRoot.Duplicate(fixture.Context, root);
        Assert.Equal(500, ListRoot.CountOf(fixture.Context, copy));
        Assert.Equal(fixture.Heap.UsedBytes - before, ListRoot.SizeOf(fixture.Context, copy));
        var chain = new NodeChain(fixture.Context, copy);
        chain.Tree.Verify();
        while (ListRoot.ReleaseSome(fixture.Context, copy, 40))
        {
        }
        Assert.Equal(before, fixture.Heap.UsedBytes);
    }

    [Fact]
    public void Nodes_carry_a_list_over()
    {
        using var source = new ListFixture(10);
        using var target = new ListFixture(10);
        for (int i = 0; i < 300; i++)
        {
            Push(source, ListEnd.Left, $"n{i}");
        }
        ListNodeReader nodes = source.Open().Nodes();
        while (nodes.MoveNext())
        {
            target.Open().AppendNode(nodes.Current);
        }
        Assert.Equal(source.ToList(), target.ToList());
        Assert.Equal(source.ToList(), Enumerable.Reverse(target.ToList(isBackward: true)));
    }

    [Fact]
    public void A_million_elements_take_hardly_more_than_their_listpacks()
    {
        using var fixture = new ListFixture(-2, new Heap(isFenced: false));
        for (int i = 0; i < 1_000_000; i++)
        {
            Push(fixture, ListEnd.Right, $"element:{i:d8}");
        }
        Assert.InRange(fixture.Heap.UsedBytes / 1e6, 18, 18.6);
    }

    [Fact]
    public void The_root_has_its_size() => Assert.Equal(80, System.Runtime.CompilerServices.Unsafe.SizeOf<ListRoot>());

    private static void Change(ListFixture fixture, List<string> model, Random random, bool isGrowing)
    {
        switch (random.Next(isGrowing ? 14 : 22))
        {
            case < 4:
                string left = NextText(random);
                Push(fixture, ListEnd.Left, left);
                model.Insert(0, left);
                break;
            case < 8:
                string right = NextText(random);
                Push(fixture, ListEnd.Right, right);
                model.Add(right);
                break;
            case 8:
                Insert(fixture, model, random);
                break;
            case 9 when model.Count > 0:
                int index = random.Next(model.Count);
                model[index] = NextText(random);
                fixture.Open().Replace(index, Encoding.Latin1.GetBytes(model[index]));
                break;
            case 10 when model.Count > 0:
                Remove(fixture, model, random);
                break;
            case 11 when model.Count > 0:
                int from = random.Next(model.Count);
                int count = random.Next(Math.Min(model.Count - from, 30));
                ReadPart(fixture, model, from, count);
                break;
            case < 17 when model.Count > 0:
                Drop(fixture, model, ListEnd.Left, random);
                break;
            case < 22 when model.Count > 0:
                Drop(fixture, model, ListEnd.Right, random);
                break;
        }
    }

    private static void Drop(ListFixture fixture, List<string> model, ListEnd end, Random random)
    {
        int count = random.Next(40) == 0 ? random.Next(model.Count + 1) : random.Next(3);
        count = Math.Min(count, model.Count);
        fixture.Open().Drop(end, count);
        model.RemoveRange(end == ListEnd.Left ? 0 : model.Count - count, count);
    }

    private static void Insert(ListFixture fixture, List<string> model, Random random)
    {
        string pivot = model.Count > 0 && random.Next(8) > 0 ? model[random.Next(model.Count)] : "nobody";
        string text = NextText(random);
        bool isBehind = random.Next(2) == 0;
        int index = model.IndexOf(pivot);
        bool isInserted = fixture.Open().TryInsert(Encoding.Latin1.GetBytes(pivot), isBehind, Encoding.Latin1.GetBytes(text));
        Assert.Equal(index >= 0, isInserted);
        if (isInserted)
        {
            model.Insert(isBehind ? index + 1 : index, text);
        }
    }

    private static void Remove(ListFixture fixture, List<string> model, Random random)
    {
        string text = model[random.Next(model.Count)];
        int countMax = 1 + random.Next(4);
        ListEnd from = random.Next(2) == 0 ? ListEnd.Left : ListEnd.Right;
        int removed = 0;
        while (removed < countMax && model.Contains(text))
        {
            model.RemoveAt(from == ListEnd.Left ? model.IndexOf(text) : model.LastIndexOf(text));
            removed++;
        }
        Assert.Equal(removed, fixture.Open().RemoveEqual(Encoding.Latin1.GetBytes(text), countMax, from));
    }

    private static void ReadPart(ListFixture fixture, List<string> model, int from, int count)
    {
        ListReader reader = fixture.Open().Read(from, count);
        for (int i = from; i < from + count; i++)
        {
            Assert.True(reader.MoveNext());
            Assert.True(reader.Current.Equals(Encoding.Latin1.GetBytes(model[i])));
        }
        Assert.False(reader.MoveNext());
    }

    private static void Compare(ListFixture fixture, List<string> model)
    {
        Assert.Equal(model.Count, fixture.Open().Count);
        Assert.Equal(model.Count == 0, fixture.Open().IsEmpty);
        Assert.Equal(model, fixture.ToList());
        Assert.Equal(Enumerable.Reverse(model), fixture.ToList(isBackward: true));
        if (fixture.IsBig)
        {
            Verify(fixture);
        }
    }

    private static void Verify(ListFixture fixture)
    {
        var chain = new NodeChain(fixture.Context, fixture.Root);
        CountedTree<ListNodes> tree = chain.Tree;
        tree.Verify();
        for (NodePlace place = chain.First; place.Exists; place = chain.Next(place))
        {
            ReadOnlySpan<byte> pack = chain.PackAt(place);
            Assert.True(Listpack.IsValid(pack, out int count));
            Assert.NotEqual(0, count);
            if (place.Role == NodeRole.Inner)
            {
                Assert.Equal((uint)count, tree.WeightOf(place.Cursor));
            }
        }
    }

    private static string NextText(Random random) => random.Next(20) switch
    {
        0 => new string('x', random.Next(5000)),
        1 => new string('y', 200),
        < 8 => $"{random.Next(50)}",
        9 => $"{random.NextInt64()}",
        _ => $"text:{random.Next(30)}",
    };

    private static void Push(ListFixture fixture, ListEnd end, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        ListValue list = fixture.Open();
        list.Expect(1, bytes.Length);
        list.Push(end, bytes);
    }

    private static string Pop(ListFixture fixture, ListEnd end)
    {
        ListValue list = fixture.Open();
        string text = Encoding.Latin1.GetString(list.Peek(end).Text(new byte[24]));
        list.Drop(end, 1);
        return text;
    }
}
