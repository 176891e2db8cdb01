using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Hashes;

/// <summary>The hash commands of Redis 8, as documented, for hashes of both kinds.</summary>
public sealed class NewerCommandTests
{
    private const string Script =
        """
        HSETEX h FIELDS 2 a 1 b 2 => :1
        HSETEX h FNX FIELDS 2 c 3 a 9 => :0
        HSETEX h FXX FIELDS 2 a 9 c 3 => :0
        HSETEX none FXX FIELDS 1 a 1 => :0
        EXISTS none => :0
        HSETEX h FXX EX 100 FIELDS 2 a 10 b 20 => :1
        HTTL h FIELDS 2 a b => *[:100, :100]
        HSETEX h KEEPTTL FIELDS 1 a 11 => :1
        HSETEX h FIELDS 1 b 21 => :1
        HTTL h FIELDS 2 a b => *[:100, :-1]
        HSETEX h PXAT 4000000000000 FNX FIELDS 1 c 3 => :1
        HPEXPIRETIME h FIELDS 1 c => *[:4000000000000]
        HMGET h a b c => *["11", "21", "3"]
        HSETEX h EXAT 1 FIELDS 1 c gone => :1
        HEXISTS h c => :0
        HSETEX gone PX 0 FIELDS 1 c gone => :1
        EXISTS gone => :0
        HGETEX h FIELDS 3 a none b => *["11", (nil), "21"]
        HTTL h FIELDS 1 a => *[:100]
        HGETEX h PERSIST FIELDS 2 a b => *["11", "21"]
        HTTL h FIELDS 2 a b => *[:-1, :-1]
        HGETEX h EX 50 FIELDS 1 a => *["11"]
        HTTL h FIELDS 1 a => *[:50]
        HGETEX h PX 60000 FIELDS 1 a => *["11"]
        HTTL h FIELDS 1 a => *[:60]
        HGETEX h EXAT 4000000000 FIELDS 1 a => *["11"]
        HEXPIRETIME h FIELDS 1 a => *[:4000000000]
        HGETEX h PXAT 1 FIELDS 1 a => *["11"]
        HKEYS h => *["b"]
        HGETEX none EX 1 FIELDS 2 a b => *[(nil), (nil)]
        HSET h c 3 => :1
        HGETDEL h FIELDS 3 c none c => *["3", (nil), (nil)]
        HGETDEL h FIELDS 1 b => *["21"]
        EXISTS h => :0
        HGETDEL none FIELDS 2 a b => *[(nil), (nil)]
        HSET h a 1 b 2 => :2
        HSCAN h 0 NOVALUES MATCH a => *["0", *["a"]]
        """;

    private const string Errors =
        """
        HSETEX h FNX FXX FIELDS 1 a 1 => -ERR Only one of FXX or FNX arguments can be specified
        HSETEX h EX 1 PX 1 FIELDS 1 a 1 => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
        HSETEX h EX 1 KEEPTTL FIELDS 1 a 1 => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
        HSETEX h KEEPTTL EX 1 FIELDS 1 a 1 => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
        HSETEX h BOGUS 1 FIELDS 1 a 1 => -ERR unknown argument: BOGUS
        HSETEX h FNX EX 1 PXAT => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
        HSETEX h EX -1 FIELDS 1 a 1 => -ERR invalid expire time, must be >= 0
        HSETEX h EX x FIELDS 1 a 1 => -ERR value is not an integer or out of range
        HSETEX h EX 70368744178 FIELDS 1 a 1 => -ERR invalid expire time in 'hsetex' command
        HSETEX h FIELDS 0 a 1 => -ERR invalid number of fields
        HSETEX h FIELDS x a 1 => -ERR invalid number of fields
        HSETEX h FIELDS 2 a 1 => -ERR wrong number of arguments for 'hsetex' command
        HSETEX h FIELDS 1 a 1 b => -ERR wrong number of arguments for 'hsetex' command
        HSETEX h FIELDS 1 a => -ERR wrong number of arguments for 'hsetex' command
        HGETEX h EX 1 FELDS 1 a => -ERR Mandatory argument FIELDS is missing or not at the right position
        HGETEX h EX -1 FIELDS 1 a => -ERR invalid expire time, must be >= 0
        HGETEX h EX x FIELDS 1 a => -ERR value is not an integer or out of range
        HGETEX h FIELDS 0 a => -ERR Number of fields must be a positive integer
        HGETEX h FIELDS 2 a => -ERR The `numfields` parameter must match the number of arguments
        HGETEX h PERSIST FIELDS 2 a => -ERR The `numfields` parameter must match the number of arguments
        HGETEX h FIELDS 1 => -ERR wrong number of arguments for 'hgetex' command
        HGETDEL h FELDS 1 a => -ERR Mandatory argument FIELDS is missing or not at the right position
        HGETDEL h FIELDS 0 a => -ERR Number of fields must be a positive integer
        HGETDEL h FIELDS 2 a => -ERR The `numfields` parameter must match the number of arguments
        HGETDEL h FIELDS 1 => -ERR wrong number of arguments for 'hgetdel' command
        EXISTS h => :0
        SET s x => +OK
        HSETEX s FIELDS 1 a 1 => -WRONGTYPE Operation against a key holding the wrong kind of value
        HGETEX s FIELDS 0 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        HGETDEL s FIELDS 0 a => -WRONGTYPE Operation against a key holding the wrong kind of value
        """;

