using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Strings;

/// <summary>INCREX as Redis 8.8 documents it.</summary>
public sealed class IncrExTests
{
    [Fact]
    public void Integers_within_bounds() => Expect.Replies(
        """
        INCREX k => *[:1, :1]
        INCREX k BYINT 9 => *[:10, :9]
        INCREX k BYINT -4 => *[:6, :-4]
        INCREX k BYINT 5 UBOUND 10 => *[:6, :0]
        INCREX k BYINT 5 UBOUND 10 SATURATE => *[:10, :4]
        INCREX k BYINT -5 LBOUND 8 => *[:10, :0]
        INCREX k BYINT -5 LBOUND 8 SATURATE => *[:8, :-2]
        INCREX k BYINT 5 UBOUND 5 SATURATE => *[:5, :-3]
        INCREX k BYINT 1 LBOUND 6 UBOUND 6 => *[:6, :1]
        INCREX none UBOUND 0 => *[:0, :0]
        EXISTS none => :0
        INCREX none UBOUND 0 SATURATE => *[:0, :0]
        EXISTS none => :1
        SET max 9223372036854775807 => +OK
        INCREX max => *[:9223372036854775807, :0]
        INCREX max SATURATE => *[:9223372036854775807, :0]
        INCREX max BYINT -5 UBOUND -9223372036854775808 SATURATE => -ERR applied increment would overflow
        SET text abc => +OK
        INCREX text => -ERR value is not an integer or out of range
        SET r 1 => +OK
        APPEND r 2 => :2
        INCREX r => *[:13, :1]
        OBJECT ENCODING r => "int"
        """);

    [Fact]
    public void Numbers_with_fractions() => Expect.Replies(
        """
        INCREX k BYFLOAT 0.5 => *["0.5", "0.5"]
        INCREX k BYFLOAT 5.5 UBOUND 3.25 => *["0.5", "0"]
        INCREX k BYFLOAT 5.5 UBOUND 3.25 SATURATE => *["3.25", "2.75"]
        INCREX k BYFLOAT -6 LBOUND 1 SATURATE => *["1", "-2.25"]
        INCREX k BYFLOAT 1 UBOUND inf => *["2", "1"]
        INCREX k BYFLOAT 1 LBOUND -inf UBOUND -inf => *["2", "0"]
        INCREX k BYFLOAT 1 LBOUND -inf UBOUND -inf SATURATE => -ERR applied increment would be Infinity
        INCREX k BYFLOAT 1 UBOUND -inf => -ERR LBOUND can't be greater than UBOUND
        INCREX k BYFLOAT 1e4932 UBOUND 100 SATURATE => *["100", "98"]
        """);

    [Fact]
    public void Deadlines() => Expect.RepliesAtOneMoment(
        """
        INCREX k EX 100 => *[:1, :1]
        TTL k => :100
        INCREX k => *[:2, :1]
        TTL k => :100
        INCREX k EX 500 ENX => *[:3, :1]
        TTL k => :100
        INCREX k PERSIST => *[:4, :1]
        TTL k => :-1
        INCREX k EX 50 UBOUND 1 => *[:4, :0]
        TTL k => :-1
        INCREX k EX 50 ENX => *[:5, :1]
        TTL k => :50
        INCREX k EXAT 100 ENX => *[:6, :1]
        TTL k => :50
        INCREX k EXAT 100 => *[:7, :1]
        EXISTS k => :0
        INCREX k PXAT 99999999999999 => *[:1, :1]
        PEXPIRETIME k => :99999999999999
        """);

    [Fact]
    public void Mistakes() => Expect.Replies(
        """
        INCREX => -ERR wrong number of arguments for 'increx' command
        INCREX k BYINT => -ERR syntax error
        INCREX k BYINT 1 BYFLOAT 2 => -ERR syntax error
        INCREX k SATURATE SATURATE => -ERR syntax error
        INCREX k LBOUND 1 LBOUND 2 => -ERR syntax error
        INCREX k EX 10 EX 20 => -ERR syntax error
        INCREX k EX 10 PERSIST => -ERR syntax error
        INCREX k PERSIST ENX => -ERR syntax error
        INCREX k ENX => -ERR ENX flag requires an expiration
        INCREX k BYINT 1.5 => -ERR Increment is not an integer or out of range
        INCREX k BYFLOAT abc => -ERR Increment is not a valid float
        INCREX k UBOUND 1.5 => -ERR UBOUND is not an integer or out of range
        INCREX k BYFLOAT 1 LBOUND abc => -ERR LBOUND is not a valid float
        INCREX k LBOUND 10 UBOUND 5 => -ERR LBOUND can't be greater than UBOUND
        INCREX k EX -5 => -ERR invalid expire time in 'increx' command
        EXISTS k => :0
        """);

    [Fact]
    public void Fractions_are_doubles_in_resp3()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call("HELLO 3");
        Assert.Equal("*2\r\n,0.5\r\n,0.5\r\n"u8.ToArray(), connection.CallRaw("INCREX k BYFLOAT 0.5"));
        Assert.Equal("*2\r\n:1\r\n:1\r\n"u8.ToArray(), connection.CallRaw("INCREX n"));
    }
}
