using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Hashes;

/// <summary>Fields that expire, as Redis 7.4 and 8.0 document them, for hashes of both kinds.</summary>
public sealed class FieldExpiryTests
{
    private const string Script =
        """
        HSET h a 1 b 2 c 3 => :3
        HTTL h FIELDS 4 a b c none => *[:-1, :-1, :-1, :-2]
        HEXPIRE h 100 FIELDS 2 a none => *[:1, :-2]
        HTTL h FIELDS 2 a b => *[:100, :-1]
        HEXPIRE h 50 NX FIELDS 2 a b => *[:0, :1]
        HEXPIRE h 60 XX FIELDS 2 a c => *[:1, :0]
        HEXPIRE h 55 GT FIELDS 3 a b c => *[:0, :1, :0]
        HEXPIRE h 58 LT FIELDS 3 a b c => *[:1, :0, :1]
        HTTL h FIELDS 3 a b c => *[:58, :55, :58]
        HPERSIST h FIELDS 3 a none a => *[:1, :-2, :-1]
        HSET h b new => :0
        HTTL h FIELDS 3 a b c => *[:-1, :-1, :58]
        HINCRBY h c 4 => :7
        HINCRBYFLOAT h c 0.5 => "7.5"
        HTTL h FIELDS 1 c => *[:58]
        HPEXPIREAT h 4000000000123 FIELDS 1 c => *[:1]
        HPEXPIRETIME h FIELDS 2 c a => *[:4000000000123, :-1]
        HEXPIRETIME h FIELDS 2 c none => *[:4000000001, :-2]
        HEXPIREAT h 4000000000 FIELDS 1 c => *[:1]
        HPEXPIRETIME h FIELDS 1 c => *[:4000000000000]
        COPY h h2 => :1
        RENAME h h3 => +OK
        HPEXPIRETIME h2 FIELDS 1 c => *[:4000000000000]
        HPEXPIRETIME h3 FIELDS 1 c => *[:4000000000000]
        HEXPIRE h3 0 FIELDS 2 a c => *[:2, :2]
        HKEYS h3 => *["b"]
        HPEXPIREAT h3 1 FIELDS 1 b => *[:2]
        EXISTS h3 => :0
        HEXPIRE none 10 FIELDS 2 a b => *[:-2, :-2]
        HTTL none FIELDS 1 a => *[:-2]
        HPERSIST none FIELDS 1 a => *[:-2]
        """;

    private const string Errors =
        """
        HSET h a 1 => :1
        HEXPIRE h x FIELDS 1 a => -ERR value is not an integer or out of range
        HEXPIRE h -1 FIELDS 1 a => -ERR invalid expire time, must be >= 0
        HEXPIRE h 70368744178 FIELDS 1 a => -ERR invalid expire time in 'hexpire' command
        HPEXPIRE h 70368744177663 FIELDS 1 a => -ERR invalid expire time in 'hpexpire' command
        HEXPIREAT h 70368744178 FIELDS 1 a => -ERR invalid expire time in 'hexpireat' command
        HPEXPIREAT h 70368744177664 FIELDS 1 a => -ERR invalid expire time in 'hpexpireat' command
        HPEXPIREAT h 70368744177663 FIELDS 1 a => *[:1]
        HEXPIRE h 10 FELDS 1 a => -ERR Mandatory argument FIELDS is missing or not at the right position
        HEXPIRE h 10 NX XX FIELDS 1 a => -ERR Mandatory argument FIELDS is missing or not at the right position
        HEXPIRE h 10 FIELDS 0 a => -ERR Parameter `numFields` should be greater than 0
        HEXPIRE h 10 FIELDS x a => -ERR Parameter `numFields` should be greater than 0
        HEXPIRE h 10 FIELDS 2 a => -ERR The `numfields` parameter must match the number of arguments
        HEXPIRE h 10 FIELDS 1 a b => -ERR The `numfields` parameter must match the number of arguments
        HEXPIRE h 10 FIELDS 1 => -ERR wrong number of arguments for 'hexpire' command
        HTTL h FELDS 1 a => -ERR Mandatory argument FIELDS is missing or not at the right position
        HTTL h FIELDS 0 a => -ERR Number of fields must be a positive integer
        HTTL h FIELDS 2 a => -ERR The `numfields` parameter must match the number of arguments
        HPTTL h FIELDS 1 => -ERR wrong number of arguments for 'hpttl' command
        HPERSIST h FIELDS -1 a => -ERR Number of fields must be a positive integer
        HPERSIST h FIELDS 3 a => -ERR The `numfields` parameter must match the number of arguments
        SET s x => +OK
        HEXPIRE s x FIELDS 0 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        HPEXPIRE s 1 FIELDS 1 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        HTTL s FIELDS 1 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        HPERSIST s FIELDS 1 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        """;

