using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>Adding, changing and removing members beside Redis, in small sorted sets and in large ones.</summary>
public sealed class AddingTests
{
    private const string Script =
        """
        ZADD z 1 a
        ZADD z 1 a
        ZADD z 2 a 3 b -1.5 c
        ZADD z 2.5 a 3 b
        ZADD z CH 2 a 3 b 7 d
        ZADD z NX 9 a 9 e
        ZADD z XX 10 a 10 f
        ZADD z XX CH 11 a 10 f
        ZADD z GT 5 a
        ZADD z GT CH 20 a
        ZADD z LT CH 30 a
        ZADD z LT CH 20 a
        ZADD z GT CH 1 g
        ZADD z INCR 5 a
        ZADD z INCR 5 new
        ZADD z NX INCR 5 a
        ZADD z XX INCR 5 missing
        ZADD z GT INCR -5 a
        ZADD z LT INCR -5 a
        ZADD z LT INCR 0 a
        ZADD z INCR 0 a
        ZADD z XX GT CH INCR 5 a
        ZADD z inf p -inf m +inf q Infinity r -INFINITY s
        ZADD z INCR -inf p
        ZINCRBY z +inf m
        ZADD z INCR inf p
        ZRANGE z 0 -1 WITHSCORES
        ZREVRANGE z 0 -1 WITHSCORES
        ZCARD z
        ZADD z nx xx 1 a
        ZADD z nx gt 1 a
        ZADD z lt nx 1 a
        ZADD z lt gt 1 a
        ZADD z incr 1 a 2 b
        ZADD z 1 a 2
        ZADD z 1
        ZADD z nx
        ZADD z nx ch
        ZADD z one a
        ZADD z 1 a two b
        ZADD z nan a
        ZADD z "" a
        ZADD z " 1" a
        ZADD z "1 " a
        ZADD z 1e400 a
        ZADD z 0x10 hex 1e3 exp 1.0 int
        ZADD z 3.125e-2 x
        ZADD z 9007199254740993 big -1e20 small
        ZMSCORE z hex exp int big small nothing
        ZADD none XX 1 a
        EXISTS none
        ZADD none XX INCR 1 a
        ZINCRBY none 5 a
        ZINCRBY none -5.25 a
        ZINCRBY none nope a
        ZINCRBY none 1 a b
        ZSCORE none a
        ZSCORE none b
        ZSCORE nokey b
        ZREM none a
        EXISTS none
        ZADD z 1 ""
        ZADD z 5 12345 6 -7 7 00 8 9223372036854775807 9 9223372036854775808
        ZREM z 12345 -7 nothing
        ZREM z "" ""
        ZREM nokey a
        ZREM z
        ZRANGE z 0 -1 WITHSCORES
        OBJECT ENCODING z
        SET s text
        ZADD s 1 a
        ZADD s one a
        ZINCRBY s 1 a
        ZREM s a
        ZSCORE s a
        ZMSCORE s a
        ZCARD s
        ZRANK s a
        ZREVRANK s a
        ZCOUNT s 0 1
        ZLEXCOUNT s - +
        ZADD
        ZADD z
        ZSCORE z
        ZMSCORE z
        ZMSCORE nokey a b
        ZCARD
        ZCARD nokey
        ZADD neg -0 a
        ZSCORE neg a
        ZADD neg 0 a
        ZRANGE neg 0 -1 WITHSCORES
        """;

    [Fact]
    public void Small() => Compare.SameReplies(Script);

    [Fact]
    public void Large()
    {
        using Compare compare = new("--zset-max-listpack-entries", "0");
        compare.Run(Script.Split('\n'));
    }

    [Fact]
    public void A_set_becomes_large_when_it_grows_or_a_member_is_long() => Compare.SameReplies(Growth());

    private static IEnumerable<string> Growth()
    {
        for (int i = 0; i < 135; i++)
        {
            yield return $"ZADD grown {i * 37 % 135} member:{i}";
            yield return "OBJECT ENCODING grown";
        }
        yield return "ZRANGE grown 0 -1 WITHSCORES";
        string longest = new('x', 64);
        yield return $"ZADD short 1 {longest}";
        yield return "OBJECT ENCODING short";
        yield return $"ZADD short 1 {longest}y";
        yield return "OBJECT ENCODING short";
        yield return $"ZADD long 1 {longest}y";
        yield return "OBJECT ENCODING long";
        yield return $"ZADD long 1 {new string('z', 300)} 1 {new string('y', 20_000)} 2 z";
        yield return "ZRANGE long 0 -1 WITHSCORES";
        yield return $"ZREM long {new string('y', 20_000)}";
        yield return "ZRANGE long 0 -1 WITHSCORES";
        yield return "ZREMRANGEBYRANK grown 0 -3";
        yield return "OBJECT ENCODING grown";
        yield return "ZRANGE grown 0 -1 WITHSCORES";
        yield return "COPY grown copy";
        yield return "ZADD copy 100 another";
        yield return "ZRANGE grown 0 -1";
        yield return "ZRANGE copy 0 -1";
    }
}
