using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Hashes;

/// <summary>The hash commands that Redis 7.0 knows, beside it, for hashes of both kinds.</summary>
public sealed class HashTests
{
    private const string Script =
        """
        HSET h a 1
        HSET h a 2 b x c ""
        HSET h a
        HSET h a 1 b
        HSET h
        HMSET h d 4 e 5
        HMSET h d
        HMSET h d 4 e
        HSETNX h a 9
        HSETNX h f 6
        HSETNX n f 6
        HSET "" "" ""
        HGET "" ""
        HLEN ""
        HGET h a
        HGET h none
        HGET none a
        HMGET h a none c f
        HMGET none a b
        HSTRLEN h a
        HSTRLEN h b
        HSTRLEN h none
        HSTRLEN none a
        HEXISTS h a
        HEXISTS h none
        HEXISTS none a
        HLEN h
        HLEN none
        %HGETALL h
        %HKEYS h
        %HVALS h
        HGETALL none
        HKEYS none
        HVALS none
        HGETALL n
        HSET v big 12345678901234567890 min -9223372036854775808 zeros 007 minus -0 plus +1 float 1.50 space " 1"
        HMGET v big min zeros minus plus float space
        HSET l f xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        OBJECT ENCODING l
        HSET l f xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        OBJECT ENCODING l
        HSET l f x
        OBJECT ENCODING l
        OBJECT ENCODING h
        TYPE h
        HDEL h a none b
        HDEL h none
        HDEL none a
        HDEL h
        %HGETALL h
        HDEL h c d e f
        EXISTS h
        HDEL n f f
        EXISTS n
        HSET c a 1 b 2 c 3
        COPY c c2
        %HGETALL c2
        RENAME c c3
        HGET c3 b
        HSET c2 b changed
        HGET c3 b
        DEBUG DIGEST-VALUE c2 c3 v l none
        EXPIRE c2 100
        HSET c2 x y
        @TTL c2
        """;

    private const string Counting =
        """
        HINCRBY h n 5
        HINCRBY h n -7
        HINCRBY h n x
        HINCRBY h n 1.5
        HINCRBY h n ""
        HINCRBY h n
        HINCRBY h m 9223372036854775807
        HINCRBY h m 1
        HINCRBY h m -1
        HINCRBY h low -9223372036854775808
        HINCRBY h low -1
        HSET h text abc space " 1" float 1.5 big 9223372036854775808 trail "1 "
        HINCRBY h text 1
        HINCRBY h space 1
        HINCRBY h float 1
        HINCRBY h big 1
        HINCRBY h trail 1
        HINCRBY none n x
        EXISTS none
        HINCRBYFLOAT h n 1.5
        HINCRBYFLOAT h float 0.1
        HINCRBYFLOAT h float -1.6
        HINCRBYFLOAT h e 5.0e3
        HINCRBYFLOAT h e 200
        HINCRBYFLOAT h text 1
        HINCRBYFLOAT h space 1
        HINCRBYFLOAT h trail 1
        HINCRBYFLOAT h n x
        HINCRBYFLOAT h n " 1"
        HINCRBYFLOAT h n inf
        HINCRBYFLOAT h n -inf
        HINCRBYFLOAT h n nan
        HINCRBYFLOAT h n
        HINCRBYFLOAT f x 10.50
        HINCRBYFLOAT f x 0.1
        HINCRBYFLOAT f tiny 1.23e-18
        HINCRBYFLOAT f large 1e4930
        HINCRBYFLOAT f large 1e4930
        HINCRBYFLOAT f y 3
        HGET f y
        %HGETALL h
        """;

    private const string Walking =
        """
        HSCAN h 0
        HSCAN h x
        HSCAN h 0 COUNT 0
        HSCAN none 0 BOGUS
        HSET h a 1 b 2 c 3 aa 4
        HSCAN h x
        HSCAN h 0 COUNT 0
        HSCAN h 0 COUNT x
        HSCAN h 0 COUNT
        HSCAN h 0 MATCH
        HSCAN h 0 TYPE hash
        HSCAN h 0 BOGUS
        HSCAN h
        HSCAN h 0 MATCH b
        HSCAN h 0 MATCH b COUNT 100
        HSCAN h 0 MATCH none COUNT 100
        HRANDFIELD none
        HRANDFIELD none 3
        HRANDFIELD none -3 WITHVALUES
        HRANDFIELD h 0
        HRANDFIELD h x
        HRANDFIELD h 1 BOGUS
        HRANDFIELD h 1 WITHVALUES more
        HRANDFIELD h -9223372036854775808
        HRANDFIELD h -9223372036854775807 WITHVALUES
        HRANDFIELD h 9223372036854775807 WITHVALUES
        HRANDFIELD
        ~HRANDFIELD h
        ~HRANDFIELD h 2
        ~HRANDFIELD h 3 WITHVALUES
        ~HRANDFIELD h -7
        ~HRANDFIELD h -7 WITHVALUES
        %HRANDFIELD h 4 WITHVALUES
        %HRANDFIELD h 100
        %HRANDFIELD h 100 WITHVALUES
        """;

    private const string WrongType =
        """
        SET s x
        HSET s a 1
        HMSET s a 1
        HSETNX s a 1
        HGET s a
        HMGET s a
        HSTRLEN s a
        HEXISTS s a
        HLEN s
        HDEL s a
        HGETALL s
        HKEYS s
        HVALS s
        HINCRBY s a 1
        HINCRBY s a x
        HINCRBYFLOAT s a 1
        HINCRBYFLOAT s a x
        HRANDFIELD s
        HRANDFIELD s 1
        HSCAN s 0
        HSCAN s x
        HSET h a 1
        GET h
        INCR h
        SET h text
        GET h
        """;

    [Theory]
    [InlineData("512", "64")]
    [InlineData("0", "64")]
    [InlineData("3", "64")]
    [InlineData("512", "2")]
    public void Hashes_of_every_layout(string entriesMax, string valueSizeMax)
    {
        using Compare compare = new("--hash-max-listpack-entries", entriesMax, "--hash-max-listpack-value", valueSizeMax);
        foreach (string script in (string[])[Script, Counting, Walking, WrongType])
        {
            compare.Run(script.Split('\n'));
        }
    }

    [Fact]
    public void A_large_hash_is_walked_whole()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        for (int i = 0; i < 1_000; i++)
        {
            connection.Call($"HSET h field:{i} value:{i}");
        }
        Assert.Equal("hashtable", connection.Call("OBJECT ENCODING h").Text);
        HashSet<string> seen = [];
        string cursor = "0";
        do
        {
            Reply page = connection.Call($"HSCAN h {cursor} COUNT 50 MATCH field:*");
            cursor = page.Items[0].Text;
            for (int i = 0; i < page.Items[1].Items.Count; i += 2)
            {
                string field = page.Items[1].Items[i].Text;
                Assert.True(seen.Add(field));
                Assert.Equal(field.Replace("field", "value", StringComparison.Ordinal), page.Items[1].Items[i + 1].Text);
            }
        }
        while (cursor != "0");
        Assert.Equal(1_000, seen.Count);
        Assert.Equal(300, connection.Call("HRANDFIELD h 300").Items.Select(item => item.Text).Distinct().Count());
        Assert.Equal(900, connection.Call("HRANDFIELD h 900").Items.Select(item => item.Text).Distinct().Count());
        Assert.Equal(2_000, connection.Call("HRANDFIELD h -2000").Items.Count);
    }
}
