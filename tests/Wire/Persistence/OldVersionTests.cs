using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>
/// Files of old versions, made by hand: their encodings load with the content they hold, and Redis, which reads the same bytes, agrees.
/// </summary>
public sealed class OldVersionTests : IDisposable
{
    private readonly TempFolder _folder;

    public OldVersionTests()
    {
        _folder = new TempFolder();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Plain_types_in_every_version(int version)
    {
        RdbBytes file = new RdbBytes(version)
            .Op(0xFE).Length(0)
            .Op(0).Text("text").Text("value")
            .Op(0).Text("small").Raw(0xC0, 0x85)
            .Op(0).Text("medium").Raw(0xC1, 0x39, 0x30)
            .Op(0).Text("large").Raw(0xC2, 0x00, 0xCA, 0x9A, 0x3B)
            .Op(0).Text("compressed").Lzf("some text that is stored in runs of thirty-two bytes at most")
            .Op(1).Text("list").Length(3).Text("a").Raw(0xC0, 5).Text("c")
            .Op(2).Text("set").Length(3).Text("a").Text("b").Raw(0xC1, 0x39, 0x30)
            .Op(3).Text("zset").Length(4).Text("a").Raw(3).Raw("2.5"u8.ToArray()).Text("b").Raw(254).Text("c").Raw(255)
            .Text("d").Raw(2).Raw("-1"u8.ToArray())
            .Op(4).Text("hash").Length(2).Text("f").Text("v").Text("n").Raw(0xC0, 7)
            .Op(0xFE).Length(3)
            .Op(0).Text("other").Text(new string('x', 20_000));
        Loads(
            file.End(),
            """
            GET text => "value"
            MGET small medium large => *["-123", "12345", "1000000000"]
            GET compressed => "some text that is stored in runs of thirty-two bytes at most"
            LRANGE list 0 -1 => *["a", "5", "c"]
            SCARD set => :3
            SMISMEMBER set a b 12345 c => *[:1, :1, :1, :0]
            ZRANGE zset 0 -1 WITHSCORES => *["c", "-inf", "d", "-1", "a", "2.5", "b", "inf"]
            HGETALL hash => *["f", "v", "n", "7"]
            DBSIZE => :9
            SELECT 3 => +OK
            STRLEN other => :20000
            """);
    }

    [Fact]
    public void Deadlines_in_seconds_and_in_milliseconds() => Loads(
        new RdbBytes(3)
            .Op(0xFE).Length(0)
            .Op(0xFD).Raw(0x00, 0x2F, 0x68, 0x79).Op(0).Text("seconds").Text("x")
            .Op(0xFC).Raw(0x7B, 0x44, 0x94, 0x52, 0xA3, 0x03, 0, 0).Op(0).Text("milliseconds").Text("x")
            .Op(0xFD).Raw(1, 0, 0, 0).Op(0).Text("gone").Text("x")
            .End(),
        """
        PEXPIRETIME seconds => :2036870912000
        PEXPIRETIME milliseconds => :4000000001147
        DBSIZE => :2
        """);

    [Fact]
    public void Ziplists()
    {
        object[] entries =
            ["a", 0, 12, (sbyte)-100, (short)-30_000, 13, -8_000_000, 70_000u, long.MaxValue, new string('m', 300), "after a long one",
                new string('z', 16_384), ""];
        RdbBytes file = new RdbBytes(6)
            .Op(0xFE).Length(0)
            .Packed(10, "list", RdbBytes.Ziplist(entries))
            .Packed(12, "zset", RdbBytes.Ziplist("a", "-1.5", "b", 2, "c", "2.25", "d", (short)300))
            .Packed(13, "hash", RdbBytes.Ziplist("f", "v", "n", 5, "long", new string('v', 200)))
            .Op(14).Text("quicklist").Length(2).Text(RdbBytes.Ziplist("a", 1)).Text(RdbBytes.Ziplist("b", 2, 70_000u));
        Loads(
            file.End(),
            $"""
            LRANGE list 0 8 => *["a", "0", "12", "-100", "-30000", "13", "-8000000", "70000", "9223372036854775807"]
            LINDEX list 9 => "{new string('m', 300)}"
            LINDEX list 10 => "after a long one"
            LINDEX list 11 => "{new string('z', 16_384)}"
            LRANGE list 12 -1 => *[""]
            ZRANGE zset 0 -1 WITHSCORES => *["a", "-1.5", "b", "2", "c", "2.25", "d", "300"]
            OBJECT ENCODING zset => "listpack"
            HGETALL hash => *["f", "v", "n", "5", "long", "{new string('v', 200)}"]
            OBJECT ENCODING hash => "hashtable"
            LRANGE quicklist 0 -1 => *["a", "1", "b", "2", "70000"]
            """);
    }

    [Fact]
    public void Zipmaps() => Loads(
        new RdbBytes(2)
            .Op(0xFE).Length(0)
            .Packed(9, "hash", RdbBytes.Zipmap(0, "f", "v", "g", "12"))
            .Packed(9, "loose", RdbBytes.Zipmap(3, "field", "value", "other", ""))
            .Packed(9, "long", RdbBytes.Zipmap(0, "f", new string('v', 300), new string('k', 254), "x"))
            .End(),
        $"""
        HGETALL hash => *["f", "v", "g", "12"]
        HGETALL loose => *["field", "value", "other", ""]
        HGET long f => "{new string('v', 300)}"
        HGET long {new string('k', 254)} => "x"
        """);

    [Fact]
    public void Intsets() => Loads(
        new RdbBytes(4)
            .Op(0xFE).Length(0)
            .Packed(11, "16", RdbBytes.Intset(2, -5, 1, 300))
            .Packed(11, "32", RdbBytes.Intset(4, -70_000, 1, 70_000))
            .Packed(11, "64", RdbBytes.Intset(8, long.MinValue, 0, long.MaxValue))
            .End(),
        """
        SMEMBERS 16 => *["-5", "1", "300"]
        SMEMBERS 32 => *["-70000", "1", "70000"]
        SMEMBERS 64 => *["-9223372036854775808", "0", "9223372036854775807"]
        OBJECT ENCODING 64 => "intset"
        """);

    [Fact]
    public void What_stands_between_keys_is_read() => Loads(
        new RdbBytes(9)
            .Op(0xFA).Text("redis-ver").Text("5.0.7")
            .Op(0xFA).Text("ctime").Raw(0xC2, 0x00, 0xCA, 0x9A, 0x3B)
            .Op(0xFA).Text("something-new").Text("of no concern")
            .Op(0xFE).Length(0).Op(0xFB).Length(3).Length(1)
            .Op(0xF8).Length(100).Op(0).Text("idle").Text("x")
            .Op(0xF9).Raw(7).Op(0).Text("used").Text("x")
            .Op(0xFC).Raw(0x7B, 0x44, 0x94, 0x52, 0xA3, 0x03, 0, 0).Op(0xF8).Length(5).Op(0).Text("all").Text("x")
            .End(),
        """
        DBSIZE => :3
        PEXPIRETIME all => :4000000001147
        """);

    [Fact]
    public void A_checksum_of_zeros_is_none() => Loads(
        [.. new RdbBytes(7).Op(0xFE).Length(0).Op(0).Text("k").Text("v").End()[..^8], 0, 0, 0, 0, 0, 0, 0, 0],
        """
        GET k => "v"
        """);

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "no file of this kind", "SQLite format 3\0 and more"u8.ToArray(), "no RDB file" },
        { "of the future", new RdbBytes(99).End(), "version 99" },
        { "functions", new RdbBytes(10).Op(0xF5).Text("#!lua name=l").End(), "functions" },
        { "functions of a candidate", new RdbBytes(10).Op(0xF6).Text("lib").Text("lua").End(), "functions" },
        { "module data", new RdbBytes(9).Op(0xF7).Length(5).Length(2).Length(0).End(), "module" },
        { "a module's value", new RdbBytes(9).Op(7).Text("k").Length(5).End(), "type" },
        { "an unknown type", new RdbBytes(9).Op(99).Text("k").Text("v").End(), "99" },
        { "an unknown database", new RdbBytes(9).Op(0xFE).Length(16).Op(0).Text("k").Text("v").End(), "database 16" },
        { "a wrong checksum", [.. new RdbBytes(9).Op(0).Text("k").Text("v").End()[..^1], 1], "checksum" },
        { "cut off", new RdbBytes(9).Op(0).Text("k").Text("a longer value").End()[..20], "ends too early" },
        { "without its end", new RdbBytes(9).Op(0).Text("k").Text("v").End()[..^9], "ends too early" },
        { "empty", [], "too short" },
        { "the same key twice", new RdbBytes(9).Op(0).Text("k").Text("v").Op(0).Text("k").Text("w").End(), "twice" },
        { "a broken ziplist", new RdbBytes(6).Packed(10, "k", [.. RdbBytes.Ziplist("a", "b")[..^1], 0]).End(), "'k'" },
        { "a broken zipmap", new RdbBytes(6).Packed(9, "k", [1, 200, 1]).End(), "'k'" },
        { "a broken intset", new RdbBytes(6).Packed(11, "k", RdbBytes.Intset(2, 5, 1)).End(), "'k'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_loaded_stops_the_start_and_is_left_as_it_is(string what, byte[] file, string reason)
    {
        File.WriteAllBytes(_folder.File("dump.rdb"), file);
        using ServerProcess ours = ServerProcess.StartRaw(
            Programs.Server, _folder, FreePorts.Next(), "--port", "0", "--unixsocket", _folder.File("s"), "--dir", _folder.Path);
        Assert.Equal(1, ours.WaitForExit());
        Assert.True(ours.Output.Contains(reason, StringComparison.Ordinal), $"{what}: {ours.Output}");
        Assert.Equal(file, File.ReadAllBytes(_folder.File("dump.rdb")));
    }

    public void Dispose() => _folder.Dispose();

    private void Loads(byte[] file, string script)
    {
        File.WriteAllBytes(_folder.File("dump.rdb"), file);
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder))
        {
            Expect.Replies(ours.Client, script);
            digest = SampleData.Digest(ours.Client);
        }

        if (Programs.RedisServer is null)
        {
            return;
        }
        using StoppableServer redis = StoppableServer.Redis(_folder);
        Assert.Equal(SampleData.Digest(redis.Client), digest);
    }
}
