using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>Commands that reach into other databases, beside Redis.</summary>
public sealed class DatabaseTests
{
    [Fact]
    public void Select_move_copy_and_swap() => Compare.SameReplies(
        """
        SET k v EX 1000
        SET n 5
        MOVE k 1
        EXISTS k
        SELECT 1
        @TTL k
        COPY k n DB 0
        COPY k n DB 0 REPLACE
        COPY k n DB 1 DB 0
        COPY k k2 DB 2
        COPY k k DB 1
        COPY k k DB 3
        MOVE k 1
        MOVE k 16
        SELECT 0
        GET n
        @TTL n
        MOVE n 1
        MOVE n 2
        SELECT 2
        DBSIZE
        SWAPDB 2 3
        DBSIZE
        GET k
        SWAPDB 3 2
        SELECT 3
        FLUSHDB
        SELECT 2
        DBSIZE
        SELECT 2147483648
        MOVE n 2147483648
        COPY n m DB -2147483649
        SELECT 9223372036854775808
        COPY n m DB 1.5
        SELECT 0
        FLUSHALL
        SELECT 2
        DBSIZE
        SELECT 0
        """);

    [Fact]
    public void Swapping_concerns_every_client()
    {
        using TestServer server = TestServer.Start();
        using RespConnection first = server.Connect();
        using RespConnection second = server.Connect();
        second.Call("SELECT 1");
        first.Call("SET k first");
        second.Call("SET k second");
        Assert.Equal("+OK", first.Call("SWAPDB 0 1").ToString());
        Assert.Equal("second", first.Call("GET k").Text);
        Assert.Equal("first", second.Call("GET k").Text);
    }

    [Fact]
    public void Numbers_up_to_the_largest()
    {
        using TestServer server = TestServer.Start("--databases", "2147483647", "--appendonly", "yes", "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        using RespConnection waiting = server.Connect();
        waiting.Call("SELECT 5000000");
        waiting.Send("BLPOP list 0");
        while (!client.Call("INFO clients").Text.Contains("blocked_clients:1\r", StringComparison.Ordinal))
        {
            Thread.Sleep(5);
        }
        Expect.Replies(
            client,
            """
            SELECT 2147483647 => -ERR DB index is out of range
            SELECT 2147483646 => +OK
            WATCH k => +OK
            SET k v => +OK
            MULTI => +OK
            EXEC => (nil)
            SWAPDB 2147483646 7 => +OK
            EXISTS k => :0
            SELECT 7 => +OK
            MOVE k 123456789 => :1
            SELECT 123456789 => +OK
            COPY k k2 DB 1000000000 => :1
            SELECT 5000000 => +OK
            RPUSH list a => :1
            DBSIZE => :0
            """);
        Assert.Equal("a", waiting.Read().Items[1].Text);
        string[] expected = ["db123456789:keys=1", "db1000000000:keys=1"];
        Assert.Equal(expected, Lines(client));
        string digest = client.Call("DEBUG DIGEST").Text;
        client.Call("DEBUG RELOAD");
        Assert.Equal(digest, client.Call("DEBUG DIGEST").Text);
        client.Call("DEBUG LOADAOF");
        Assert.Equal(digest, client.Call("DEBUG DIGEST").Text);
        Assert.Equal(expected, Lines(client));
        Assert.Equal("+OK", client.Call("FLUSHALL").ToString());
        Assert.Equal([], Lines(client));
    }

    private static string[] Lines(RespConnection client) =>
    [
        .. client.Call("INFO keyspace").Text.Split("\r\n").Where(line => line.StartsWith("db", StringComparison.Ordinal))
            .Select(line => line.Split(',')[0]),
    ];
}
