using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>
/// Every numeric argument of every command, in every odd spelling: what Redis takes as a number is a number, what it refuses is refused
/// with the same error, and the keys are the same afterwards. The question mark stands for the number. Left out are spellings for which
/// Redis 7.0 depends on an overflow of C, prints doubles differently from later releases, or walks its own hash order.
/// </summary>
public sealed class NumberSpellingTests
{
    private static readonly string[] s_spellings =
    [
        "1", "0", "2", " 1", "1 ", "+1", "01", "-0", "-1", "1.0", "0x1", "0x10", "1e0", "1e3", "", " ", "-", "+", "--1", "+-1", "000", "1a",
        "a", "1-1", "\\t1", "\\n01", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "99999999999999999999999",
    ];

    private static readonly string[] s_setup =
    [
        "FLUSHALL", "RPUSH l a b a c a", "SADD s a b c", "HSET h f 5 g 6", "ZADD z 1 a 2 b 3 c", "SET k 10", "SET t abcdef", "SET bits abc",
        "XADD x 5-1 a 1", "XADD x 6-1 a 2", "XGROUP CREATE x g 0",
    ];

    private static readonly string[] s_after =
    [
        "EXISTS k e t2 bb", "LRANGE l 0 -1", "ZRANGE z 0 -1 WITHSCORES", "HGET h f", "HGET h new", "GET k", "STRLEN t2", "SCARD s",
        "XRANGE x - +", "XRANGE xa - +", "SELECT 0",
    ];

    [Fact]
    public void Lists_and_sets() => Same(
        "LREM l ? a", "LPOS l a RANK ?", "LPOS l a COUNT ?", "LPOS l a MAXLEN ?", "LRANGE l ? 2", "LRANGE l 0 ?", "LINDEX l ?",
        "LSET l ? v", "LTRIM l ? 3", "LTRIM l 0 ?", "LPOP l ?", "RPOP l ?", "LMPOP ? l LEFT", "LMPOP 1 l LEFT COUNT ?",
        "BLMPOP 0.01 1 l LEFT COUNT ?", "SORT l LIMIT ? 1 ALPHA", "SORT l LIMIT 0 ? ALPHA", "SINTERCARD ? s",
        "SINTERCARD 1 s LIMIT ?", "SRANDMEMBER nokey ?", "SPOP nokey ?", "SSCAN nokey ?", "HSCAN h ?", "ZSCAN z ?",
        "HSCAN h 0 COUNT ?");

    [Fact]
    public void Hashes_and_sorted_sets() => Same(
        "HINCRBY h f ?", "HINCRBY h new ?", "HRANDFIELD nokey ?", "HRANDFIELD nokey ? WITHVALUES", "ZRANDMEMBER nokey ?",
        "ZRANGE z ? 1", "ZRANGE z 0 ?", "ZREVRANGE z ? 1", "ZRANGEBYSCORE z ? 3", "ZRANGEBYSCORE z (? 3", "ZCOUNT z 0 ?",
        "ZRANGEBYSCORE z 0 5 LIMIT ? 1", "ZRANGEBYSCORE z 0 5 LIMIT 0 ?", "ZRANGEBYLEX z - + LIMIT ? 1", "ZREMRANGEBYRANK z ? 1",
        "ZREMRANGEBYSCORE z ? 1", "ZPOPMIN z ?", "ZMPOP ? z MIN", "ZMPOP 1 z MIN COUNT ?", "BZMPOP 0.01 1 z MIN COUNT ?",
        "ZUNION ? z", "ZUNIONSTORE d ? z", "ZINTERCARD ? z", "ZINTERCARD 1 z LIMIT ?", "ZDIFF ? z", "ZRANGESTORE d z ? 1");

    [Fact]
    public void Strings_and_keys() => Same(
        "INCRBY k ?", "DECRBY k ?", "GETRANGE t ? 3", "GETRANGE t 0 ?", "SETRANGE t2 ? x", "SETBIT bb 1 ?", "GETBIT bits ?",
        "BITCOUNT bits ? 1", "BITCOUNT bits 0 ?", "BITPOS bits ?", "BITPOS bits 1 ?", "BITPOS bits 1 0 ?", "BITFIELD bits GET u8 ?",
        "BITFIELD bits SET u8 0 ?", "BITFIELD bits GET u? 0", "BITFIELD bits INCRBY u8 0 ?", "SELECT ?", "MOVE k ?", "COPY k k2 DB ?",
        "SWAPDB 0 ?", "LCS t k MINMATCHLEN ? IDX", "OBJECT FREQ ?", "CLIENT UNBLOCK ?", "CLIENT PAUSE ? BOGUS", "CLIENT NO-EVICT ?",
        "WAIT ? 1");

