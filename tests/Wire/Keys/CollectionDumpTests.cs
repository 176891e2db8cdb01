using System.Buffers.Binary;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>
/// DUMP and RESTORE of collections: payloads go both ways between the server and Redis, with the same bytes where the encoding is the
/// same, and the digests of what they hold are equal.
/// </summary>
public sealed class CollectionDumpTests
{
    private const int FooterSize = 10;

    /// <summary>Redis 7.0 reads up to this version; ours writes 11 and 12.</summary>
    private const byte PeerVersion = 10;

    /// <summary>The type that Redis 7.0 does not know: sets as listpacks.</summary>
    private const byte SetListpack = 20;

    /// <summary>Redis 7.0 writes some of these scores with all 17 digits, later ones and ours as short as they may be.</summary>
    private const string LongScores = "ZADD k 1e100 g 0.1 h 3.0000000000000004 i 123456789012345678 j -1e-7 k";

    private static readonly string[] s_options = ["--enable-debug-command", "yes"];

    /// <summary>A command for each type and encoding that makes the key "k".</summary>
    public static TheoryData<string> Values =>
    [
        "RPUSH k a 5 -1 1000 70000 -9000000 5000000000 \"\" \"a b\"",
        $"RPUSH k {Words(50)} {new string('x', 3000)}",
        $"RPUSH k {Words(3000)} {new string('y', 9000)} z",
        "SADD k 1 2 3 -500",
        "SADD k 1 2 3 70000 5000000000",
        $"SADD k {Numbers(600)}",
        "SADD k a b 3",
        $"SADD k {Words(500)}",
        $"SADD k {new string('m', 100)} 7",
        "HSET k f v g 12 12 g \"\" x",
        $"HSET k {Words(600)}",
        $"HSET k f {new string('v', 100)} 5 6",
        "ZADD k 1 a 1 b 2.5 c -3 d inf e -inf f 0.75 h 7 7",
        LongScores,
        $"ZADD k {string.Join(' ', Enumerable.Range(0, 300).Select(i => $"{(i * 7 % 50) + 0.25} member{i}"))}",
        $"ZADD k 1 {new string('m', 100)} 2 b 0.1 c 1e17 d 123456.789e-12 e",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Payloads_go_both_ways(string command)
    {
        using RedisPeer peer = RedisPeer.Start(s_options);
        using TestServer server = TestServer.Start(s_options);
        using RespConnection redis = peer.Connect();
        using RespConnection ours = server.Connect();
        Assert.Equal(redis.Call(command).ToString(), ours.Call(command).ToString());
        string digest = redis.Call("DEBUG DIGEST-VALUE k").ToString();
        Assert.Equal(digest, ours.Call("DEBUG DIGEST-VALUE k").ToString());
        Assert.Equal(redis.Call("DEBUG DIGEST").ToString(), ours.Call("DEBUG DIGEST").ToString());

        byte[] theirs = redis.Call("DUMP k").Bytes;
        Assert.Equal("+OK", Restore(ours, theirs));
        Assert.Equal(digest, ours.Call("DEBUG DIGEST-VALUE restored").ToString());

        byte[] mine = ours.Call("DUMP k").Bytes;
        byte[] again = ours.Call("DUMP restored").Bytes;
        if (IsInOneOrder(theirs) && theirs[0] == mine[0] && command != LongScores)
        {
            Assert.Equal(Body(theirs), Body(mine));
            Assert.Equal(Body(theirs), Body(again));
        }
        if (mine[0] == SetListpack)
        {
            return;
        }
        Assert.Equal("+OK", Restore(redis, ForPeer(mine)));
        Assert.Equal(digest, redis.Call("DEBUG DIGEST-VALUE restored").ToString());
        Assert.Equal("+OK", Restore(redis, ForPeer(again)));
        Assert.Equal(digest, redis.Call("DEBUG DIGEST-VALUE restored").ToString());
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Copies_and_moves_hold_the_same(string command)
    {
        using TestServer server = TestServer.Start(s_options);
        using RespConnection connection = server.Connect();
        connection.Call(command);
        string digest = connection.Call("DEBUG DIGEST-VALUE k").ToString();
        string encoding = connection.Call("OBJECT ENCODING k").ToString();
        connection.Call("COPY k copy");
        connection.Call("COPY k other DB 1");
        connection.Call("RENAME k renamed");
        Assert.Equal($"*[{digest[2..^1]}, {digest[2..^1]}]", connection.Call("DEBUG DIGEST-VALUE copy renamed").ToString());
        Assert.Equal(encoding, connection.Call("OBJECT ENCODING copy").ToString());
        connection.Call("MOVE copy 1");
        connection.Call("SELECT 1");
        Assert.Equal($"*[{digest[2..^1]}, {digest[2..^1]}]", connection.Call("DEBUG DIGEST-VALUE copy other").ToString());
        Assert.True(connection.Call("MEMORY USAGE copy SAMPLES 0").Integer > 20);
        Assert.StartsWith("+Value at:", connection.Call("DEBUG OBJECT copy").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Deadlines_of_keys_and_fields()
    {
        using TestServer server = TestServer.Start(s_options);
        using RespConnection connection = server.Connect();
        foreach (string fields in (string[])["a 1 b 2 c 3", Words(1200)])
        {
            connection.Call("DEL h again");
            connection.Call($"HSET h {fields}");
            string name = connection.Call("HKEYS h").Items[0].Text;
            connection.Call($"HPEXPIREAT h 4000000000123 FIELDS 1 {name}");
            byte[] payload = connection.Call("DUMP h").Bytes;
            Assert.Equal(12, payload[^FooterSize]);
            connection.Send(
                CommandLine.Encode("RESTORE"u8.ToArray(), "again"u8.ToArray(), "4000000000000"u8.ToArray(), payload, "ABSTTL"u8.ToArray()));
            Assert.Equal("+OK", connection.Read().ToString());
            Assert.Equal("*[:4000000000123]", connection.Call($"HPEXPIRETIME again FIELDS 1 {name}").ToString());
            Assert.Equal(":4000000000000", connection.Call("PEXPIRETIME again").ToString());
            connection.Call("PERSIST again");
            Reply digests = connection.Call("DEBUG DIGEST-VALUE h again");
            Assert.Equal(digests.Items[0].Text, digests.Items[1].Text);
        }
    }

    [Theory]
    [InlineData("RPUSH k a b c 7")]
    [InlineData("SADD k a b c 7")]
    [InlineData("SADD k 1 2 300")]
    [InlineData("HSET k f v g 7")]
    [InlineData("ZADD k 1 a 2.5 b")]
    public void Damaged_payloads(string command)
    {
        using TestServer server = TestServer.Start(s_options);
        using RespConnection connection = server.Connect();
        connection.Call(command);
        connection.Call("SET restored old");
        connection.Call("DEBUG SET-SKIP-CHECKSUM-VALIDATION 1");
        byte[] payload = connection.Call("DUMP k").Bytes;
        for (int bit = 0; bit < (payload.Length - FooterSize) * 8; bit++)
        {
            byte[] damaged = [.. payload];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            string reply = Restore(connection, damaged);
            Assert.True(reply is "+OK" or "-ERR Bad data format", reply);
            if (reply == "+OK")
            {
                connection.Call("DEL restored");
            }
        }
        connection.Call("DEBUG SET-SKIP-CHECKSUM-VALIDATION 0");
        byte[] unsigned = [.. payload[..^1], (byte)(payload[^1] ^ 1)];
        Assert.Equal("-ERR DUMP payload version or checksum are wrong", Restore(connection, unsigned));
        Assert.Equal(Body(payload), Body(connection.Call("DUMP k").Bytes));
    }

    [Fact]
    public void A_refused_payload_changes_nothing()
    {
        Expect.Replies(
            """
            RPUSH k old => :1
            DEBUG SET-SKIP-CHECKSUM-VALIDATION 1 => +OK
            RESTORE k 0 "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x81a\x02\xff\x0b\x00________" REPLACE => -ERR Bad data format
            RESTORE k 0 "\x0b\x0a\x02\x00\x00\x00\x01\x00\x00\x00\x05\x00\x0b\x00________" => -BUSYKEY Target key name already exists.
            LRANGE k 0 -1 => *["old"]
            RESTORE k 1 "\x0b\x0a\x02\x00\x00\x00\x01\x00\x00\x00\x05\x00\x0b\x00________" ABSTTL REPLACE => +OK
            EXISTS k => :0
            RESTORE k 0 "\x0b\x0a\x02\x00\x00\x00\x01\x00\x00\x00\x05\x00\x0b\x00________" => +OK
            SMEMBERS k => *["5"]
            OBJECT ENCODING k => "intset"
            """);
    }

    [Fact]
    public void Tools()
    {
        Expect.Replies(
            """
            RPUSH l a b => :2
            SADD s 1 2 => :2
            DEBUG LISTPACK l => +Listpack structure printed on stdout
            DEBUG LISTPACK s => -ERR Not a listpack encoded object.
            DEBUG LISTPACK none => -ERR no such key
            DEBUG QUICKLIST l => -ERR Not a quicklist encoded object.
            DEBUG QUICKLIST none => -ERR no such key
            DEBUG QUICKLIST-PACKED-THRESHOLD 100b => +OK
            DEBUG QUICKLIST-PACKED-THRESHOLD x => -ERR argument must be a memory value bigger than 1 and smaller than 4gb
            DEBUG DICT-RESIZING 0 => +OK
            CONFIG SET list-max-listpack-size 1 => +OK
            RPUSH l c d => :4
            DEBUG QUICKLIST l 1 => +Quicklist structure printed on stdout
            """);
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"word{i * 37}"));

    private static string Numbers(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => i * 12345));

    /// <summary>Whether the encoding leaves no choice of order: tables are written as they happen to lie.</summary>
    private static bool IsInOneOrder(byte[] payload) => payload[0] is not (2 or 4);

    private static byte[] Body(byte[] payload) => payload[..^FooterSize];

    private static byte[] ForPeer(byte[] payload)
    {
        byte[] older = [.. payload];
        BinaryPrimitives.WriteUInt16LittleEndian(older.AsSpan(older.Length - FooterSize), PeerVersion);
        PayloadFooter.Sign(older);
        return older;
    }

    private static string Restore(RespConnection connection, byte[] payload)
    {
        connection.Send(CommandLine.Encode("RESTORE"u8.ToArray(), "restored"u8.ToArray(), "0"u8.ToArray(), payload, "REPLACE"u8.ToArray()));
        return connection.Read().ToString();
    }
}
