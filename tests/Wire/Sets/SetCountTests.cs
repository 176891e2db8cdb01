using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Sets;

/// <summary>SUNIONCARD and SDIFFCARD, which Redis has from 8.10 on.</summary>
public sealed class SetCountTests
{
    [Fact]
    public void Counts_of_unions_and_differences() => Expect.Replies(
        """
        SADD a 1 2 3 4 => :4
        SADD b 3 4 5 => :3
        SADD c x => :1
        SET str v => +OK
        SUNIONCARD 2 a b => :5
        SUNIONCARD 3 a b none => :5
        SUNIONCARD 1 none => :0
        SUNIONCARD 6 a b a c b a => :6
        SUNIONCARD 2 a b LIMIT 0 => :5
        SUNIONCARD 2 a b LIMIT 3 => :3
        SUNIONCARD 2 a b LIMIT 9 => :5
        SUNIONCARD 2 a b APPROX => :5
        SUNIONCARD 2 a b APPROX LIMIT 2 => :2
        SUNIONCARD 2 a b LIMIT 2 APPROX => :2
        SUNIONCARD 0 a => -ERR numkeys should be greater than 0
        SUNIONCARD 3 a b => -ERR Number of keys can't be greater than number of args
        SUNIONCARD 1 a LIMIT -1 => -ERR LIMIT can't be negative
        SUNIONCARD 1 a LIMIT => -ERR syntax error
        SUNIONCARD 1 a BOGUS => -ERR syntax error
        SUNIONCARD 2 a str => -WRONGTYPE Operation against a key holding the wrong kind of value
        SDIFFCARD 2 a b => :2
        SDIFFCARD 1 a => :4
        SDIFFCARD 2 none a => :0
        SDIFFCARD 2 a a => :0
        SDIFFCARD 2 a b LIMIT 1 => :1
        SDIFFCARD 2 a b LIMIT 0 => :2
        SDIFFCARD 6 a c c c c c => :4
        SDIFFCARD 0 a => -ERR numkeys should be greater than 0
        SDIFFCARD 3 a b => -ERR Number of keys can't be greater than number of args
        SDIFFCARD 1 a APPROX => -ERR syntax error
        SDIFFCARD 2 a str => -WRONGTYPE Operation against a key holding the wrong kind of value
        """);

    [Fact]
    public void An_estimate_is_near_the_count()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call($"SADD a {string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"m{i}"))}");
        connection.Call($"SADD b {string.Join(' ', Enumerable.Range(10_000, 20_000).Select(i => $"m{i}"))}");
        Assert.Equal("30000", connection.Call("SUNIONCARD 2 a b").Text);
        Assert.InRange(int.Parse(connection.Call("SUNIONCARD 2 a b APPROX").Text), 29_000, 31_000);
    }
}