    public static TheoryData<string, string> Kinds => new() { { "512", "listpackex" }, { "0", "hashtable" } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Deadlines_of_fields(string entriesMax, string encoding)
    {
        using TestServer server = StartAt(new ManualClock(), entriesMax);
        using RespConnection connection = server.Connect();
        Expect.Replies(connection, Script);
        Assert.Equal(encoding, connection.Call("OBJECT ENCODING h2").Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Errors_change_nothing(string entriesMax, string encoding)
    {
        using TestServer server = Start(entriesMax);
        using RespConnection connection = server.Connect();
        Expect.Replies(connection, Errors);
        Assert.Equal(encoding, connection.Call("OBJECT ENCODING h").Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fields_go_by_themselves_and_the_key_with_the_last(string entriesMax, string encoding)
    {
        using TestServer server = Start(entriesMax);
        using RespConnection connection = server.Connect();
        connection.Call("HSET h a 1 b 2 c 3");
        connection.Call("HPEXPIRE h 20 FIELDS 2 a b");
        Assert.Equal(encoding, connection.Call("OBJECT ENCODING h").Text);
        Patience.Until(
            () => connection.Call("INFO stats").Text.Contains("expired_subkeys:2\r", StringComparison.Ordinal), "the fields stay");
        Assert.Equal(["c"], connection.Call("HKEYS h").Items.Select(item => item.Text));
        connection.Call("HPEXPIRE h 20 FIELDS 1 c");
        Patience.Until(() => connection.Call("DBSIZE").Integer == 0, "the key stays");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_field_is_gone_at_its_millisecond_for_whoever_asks(string entriesMax, string encoding)
    {
        ManualClock clock = new();
        using TestServer server = StartAt(clock, entriesMax);
        using RespConnection connection = server.Connect();
        connection.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        connection.Call("HSET h keep 1 go 2");
        connection.Call("HPEXPIRE h 40 FIELDS 1 go");
        Assert.Equal(encoding, connection.Call("OBJECT ENCODING h").Text);
        clock.AdvanceMs(40);
        Assert.Equal("2", connection.Call("HGET h go").Text);
        clock.AdvanceMs(1);
        Assert.True(connection.Call("HGET h go").IsNull);
        Assert.Equal(1, connection.Call("HLEN h").Integer);
        Assert.Equal(-2, connection.Call("HTTL h FIELDS 1 go").Items[0].Integer);
        Assert.Equal(1, connection.Call("HSET h go again").Integer);
        Assert.Equal(-1, connection.Call("HTTL h FIELDS 1 go").Items[0].Integer);
    }

    [Fact]
    public void The_number_of_hashes_with_deadlines_is_told()
    {
        using TestServer server = Start("512");
        using RespConnection connection = server.Connect();
        connection.Call("HSET a f 1");
        connection.Call("HSET b f 1");
        connection.Call("HEXPIRE a 100 FIELDS 1 f");
        connection.Call("HEXPIRE b 100 FIELDS 1 f");
        connection.Call("EXPIRE b 50");
        Assert.Contains("keys=2,expires=1,", connection.Call("INFO keyspace").Text, StringComparison.Ordinal);
        Assert.EndsWith("subexpiry=2\r\n", connection.Call("INFO keyspace").Text, StringComparison.Ordinal);
        connection.Call("HPERSIST a FIELDS 1 f");
        connection.Call("DEL b");
        Assert.DoesNotContain("subexpiry", connection.Call("INFO keyspace").Text, StringComparison.Ordinal);
    }

    private static TestServer Start(string entriesMax) =>
        TestServer.Start("--enable-debug-command", "yes", "--hash-max-listpack-entries", entriesMax);

    private static TestServer StartAt(ManualClock clock, string entriesMax) =>
        TestServer.StartAt(clock, "--enable-debug-command", "yes", "--hash-max-listpack-entries", entriesMax);
}
