using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Strings;

/// <summary>Setting and deleting by comparison, and the digests to compare by: newer than the Redis to be had for comparison.</summary>
public sealed class ConditionTests
{
    [Fact]
    public void Set_compares_values() => Expect.RepliesAtOneMoment(
        """
        SET k v IFEQ v => (nil)
        EXISTS k => :0
        SET k v IFNE v => +OK
        SET k w IFNE v => (nil)
        SET k w IFEQ v EX 100 => +OK
        TTL k => :100
        SET k x IFEQ w KEEPTTL => +OK
        TTL k => :100
        SET k y IFEQ x => +OK
        TTL k => :-1
        SET k z IFEQ nope GET => "y"
        SET k z IFEQ y GET => "y"
        SET fresh v IFNE anything GET => (nil)
        GET fresh => "v"
        SET n 10 => +OK
        SET n 11 IFEQ 10 => +OK
        SET n 12 IFEQ 011 => (nil)
        SET n "" ifeq 11 => +OK
        SET n 1 IFEQ "" => +OK
        SET k v IFEQ => -ERR syntax error
        SET k v IFEQ a IFNE b => -ERR syntax error
        SET k v IFEQ a NX => -ERR syntax error
        SET k v XX IFNE a => -ERR syntax error
        """);

    [Fact]
    public void Set_compares_digests() => Expect.Replies(
        """
        SET k hello => +OK
        DIGEST k => "9555e8555c62dcfd"
        SET k v IFDEQ 0000000000000000 => (nil)
        SET k hello IFDEQ 9555E8555C62DCFD => +OK
        SET k hello IFDNE 9555e8555c62dcfd => (nil)
        SET k v IFDNE 0123456789abcdef GET => "hello"
        GET k => "v"
        SET k x IFDEQ 123 => -ERR The digest must be exactly 16 hexadecimal characters
        SET k x IFDNE 123 GET => -ERR The digest must be exactly 16 hexadecimal characters
        SET absent x IFDEQ 123 => (nil)
        SET absent x IFDNE 123 => +OK
        SET n 12345 => +OK
        SET m 1234 => +OK
        APPEND m 5 => :5
        OBJECT ENCODING n => "int"
        DIGEST none => (nil)
        DIGEST => -ERR wrong number of arguments for 'digest' command
        """);

    [Fact]
    public void Digests_are_of_the_text_whatever_the_encoding()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call("SET integer 12345");
        connection.Call("SET edited 1234");
        connection.Call("APPEND edited 5");
        Assert.Equal(connection.Call("DIGEST integer").Text, connection.Call("DIGEST edited").Text);
        connection.Call("SET empty \"\"");
        Assert.Equal("2d06800538d394c2", connection.Call("DIGEST empty").Text);
    }

    [Fact]
    public void Delex_and_delifeq() => Expect.Replies(
        """
        MSET a 1 b 2 c hello => +OK
        DELEX a => :1
        DELEX a => :0
        DELEX b IFEQ 3 => :0
        DELEX b IFNE 2 => :0
        DELEX b ifeq 2 => :1
        DELEX c IFDEQ 9555e8555c62dcfe => :0
        DELEX c IFDNE 9555e8555c62dcfd => :0
        DELEX c IFDEQ 955 => -ERR The digest must be exactly 16 hexadecimal characters
        DELEX c IFDEQ 9555e8555c62dcfd => :1
        DELEX c IFDEQ 955 => :0
        DELEX c FOO bar => :0
        SET c hello => +OK
        DELEX c FOO bar => -ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE
        DELEX c IFEQ => -ERR wrong number of arguments for 'delex' command
        DELEX c IFEQ a b => -ERR wrong number of arguments for 'delex' command
        DELIFEQ c hell => :0
        DELIFEQ c hello => :1
        DELIFEQ c hello => :0
        DELIFEQ c => -ERR wrong number of arguments for 'delifeq' command
        DBSIZE => :0
        """);

    [Fact]
    public void Msetex() => Expect.RepliesAtOneMoment(
        """
        MSETEX 2 a 1 b 2 EX 100 => :1
        TTL a => :100
        TTL b => :100
        MSETEX 2 a 3 c 4 NX => :0
        MSETEX 2 a 3 c 4 XX => :0
        MSETEX 2 a 3 b 4 XX KEEPTTL => :1
        TTL b => :100
        MGET a b c => *["3", "4", (nil)]
        MSETEX 2 a 5 a 6 => :1
        GET a => "6"
        TTL a => :-1
        MSETEX 1 d 1 nx px 100000 => :1
        TTL d => :100
        MSETEX 1 d 1 PXAT 99999999999999 => :1
        PEXPIRETIME d => :99999999999999
        MSETEX 1 d 1 EXAT 1 => :1
        EXISTS d => :0
        MSETEX key1 val1 ex 10 => -ERR invalid numkeys value
        MSETEX 0 a 1 => -ERR invalid numkeys value
        MSETEX 2147483648 a 1 ex 10 => -ERR invalid numkeys value
        MSETEX 2147483647 a 1 ex 10 => -ERR wrong number of key-value pairs
        MSETEX 2 a 1 b => -ERR wrong number of key-value pairs
        MSETEX 1 a 1 BOGUS => -ERR syntax error
        MSETEX 1 a 1 NX XX => -ERR syntax error
        MSETEX 1 a 1 EX 10 PX 10 => -ERR syntax error
        MSETEX 1 a 1 KEEPTTL EX 10 => -ERR syntax error
        MSETEX 1 a 1 EX 0 => -ERR invalid expire time in 'msetex' command
        MSETEX 1 a 1 EX x => -ERR value is not an integer or out of range
        MSETEX => -ERR wrong number of arguments for 'msetex' command
        """);
}
