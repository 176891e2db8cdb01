using System.Globalization;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Sets;

public sealed class SetValueTests
{
    [Fact]
    public void TheRootIsAnIndexRoot() => Assert.Equal(IndexRoot.SizeOf, Unsafe.SizeOf<SetRoot>());

    [Theory]
    [InlineData("integers")]
    [InlineData("words")]
    [InlineData("mixed")]
    [InlineData("long")]
    public void BehavesAsASet(string kind)
    {
        Random random = Seed.NewRandom();
        for (int round = 0; round < 30; round++)
        {
            using var fixture = new SetFixture();
            var model = new HashSet<string>();
            var relocator = new Relocator(fixture.Context, KeyType.Set, random);
            int range = random.Next(1, 900);
            for (int step = 0; step < 600; step++)
            {
                string member = MemberOf(kind, random.Next(range));
                if (random.Next(3) > 0)
                {
                    Assert.Equal(model.Add(member), fixture.Add(member));
                }
                else
                {
                    Assert.Equal(model.Remove(member), fixture.Set.Remove(SetFixture.Bytes(member)));
                }
                if (step % 5 == 0)
                {
                    relocator.Step(fixture.Slot);
                }
                string other = MemberOf(kind, random.Next(range));
                Assert.Equal(model.Contains(other), fixture.Set.Contains(SetFixture.Bytes(other)));
                Assert.Equal(model.Count, fixture.Set.Count);
            }
            Assert.Equal(model.Order(), fixture.Members().Order());
            Assert.Equal(model.Order(), Scan(fixture, random.Next(1, 20)).Order());
        }
    }

    [Fact]
    public void PopsEveryMemberOnce()
    {
        foreach (string kind in new[] { "integers", "words", "long" })
        {
            using var fixture = new SetFixture();
            string[] members = [.. Enumerable.Range(0, 100).Select(i => MemberOf(kind, i))];
            fixture.AddAll(members);
            var popped = new List<string>();
            while (!fixture.Set.IsEmpty)
            {
                StoredSet stored = fixture.Set.Stored;
                SetPlace place = stored.Choose();
                popped.Add(System.Text.Encoding.ASCII.GetString(stored.MemberAt(place).Text(new byte[20])));
                fixture.Set.RemoveAt(place);
            }
            Assert.Equal(members.Order(), popped.Order());
        }
    }

    [Fact]
    public void LayoutsFollowTheRulesOfRedis()
    {
        Check("intset", Integers(512));
        Check("hashtable", Integers(513));
        Check("listpack", ["a"]);
        Check("listpack", [.. Integers(127), "a"]);
        Check("hashtable", [.. Integers(128), "a"]);
        Check("listpack", [.. Words(128)]);
        Check("hashtable", [.. Words(129)]);
        Check("listpack", [new string('x', 64)]);
        Check("hashtable", [new string('x', 65)]);
        Check("hashtable", ["1", new string('x', 65)]);
        Check("listpack", ["", "1"]);
        Check("listpack", ["01", "1"]);

        static void Check(string encoding, IEnumerable<string> members)
        {
            using var fixture = new SetFixture();
            fixture.AddAll(members);
            Assert.Equal(encoding, fixture.Encoding);
            Assert.Equal(members.Order(), fixture.Members().Order());
        }
    }

    [Fact]
    public void SettingsMoveTheBounds()
    {
        using var fixture = new SetFixture();
        ValueLimits limits = fixture.Context.Limits;
        limits.SetIntsetEntriesMax = 0;
        limits.SetEntriesMax = 3;
        limits.SetValueSizeMax = 2;
        fixture.AddAll(Integers(3));
        Assert.Equal("listpack", fixture.Encoding);
        fixture.Add("3");
        Assert.Equal("hashtable", fixture.Encoding);
    }

    [Theory]
    [InlineData("1", 512, "intset")]
    [InlineData("1", 513, "hashtable")]
    [InlineData("a", 128, "listpack")]
    [InlineData("a", 129, "hashtable")]
    public void TheLayoutIsChosenForAllThatWillCome(string first, long count, string encoding)
    {
        using var fixture = new SetFixture();
        Assert.True(fixture.Set.AddFirstOf(SetFixture.Bytes(first), count));
        Assert.Equal(encoding, fixture.Encoding);
        Assert.False(fixture.Set.AddFirstOf(SetFixture.Bytes(first), 1000));
        Assert.Equal("hashtable", fixture.Encoding);
        Assert.Equal([first], fixture.Members());
    }

    [Fact]
    public void AMillionMembersTakeLittleMemory()
    {
        const int Count = 1_000_000;
        using var heap = new Heap(isFenced: false);
        var context = new ValueContext(heap, seed: 7);
        ulong root = SetRoot.Create(context);
        var table = new MemberTable(context, root);
        Span<byte> member = stackalloc byte[12];
        for (int i = 0; i < Count; i++)
        {
            i.TryFormat(member, out int _, "member000000", CultureInfo.InvariantCulture);
            table.Add(member);
        }
        Assert.Equal(Count, SetRoot.CountOf(context, root));
        Assert.InRange(heap.MappedBytes / (double)Count, 20, 32);
        Assert.InRange(SetRoot.SizeOf(context, root), heap.UsedBytes * 0.98, heap.UsedBytes * 1.02);
    }

    [Fact]
    public void ACopyIsDeep()
    {
        using var fixture = new SetFixture();
        string[] members = [.. Words(3000)];
        fixture.AddAll(members);
        ulong copy = SetRoot.Duplicate(fixture.Context, fixture.Slot.Root);
        var table = new MemberTable(fixture.Context, copy);
        foreach (string member in members)
        {
            Assert.True(table.Remove(SetFixture.Bytes(member)));
        }
        Assert.Equal(0, SetRoot.CountOf(fixture.Context, copy));
        Assert.Equal(members.Order(), fixture.Members().Order());
        Assert.False(SetRoot.ReleaseSome(fixture.Context, copy, 10));
    }

    private static string MemberOf(string kind, int number) => kind switch
    {
        "integers" => number % 7 == 0 ? (number * -5_000_000_000L).ToString(CultureInfo.InvariantCulture) : $"{number}",
        "words" => $"word:{number}",
        "mixed" => number % 2 == 0 ? $"{number}" : $"0{number}",
        _ => new string((char)('a' + (number % 26)), number % 700) + number,
    };

    private static List<string> Integers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private static IEnumerable<string> Words(int count) => Enumerable.Range(0, count).Select(i => $"w{i}");

    private static List<string> Scan(SetFixture fixture, int countHint)
    {
        var sink = new ListSink([]);
        ulong cursor = 0;
        do
        {
            cursor = fixture.Set.Stored.Scan(cursor, countHint, ref sink);
        }
        while (cursor != 0);
        return sink.Members;
    }
}