    /// <summary>What is left after them depends on the time, so only the replies are compared.</summary>
    [Fact]
    public void Times() => Compare.SameReplies(
        Lines(
            ["SETEX e ? v", "PSETEX e ? v", "SET e v EX ?", "SET e v PX ?", "EXPIRE k ?", "PEXPIRE k ?", "GETEX t EX ?"],
            ["FLUSHALL", "RPUSH l a b", "SET k 10", "SET t abcdef"],
            []));

    [Fact]
    public void Streams() => Same(
        "XADD xa ? f v", "XADD xa ?-1 f v", "XADD xa 1-? f v", "XADD xa ?-* f v", "XADD xa MAXLEN ? 1-1 f v",
        "XADD xa MAXLEN ~ 10 LIMIT ? 1-1 f v", "XADD xa MINID ? 1-1 f v", "XTRIM x MAXLEN ?", "XTRIM x MINID ?", "XRANGE x ? +",
        "XRANGE x - ?", "XRANGE x (? +", "XRANGE x - + COUNT ?", "XREAD COUNT ? STREAMS x 0", "XDEL x ?", "XACK x g ?",
        "XGROUP CREATE x g2 ?", "XGROUP SETID x g ?", "XGROUP CREATE x g3 0 ENTRIESREAD ?", "XSETID x ?",
        "XSETID x 9-9 ENTRIESADDED ? MAXDELETEDID 0-1", "XPENDING x g - + ?", "XPENDING x g IDLE ? - + 10",
        "XCLAIM x g c ? 5-1 JUSTID", "XCLAIM x g c 0 5-1 RETRYCOUNT ? JUSTID", "XAUTOCLAIM x g c ? 0 JUSTID",
        "XAUTOCLAIM x g c 0 0 COUNT ? JUSTID", "XINFO STREAM nokey FULL COUNT ?");

    [Fact]
    public void Beyond_64_bits() => Compare.SameReplies(
        """
        XADD s -9223372036854775809-* f v
        XADD s -18446744073709551615-* f v
        XADD s -0-* f v
        XADD s 18446744073709551616-* f v
        HSET h f 5
        HSCAN h 18446744073709551615
        HSCAN h 18446744073709551616
        HSCAN h -18446744073709551615
        HSCAN h -18446744073709551616
        HSCAN h 00018446744073709551615
        RPUSH l a a
        LREM l 9223372036854775808 a
        LPOS l a RANK -9223372036854775809
        LPOS l a RANK -9223372036854775807
        CONFIG SET maxmemory 18446744073709551615
        CONFIG GET maxmemory
        SET k v
        CONFIG SET maxmemory 9223372036854775808
        CONFIG GET maxmemory
        CONFIG SET maxmemory 0
        """);

    [Theory]
    [InlineData(128)]
    [InlineData(0)]
    public void The_sign_of_a_zero_score(int listpackEntriesMax) => Compare.SameReplies(
        $"""
        CONFIG SET zset-max-listpack-entries {listpackEntriesMax}
        ZADD z -0 a 0 b -0.0 c -0.0e5 d
        ZRANGE z 0 -1 WITHSCORES
        ZSCORE z a
        ZMSCORE z a b c d
        ZINCRBY z 0 a
        ZINCRBY z -0 c
        ZINCRBY z -0 new
        ZADD z CH 0 c
        ZADD z CH -0 b
        ZADD z GT CH 0 a
        ZADD z INCR -0 newer
        ZRANGE z 0 -1 WITHSCORES
        ZUNIONSTORE d 1 z WEIGHTS -1
        ZRANGE d 0 -1 WITHSCORES
        ZINTER 2 z d WITHSCORES
        ZUNION 2 z d AGGREGATE MIN WITHSCORES
        ZRANGEBYSCORE z -0 0 WITHSCORES
        DUMP z
        DEBUG RELOAD
        ZRANGE z 0 -1 WITHSCORES
        COPY z y
        CONFIG SET zset-max-listpack-entries 0
        ZADD y 1 k
        ZRANGE y 0 -1 WITHSCORES
        GEOADD g -0 -0 p
        GEOPOS g p
        INCRBYFLOAT f -0
        HINCRBYFLOAT h f -0
        ZPOPMIN z
        """);

    private static void Same(params string[] commands) => Compare.SameReplies(Lines(commands, s_setup, s_after));

    private static IEnumerable<string> Lines(string[] commands, string[] setup, string[] after) =>
        commands.SelectMany(command => s_spellings.SelectMany(spelling => (string[])
            [.. setup.Select(line => "!" + line), Spelled(command, spelling), .. after]));

    private static string Spelled(string command, string spelling) => string.Join(
        ' ',
        command.Split(' ').Select(word =>
            word.Contains('?', StringComparison.Ordinal) ? $"\"{word.Replace("?", spelling, StringComparison.Ordinal)}\"" : word));
}