    private const string Import =
        """
        HIMPORT PREPARE u name id email => +OK
        HIMPORT SET user:1 u alice 7 a@b.c => +OK
        HGETALL user:1 => *["id", "7", "name", "alice", "email", "a@b.c"]
        HSET user:2 old x => :1
        EXPIRE user:2 100 => :1
        HIMPORT SET user:2 u bob 8 b@b.c => +OK
        HMGET user:2 id name old => *["8", "bob", (nil)]
        TTL user:2 => :-1
        HIMPORT SET user:3 u bob 8 => -ERR value count does not match fieldset field count
        HIMPORT SET user:3 u bob 8 x y => -ERR value count does not match fieldset field count
        HIMPORT SET user:3 none bob => -ERR no such fieldset
        SET s x => +OK
        HIMPORT SET s none 1 => -WRONGTYPE Operation against a key holding the wrong kind of value
        HIMPORT PREPARE u a b a => -ERR duplicate field name in fieldset
        HIMPORT SET user:3 u carol 9 c@b.c => +OK
        HIMPORT PREPARE u x => +OK
        HIMPORT SET user:3 u 1 => +OK
        HGETALL user:3 => *["x", "1"]
        HIMPORT PREPARE "" "" => +OK
        HIMPORT SET user:4 "" v => +OK
        HGET user:4 "" => "v"
        HIMPORT DISCARD u => :1
        HIMPORT DISCARD u => :0
        HIMPORT PREPARE a x => +OK
        HIMPORT DISCARDALL => :2
        HIMPORT DISCARDALL => :0
        HIMPORT PREPARE a x => +OK
        RESET => +RESET
        HIMPORT SET user:5 a v => -ERR no such fieldset
        HIMPORT PREPARE a => -ERR wrong number of arguments for 'himport|prepare' command
        HIMPORT SET k a => -ERR wrong number of arguments for 'himport|set' command
        HIMPORT BOGUS => -ERR unknown subcommand 'BOGUS'. Try HIMPORT HELP.
        """;

    [Theory]
    [InlineData("512")]
    [InlineData("0")]
    public void Fields_with_deadlines(string entriesMax)
    {
        using TestServer server = TestServer.StartAt(new ManualClock(), "--hash-max-listpack-entries", entriesMax);
        using RespConnection connection = server.Connect();
        Expect.Replies(connection, Script);
    }

    [Fact]
    public void Errors_change_nothing() => Expect.Replies(Errors);

    [Fact]
    public void Hashes_of_one_shape() => Expect.Replies(Import);

    [Fact]
    public void Another_connection_does_not_see_a_fieldset()
    {
        using TestServer server = TestServer.Start();
        using RespConnection one = server.Connect();
        using RespConnection other = server.Connect();
        one.Call("HIMPORT PREPARE u a b");
        Assert.Equal("ERR no such fieldset", other.Call("HIMPORT SET k u 1 2").Text);
        Assert.Equal("OK", one.Call("HIMPORT SET k u 1 2").Text);
    }
}
