using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Persistence.Values;
using Bixbite.Types;
using Xunit;
using static Bixbite.Unit.Persistence.Bodies;

namespace Bixbite.Unit.Persistence;

/// <summary>Every encoding, old and new, is read; every mistake is refused, costs nothing and changes nothing.</summary>
public sealed class ReadingTests
{
    private static readonly byte[] s_telling =
        [0, 1, 2, 0x3F, 0x40, 0x7F, 0x80, 0x81, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xF0, 0xFD, 0xFE, 0xFF];

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>What old encodings become when they are written again.</summary>
    public static TheoryData<string, byte[]> Rewritten => new()
    {
        { "list", [18, 1, 2, .. String(Pack("a", "5", new string('x', 70)))] },
        { "compressed list", [18, 1, 2, .. String(Pack(new string('a', 21)))] },
        { "set", [2, 3, 1, 97, 1, 98, 0xC1, 0, 1] },
        { "set of integers", [11, .. String(Intset(2, 3, 77))] },
        { "sorted set with text scores", [17, .. String(Pack("c", "-inf", "a", "1.5", "d", "2", "b", "inf"))] },
        { "sorted set", [17, .. String(Pack("a", "-1", "b", "2.5"))] },
        { "hash", [16, .. String(Pack("f", "v", "g", "9"))] },
        {
            "list ziplist",
            [18, 1, 2, .. String(Pack(
                "a", "5", "b", "-1", "1000", "-70000", "10000000", "9223372036854775807", new string('z', 300), "end"))]
        },
        { "sorted set ziplist", [17, .. String(Pack("a", "1", "b", "1.5", "7", "12"))] },
        { "hash ziplist", [16, .. String(Pack("f", "v", "3", "4"))] },
        { "list of ziplists", [18, 1, 2, .. String(Pack("a", "1", "b"))] },
        { "list of listpacks", [18, 1, 2, .. String(Pack("a", "7", "plain", "b", "-9000"))] },
        { "hash with absolute deadlines", [25, .. Fixed(1024), .. String(Pack("f", "v", "1024", "g", "w", "0"))] },
        {
            "hash listpack with deadlines only",
            [25, .. Fixed(4_000_000_000_000), .. String(Pack("f", "v", "4000000000000", "g", "w", "0"))]
        },
        {
            "stream without counters",
            Stream([Node], [
                3, 8, 2, 5, 1, 0, 0, 3, 1, .. String("group"), 5, 1, 1, 1, .. Id(5, 1), .. Fixed(1000), 2,
                1, .. String("alice"), .. Fixed(2000), 1, .. Id(5, 1),
            ])
        },
        {
            "stream with active times",
            Stream([Node], [
                3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("group"), 5, 1, 1, 1, .. Id(5, 1), .. Fixed(1000), 2,
                1, .. String("alice"), .. Fixed(2000), 1, .. Id(5, 1),
            ])
        },
        {
            "hash with deadlines",
            [25, .. Fixed(4_000_000_000_000), .. String(Pack("f", "v", "4000000000000", "h", "x", "4000000000008", "g", "w", "0"))]
        },
    };

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "no type", [] },
        { "no such type", [99, 0] },
        { "a module's value", [7, 0] },
        { "an empty list", [1, 0] },
        { "an empty set", [2, 0] },
        { "an empty sorted set", [5, 0] },
        { "an empty hash", [4, 0] },
        { "an empty list ziplist", [10, .. String(Ziplist())] },
        { "an empty hash ziplist", [13, .. String(Ziplist())] },
        { "an empty sorted set ziplist", [12, .. String(Ziplist())] },
        { "an empty zipmap", [9, .. String(Zipmap())] },
        { "an empty intset", [11, .. String(Intset(2))] },
        { "an empty listpack of a set", [20, .. String(Pack())] },
        { "an empty listpack of a hash", [16, .. String(Pack())] },
        { "an empty listpack of a hash with deadlines", [25, .. Fixed(0), .. String(Pack())] },
        { "an empty listpack of a sorted set", [17, .. String(Pack())] },
        { "a list of empty nodes", [18, 2, 2, .. String(Pack()), 2, .. String(Pack())] },
        { "a list without nodes", [18, 0] },
        { "a node of no kind", [18, 1, 3, .. String(Pack("a"))] },
        { "a node of no bytes", [18, 1, 1, 0] },
        { "an unsorted intset", [11, .. String(Intset(2, 5, 3))] },
        { "an intset with an integer twice", [11, .. String(Intset(2, 3, 3))] },
        { "an intset of no width", [11, .. String(Intset(3, 1, 2))] },
        { "an intset with too many claimed", [11, 8, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a member twice", [2, 2, .. String("a"), .. String("a")] },
        { "an integer twice", [2, 2, 0xC0, 5, .. String("5")] },
        { "a member twice in a listpack", [20, .. String(Pack("a", "b", "a"))] },
        { "a field twice", [4, 2, .. String("f"), .. String("v"), .. String("f"), .. String("w")] },
        { "a field twice in a listpack", [16, .. String(Pack("f", "v", "f", "w"))] },
        { "a field twice in a ziplist", [13, .. String(Ziplist("f", "v", "f", "w"))] },
        { "a field twice in a zipmap", [9, .. String(Zipmap("f", "v", "f", "w"))] },
        { "a field twice with deadlines", [24, .. Fixed(1), 2, 0, .. String("f"), .. String("v"), 0, .. String("f"), .. String("w")] },
        { "a field twice in a listpack with deadlines", [25, .. Fixed(1), .. String(Pack("f", "v", "0", "f", "w", "0"))] },
        { "a field without value", [16, .. String(Pack("f", "v", "g"))] },
        { "a field without value in a ziplist", [13, .. String(Ziplist("f", "v", "g"))] },
        { "a field without deadline", [25, .. Fixed(1), .. String(Pack("f", "v", "0", "g", "w"))] },
        { "a deadline that is no number", [25, .. Fixed(1), .. String(Pack("f", "v", "soon"))] },
        { "a negative deadline", [25, .. Fixed(1), .. String(Pack("f", "v", "-1"))] },
        { "deadlines out of order", [25, .. Fixed(1), .. String(Pack("f", "v", "20", "g", "w", "10"))] },
        { "a deadline behind none", [25, .. Fixed(1), .. String(Pack("f", "v", "0", "g", "w", "10"))] },
        { "a deadline too late", [25, .. Fixed(1), .. String(Pack("f", "v", "281474976710656"))] },
        { "a first deadline too late", [24, .. Fixed(1UL << 48), 1, 1, .. String("f"), .. String("v")] },
        { "a distance too long", [24, .. Fixed(10), 1, .. Length(1UL << 48), .. String("f"), .. String("v")] },
        { "a score that is no number", [5, 1, .. String("a"), .. Double(double.NaN)] },
        { "a text score that is no number", [3, 1, .. String("a"), 253] },
        { "a text score that is no text of a number", [3, 1, .. String("a"), 1, (byte)'x'] },
        { "a packed score that is no number", [17, .. String(Pack("a", "nan"))] },
        { "a packed score that is a word", [17, .. String(Pack("a", "b"))] },
        { "a ziplist's score that is no number", [12, .. String(Ziplist("a", "nan"))] },
        { "packed scores out of order", [17, .. String(Pack("a", "2", "b", "1"))] },
        { "packed members out of order", [17, .. String(Pack("b", "1", "a", "1"))] },
        { "a packed member twice", [17, .. String(Pack("a", "1", "a", "2"))] },
        { "a member with two scores", [5, 2, .. String("a"), .. Double(1), .. String("a"), .. Double(2)] },
        { "a member without score", [17, .. String(Pack("a", "1", "b"))] },
        { "more elements than there are", [1, .. Length(ulong.MaxValue), .. String("a")] },
        { "more members than there are", [2, .. Length(ulong.MaxValue), .. String("a")] },
        { "more fields than there are", [4, .. Length(ulong.MaxValue), .. String("a"), .. String("b")] },
        { "more scores than there are", [5, .. Length(ulong.MaxValue), .. String("a"), .. Double(1)] },
        { "more nodes than there are", [18, .. Length(ulong.MaxValue), 2, .. String(Pack("a"))] },
        { "a string longer than there is", [1, 1, .. Length(ulong.MaxValue)] },
        { "a compressed string that claims too much", [1, 1, 0xC3, 1, .. Length(1 << 30), 0] },
        { "something behind the value", [20, .. String(Pack("a")), 0] },
        { "a special length as count", [1, 0xC0, 1] },
    };

    /// <summary>Nodes of a stream, each the only one, that are no nodes.</summary>
    public static TheoryData<string, byte[]> NoNodes => new()
    {
        { "nothing", Pack() },
        { "no entries but claimed ones", Pack("1", "0", "0", "0") },
        { "entries that are not claimed", Pack("0", "0", "0", "0", "2", "0", "0", "3") },
        { "a deleted entry that is not claimed", Pack("1", "0", "0", "0", "2", "0", "0", "3", "3", "1", "0", "3") },
        { "a count that is no number", Pack("x", "0", "0", "0", "2", "0", "0", "3") },
        { "fewer than no fields", Pack("1", "0", "-1", "0", "2", "0", "0", "3") },
        { "too many fields", Pack("1", "0", "9", "0", "2", "0", "0", "3") },
        { "no end of the master", Pack("1", "0", "0", "1", "2", "0", "0", "3") },
        { "no such flags", Pack("1", "0", "0", "0", "4", "0", "0", "3") },
        { "no sequence", Pack("1", "0", "0", "0", "2", "0") },
        { "no length", Pack("1", "0", "0", "0", "2", "0", "0") },
        { "a wrong length", Pack("1", "0", "0", "0", "2", "0", "0", "4") },
        { "a time that is no number", Pack("1", "0", "0", "0", "2", "x", "0", "3") },
        { "more fields than there are", Pack("1", "0", "0", "0", "0", "0", "0", "2", "f", "v", "8") },
        { "fewer fields than none", Pack("1", "0", "0", "0", "0", "0", "0", "-1", "2") },
        { "an entry before the master", Pack("1", "0", "0", "0", "2", "-1", "0", "3") },
        { "an ID twice", Pack("2", "0", "0", "0", "2", "1", "0", "3", "2", "1", "0", "3") },
        { "IDs that descend", Pack("2", "0", "0", "0", "2", "2", "0", "3", "2", "1", "0", "3") },
    };

    /// <summary>What may stand behind the one node of a stream, whose entries are 5-1, 7-0 and 8-2, and does not fit it.</summary>
    public static TheoryData<string, byte[]> NoStreams => new()
    {
        { "another count", [2, 8, 2, 5, 1, 6, 0, 7, 0] },
        { "a last ID before the last entry", [3, 8, 1, 5, 1, 6, 0, 7, 0] },
        { "more entries than were added", [3, 8, 2, 5, 1, 6, 0, 2, 0] },
        { "a group that is not there", [3, 8, 2, 5, 1, 6, 0, 7, 1] },
        { "a group twice", [3, 8, 2, 5, 1, 6, 0, 7, 2, .. String("g"), 0, 0, 0, 0, 0, .. String("g"), 0, 0, 0, 0, 0] },
        { "less than nothing read", [3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, .. Length(ulong.MaxValue - 1), 0, 0] },
        { "a pending entry that is nobody's", [3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, 0, 1, .. Id(5, 1), .. Fixed(1), 1, 0] },
        {
            "a pending entry twice",
            [3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, 0, 2, .. Id(5, 1), .. Fixed(1), 1, .. Id(5, 1), .. Fixed(1), 1, 0]
        },
        {
            "a consumer's entry that is not pending",
            [3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, 0, 0, 1, .. String("c"), .. Fixed(1), 1, .. Id(5, 1)]
        },
        {
            "a pending entry of two consumers",
            [
                3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, 0, 1, .. Id(5, 1), .. Fixed(1), 1,
                2, .. String("c"), .. Fixed(1), 1, .. Id(5, 1), .. String("d"), .. Fixed(1), 1, .. Id(5, 1),
            ]
        },
        {
            "a consumer twice",
            [3, 8, 2, 5, 1, 6, 0, 7, 1, .. String("g"), 0, 0, 0, 0, 2, .. String("c"), .. Fixed(1), 0, .. String("c"), .. Fixed(1), 0]
        },
    };

    [Theory]
    [MemberData(nameof(NoNodes))]
    public void Mistakes_in_nodes_of_streams(string what, byte[] node)
    {
        Mistakes(what, Stream([node], [1, 9, 9, 5, 1, 0, 0, 9, 0]));
        Mistakes(what, Stream([node], [2, 9, 9, 5, 1, 0, 0, 9, 0]));
    }

    [Theory]
    [MemberData(nameof(NoStreams))]
    public void Mistakes_of_streams(string what, byte[] rest) => Mistakes(what, Stream([Node], rest));

    [Fact]
    public void Nodes_of_streams_out_of_order() => Mistakes("two nodes with one ID", Stream([Node, Node], [6, 9, 9, 5, 1, 0, 0, 9, 0]));

    /// <summary>As Redis leaves them where it trims by ID amid deleted entries.</summary>
    [Fact]
    public void Nodes_of_deleted_entries_alone_are_left_out()
    {
        using var fixture = new ValueFixture();
        Assert.True(fixture.Restore("k", Stream([Pack("0", "1", "0", "0", "3", "0", "0", "3")], [0, 9, 9, 0, 0, 5, 1, 1, 0])));
        Assert.Equal(Stream([], [0, 9, 9, 0, 0, 5, 1, 1, 0]), fixture.Dump("k"));
        Assert.Equal("stream", fixture.EncodingOf("k"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Written_again_it_reads_the_same(string name)
    {
        using var fixture = new ValueFixture();
        Assert.True(fixture.Restore("k", All[name]), name);
        byte[] dumped = fixture.Dump("k");
        Assert.True(fixture.Restore("again", dumped));
        Assert.Equal(dumped, fixture.Dump("again"));
        Assert.True(fixture.Restore("again", fixture.Dump("k", isCompressed: true)));
        Assert.Equal(dumped, fixture.Dump("again"));
    }

    [Theory]
    [MemberData(nameof(Rewritten))]
    public void Old_encodings(string name, byte[] expected)
    {
        using var fixture = new ValueFixture();
        Assert.True(fixture.Restore("k", All[name]));
        Assert.Equal(expected, fixture.Dump("k"));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Mistakes(string what, byte[] body)
    {
        using var fixture = new ValueFixture();
        long before = fixture.SettledBytes();
        Assert.False(fixture.Restore("k", body), what);
        Assert.Equal(before, fixture.SettledBytes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cut_off_anywhere(string name)
    {
        using var fixture = new ValueFixture();
        long before = fixture.SettledBytes();
        for (int length = 0; length < All[name].Length; length++)
        {
            Assert.False(fixture.Restore("k", All[name].AsSpan(0, length)), length.ToString(CultureInfo.InvariantCulture));
        }
        Assert.Equal(before, fixture.SettledBytes());
    }

    /// <summary>So also every length, count and size is wrong in turn.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_byte_wrong_in_turn(string name)
    {
        using var fixture = new ValueFixture();
        byte[] body = All[name];
        TryDamaged(fixture, body);
        long before = fixture.SettledBytes();
        for (int at = 1; at < body.Length; at++)
        {
            byte right = body[at];
            foreach (byte wrong in s_telling.Concat(Enumerable.Range(0, 8).Select(bit => (byte)(right ^ (1 << bit)))))
            {
                TryDamaged(fixture, [.. body[..at], wrong, .. body[(at + 1)..]]);
            }
            foreach (byte filler in (byte[])[0, 0x7F, 0xFF])
            {
                byte[] damaged = [.. body];
                damaged.AsSpan(at, Math.Min(4, body.Length - at)).Fill(filler);
                TryDamaged(fixture, damaged);
            }
        }
        Assert.Equal(before, fixture.SettledBytes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void From_a_source_byte_by_byte(string name)
    {
        using var fixture = new ValueFixture();
        foreach (int step in (int[])[0, 1, 5, 1000])
        {
            RdbType type = (RdbType)All[name][0];
            Assert.True(ValueCodecs.BuiltIn.TryFind(type, out ValueCodec? codec));
            RecordDraft draft = fixture.Database.Draft("k"u8, codec.Type);
            var reader = new RdbReader(new SteppingSource(All[name][1..], step), new RdbScratch(), int.MaxValue);
            Assert.True(((CollectionCodec)codec).TryReadRdb(type, ref reader, draft.Open(), out _), name);
            Assert.True(reader.IsAtEnd);
            KeyRef at = fixture.Database.Find("k"u8);
            fixture.Database.Attach(ref at, ref draft, Deadline.None);
            byte[] dumped = fixture.Dump("k");
            Assert.True(fixture.Restore("k", All[name]));
            Assert.Equal(fixture.Dump("k"), dumped);
        }
    }

    [Theory]
    [InlineData(2, 0, 700, "hashtable")]
    [InlineData(2, 100, 300, "listpack")]
    [InlineData(4, 0, 700, "hashtable")]
    [InlineData(5, 0, 300, "skiplist")]
    public void Too_many_for_a_packed_form(byte type, int firstLength, int count, string encoding)
    {
        using var fixture = new ValueFixture();
        fixture.Values.Limits.SetEntriesMax = 300;
        fixture.Values.Limits.SetValueSizeMax = 200;
        var body = new List<byte>([type, .. Length((ulong)count)]);
        for (int i = 0; i < count; i++)
        {
            body.AddRange(String($"{new string('m', firstLength)}member {i}"));
            body.AddRange(type == 5 ? Double(i) : type == 4 ? String("v") : []);
        }
        Assert.True(fixture.Restore("k", [.. body]));
        Assert.Equal(encoding, fixture.EncodingOf("k"));
        Assert.True(fixture.Restore("again", fixture.Dump("k")));
        Assert.Equal(encoding, fixture.EncodingOf("again"));
    }

    [Fact]
    public void Packed_values_beyond_the_limits_become_large()
    {
        using var fixture = new ValueFixture();
        ValueLimits limits = fixture.Values.Limits;
        limits.HashEntriesMax = limits.SetEntriesMax = limits.SetIntsetEntriesMax = limits.SortedSetEntriesMax = 1;
        string[] names = ["hash listpack", "hash listpack with deadlines", "set listpack", "set intset 2", "sorted set listpack"];
        foreach (string name in names)
        {
            Assert.True(fixture.Restore(name, All[name]));
            Assert.Contains(fixture.EncodingOf(name), (string[])["hashtable", "skiplist"]);
            limits.HashEntriesMax = limits.SetEntriesMax = limits.SetIntsetEntriesMax = limits.SortedSetEntriesMax = 100;
            Assert.True(fixture.Restore("small", fixture.Dump(name)));
            Assert.Contains(fixture.EncodingOf("small"), (string[])["listpack", "listpackex", "intset"]);
            limits.HashEntriesMax = limits.SetEntriesMax = limits.SetIntsetEntriesMax = limits.SortedSetEntriesMax = 1;
        }
    }

    [Fact]
    public void Bytes_leave_in_pieces()
    {
        using var fixture = new ValueFixture();
        foreach (string name in All.Keys)
        {
            Assert.True(fixture.Restore("k", All[name]));
            var target = new PieceWriter();
            KeyRef at = fixture.Database.Find("k"u8);
            var writer = new RdbWriter(target, compressor: null);
            ValueCodecs.BuiltIn[at.Record.Type].WriteRdb(writer, fixture.Values, at.Record);
            Assert.Equal(fixture.Dump("k")[1..], target.Written);
        }
    }

    /// <summary>What is taken in spite of the damage is a value that can be written and read again.</summary>
    private static void TryDamaged(ValueFixture fixture, byte[] damaged)
    {
        if (!fixture.Restore("k", damaged))
        {
            return;
        }
        byte[] dumped = fixture.Dump("k");
        Assert.True(fixture.Restore("again", dumped), Convert.ToHexString(damaged));
        Assert.Equal(dumped, fixture.Dump("again"));
        fixture.Remove("k");
        fixture.Remove("again");
    }
}
