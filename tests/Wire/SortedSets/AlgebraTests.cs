using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>Unions, intersections and differences beside Redis.</summary>
public sealed class AlgebraTests
{
    private const string Script =
        """
        ZADD a 1 x 2 y 3 z 4 12
        ZADD b 10 y 20 z 30 w
        ZADD c inf y -inf z 5 12
        SET string text
        ZUNION 2 a b
        ZUNION 2 a b WITHSCORES
        ZUNION 2 a b WEIGHTS 2 0.5 WITHSCORES
        ZUNION 2 a b WEIGHTS 2 0.5 AGGREGATE MAX WITHSCORES
        ZUNION 2 a b AGGREGATE MIN WITHSCORES WEIGHTS 1 -1
        ZUNION 3 a c c WEIGHTS 1 1 -1 WITHSCORES
        ZUNION 1 c WEIGHTS 0 WITHSCORES
        ZUNION 2 a nokey WITHSCORES
        ZUNION 1 nokey
        ZUNION 2 a a WITHSCORES
        ZINTER 2 a b WITHSCORES
        ZINTER 2 a b WEIGHTS 2 3 AGGREGATE MIN WITHSCORES
        ZINTER 2 a c WITHSCORES
        ZINTER 2 c c WEIGHTS 1 -1 WITHSCORES
        ZINTER 3 a b nokey
        ZINTER 2 a a WITHSCORES
        ZINTER 1 a
        ZDIFF 2 a b WITHSCORES
        ZDIFF 1 a
        ZDIFF 2 a a
        ZDIFF 3 a b c
        ZDIFF 2 nokey a
        ZDIFF 2 a nokey WITHSCORES
        ZINTERCARD 2 a b
        ZINTERCARD 2 a b LIMIT 1
        ZINTERCARD 2 a b LIMIT 0
        ZINTERCARD 2 a b LIMIT 10
        ZINTERCARD 2 a nokey
        ZINTERCARD 1 a
        ZINTERCARD 2 a b LIMIT -1
        ZINTERCARD 2 a b LIMIT x
        ZINTERCARD 2 a b LIMIT
        ZINTERCARD 2 a b WEIGHTS 1 1
        SADD names x y other 12
        SADD numbers 12 13 14
        SADD long 1 2 3 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        ZUNION 3 a names numbers WITHSCORES
        ZUNION 2 names numbers WEIGHTS 2 3 WITHSCORES
        ZINTER 2 names a WITHSCORES
        ZINTER 3 a numbers names AGGREGATE MAX WITHSCORES
        ZINTER 2 long names
        ZDIFF 2 names a WITHSCORES
        ZDIFF 2 a numbers WITHSCORES
        ZINTERCARD 2 names numbers
        ZUNIONSTORE d 2 long names
        ZRANGE d 0 -1 WITHSCORES
        OBJECT ENCODING d
        ZUNIONSTORE names 1 names
        TYPE names
        ZUNIONSTORE d 2 a b
        ZRANGE d 0 -1 WITHSCORES
        ZUNIONSTORE d 2 a d WEIGHTS 1 2 AGGREGATE MAX
        ZRANGE d 0 -1 WITHSCORES
        ZINTERSTORE d 2 a b AGGREGATE MAX
        ZRANGE d 0 -1 WITHSCORES
        ZDIFFSTORE d 2 a b
        ZRANGE d 0 -1 WITHSCORES
        OBJECT ENCODING d
        EXPIRE d 100
        ZUNIONSTORE d 1 a
        @TTL d
        ZDIFFSTORE d 2 a a
        EXISTS d
        SET text x
        ZUNIONSTORE text 1 nokey
        EXISTS text
        SET text x
        ZINTERSTORE text 2 a b
        TYPE text
        ZUNION 2 a string
        ZUNION 2 string a BOGUS
        ZUNION 2 a b BOGUS
        ZUNION 0 a
        ZINTER 0 a
        ZDIFF 0 a
        ZINTERCARD 0 a
        ZUNIONSTORE d 0 a
        ZINTERSTORE d 0 a
        ZDIFFSTORE d 0 a
        ZUNION x a
        ZUNION 3 a b
        ZUNION 2 a b WEIGHTS 1
        ZUNION 2 a b WEIGHTS 1 x
        ZUNION 2 a b WEIGHTS 1 nan
        ZUNION 2 a b AGGREGATE
        ZUNION 2 a b AGGREGATE AVG
        ZUNIONSTORE d 2 a b WITHSCORES
        ZDIFF 2 a b WEIGHTS 1 1
        ZDIFF 2 a b AGGREGATE SUM
        ZDIFFSTORE d 2 a b WITHSCORES
        ZUNION 1
        ZUNIONSTORE d 1
        ZINTER 1
        ZINTERSTORE d 1
        ZDIFF 1
        ZDIFFSTORE d 1
        ZINTERCARD 1
        """;

    [Theory]
    [InlineData("128")]
    [InlineData("0")]
    public void Same_replies(string entriesMax)
    {
        using Compare compare = new("--zset-max-listpack-entries", entriesMax);
        compare.Run(Script.Split('\n'));
    }

    [Fact]
    public void Large_results() => Compare.SameReplies(Large());

    /// <summary>Aggregation by number of inputs is newer than the Redis to be had for comparison.</summary>
    [Fact]
    public void Counting() => Expect.Replies(
        """
        ZADD a 1 x 2 y inf z => :3
        ZADD b 10 y -inf z 30 w => :3
        ZUNION 2 a b AGGREGATE COUNT WITHSCORES => *["w", "1", "x", "1", "y", "2", "z", "2"]
        ZINTER 2 a b WEIGHTS 2 3 AGGREGATE COUNT WITHSCORES => *["y", "5", "z", "5"]
        ZUNIONSTORE d 3 a b a AGGREGATE count WEIGHTS 1 2 4 => :4
        ZRANGE d 0 -1 WITHSCORES => *["w", "2", "x", "5", "y", "7", "z", "7"]
        ZINTERSTORE d 1 a AGGREGATE COUNT => :3
        ZSCORE d z => "1"
        """);

    private static IEnumerable<string> Large()
    {
        for (int i = 0; i < 300; i++)
        {
            yield return $"ZADD a {i % 7} m{i}";
        }
        for (int i = 150; i < 450; i++)
        {
            yield return $"ZADD b {i % 5} m{i}";
        }
        foreach (string name in (string[])["ZUNION", "ZINTER", "ZDIFF"])
        {
            yield return $"{name} 2 a b WITHSCORES";
            yield return $"{name}STORE d 2 a b";
            yield return "ZRANGE d 0 -1 WITHSCORES";
            yield return "OBJECT ENCODING d";
            yield return "ZRANK d m200";
        }
    }
}
