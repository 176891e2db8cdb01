using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Sets;

/// <summary>What OBJECT ENCODING answers from Redis 7.2 on, and the settings that move its bounds.</summary>
public sealed class SetEncodingTests
{
    [Fact]
    public void The_encodings_of_sets() => Expect.Replies(
        """
        SADD i 1 2 3 => :3
        OBJECT ENCODING i => "intset"
        SADD i a => :1
        OBJECT ENCODING i => "listpack"
        SREM i a => :1
        OBJECT ENCODING i => "listpack"
        SINTERSTORE j i => :3
        OBJECT ENCODING j => "intset"
        SUNIONSTORE j i => :3
        OBJECT ENCODING j => "intset"
        SADD i 12345678901234567890123456789012345678901234567890123456789012345 => :1
        OBJECT ENCODING i => "hashtable"
        CONFIG SET set-max-intset-entries 2 set-max-listpack-entries 4 => +OK
        SADD k 1 2 => :2
        OBJECT ENCODING k => "intset"
        SADD k 3 => :1
        OBJECT ENCODING k => "hashtable"
        SADD l 1 2 3 => :3
        OBJECT ENCODING l => "listpack"
        SADD m a a a a a => :1
        OBJECT ENCODING m => "hashtable"
        CONFIG SET set-max-listpack-value 2 => +OK
        SADD n ab => :1
        OBJECT ENCODING n => "listpack"
        SADD n abc => :1
        OBJECT ENCODING n => "hashtable"
        SADD o a b c d => :4
        SADD o e => :1
        OBJECT ENCODING o => "hashtable"
        """);

    [Fact]
    public void A_set_that_loses_nearly_all_is_built_anew()
    {
        using TestServer server = TestServer.StartAt(new ManualClock());
        using RespConnection connection = server.Connect();
        connection.Call($"SADD s {string.Join(' ', Enumerable.Range(0, 600).Select(i => $"member:{i}"))}");
        connection.Call("EXPIRE s 1000");
        Assert.Equal(10, connection.Call("SPOP s 10").Items.Count);
        Assert.Equal("hashtable", connection.Call("OBJECT ENCODING s").Text);
        string[] popped = [.. connection.Call("SPOP s 580").Items.Select(item => item.Text)];
        string[] left = [.. connection.Call("SMEMBERS s").Items.Select(item => item.Text)];
        Assert.Equal(580, popped.Distinct().Count());
        Assert.Equal(10, left.Length);
        Assert.Empty(popped.Intersect(left));
        Assert.Equal("listpack", connection.Call("OBJECT ENCODING s").Text);
        Assert.Equal("1000", connection.Call("TTL s").Text);
    }
}
