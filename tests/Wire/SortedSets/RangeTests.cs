using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>Ranges by rank, score and member beside Redis, in small sorted sets and in large ones.</summary>
public sealed class RangeTests
{
    private static readonly string[] s_ranks =
        ["0 -1", "0 0", "1 2", "-2 -1", "-100 100", "3 1", "5 9", "9 9", "-1 0", "2 -2", "x 1", "1 x", "0"];

    private static readonly string[] s_scores =
    [
        "-inf +inf", "2 4", "(2 4", "2 (4", "(2 (4", "4 2", "2.5 inf", "(inf inf", "-inf (-inf", "0 0", "\"\" 5", "( 5", "\" 3\" 5",
        "x 1", "1 x", "nan 1", "((1 2", "1e400 2e400", "-1e400 3", "1 2abc", "0x1 0x4",
    ];

    private static readonly string[] s_members =
    [
        "- +", "+ -", "- -", "+ +", "[b [d", "(b [d", "[b (d", "(b (d", "[d [b", "- [c", "(c +", "[ +", "( [zz", "[bb (zzz", "b d", "[b d",
        "\"\" +", "-- +", "[a (a", "[a [a",
    ];

    private static readonly string[] s_limits = ["", " LIMIT 0 2", " LIMIT 1 -1", " LIMIT 2 1", " LIMIT -1 2", " LIMIT 9 2", " LIMIT 1 0"];

    [Theory]
    [InlineData("128")]
    [InlineData("0")]
    public void Same_replies(string entriesMax)
    {
        using Compare compare = new("--zset-max-listpack-entries", entriesMax);
        compare.Run([.. Setup(), .. ByRank(), .. ByScore(), .. ByMember(), .. Removing(), .. Storing(), .. Mistakes()]);
    }

    private static IEnumerable<string> Setup() =>
    [
        "ZADD s 1 a 2 b 3 c 3 cc 4 d 5.5 e 7 f",
        "ZADD l 0 a 0 b 0 bb 0 c 0 d 0 \"\" 0 10 0 9 0 zzz",
        "SET string text",
    ];

    private static IEnumerable<string> ByRank()
    {
        foreach (string range in s_ranks)
        {
            yield return $"ZRANGE s {range}";
            yield return $"ZRANGE s {range} WITHSCORES";
            yield return $"ZRANGE s {range} REV";
            yield return $"ZRANGE s {range} rev withscores";
            yield return $"ZREVRANGE s {range}";
            yield return $"ZREVRANGE s {range} WITHSCORES";
        }
        foreach (string member in (string[])["a", "cc", "f", "nothing"])
        {
            yield return $"ZRANK s {member}";
            yield return $"ZREVRANK s {member}";
            yield return $"ZRANK nokey {member}";
        }
    }

    private static IEnumerable<string> ByScore()
    {
        foreach (string range in s_scores)
        {
            yield return $"ZCOUNT s {range}";
            foreach (string limit in s_limits)
            {
                yield return $"ZRANGEBYSCORE s {range}{limit}";
                yield return $"ZREVRANGEBYSCORE s {range} WITHSCORES{limit}";
                yield return $"ZRANGE s {range} BYSCORE WITHSCORES{limit}";
                yield return $"ZRANGE s {range} BYSCORE REV{limit}";
            }
        }
    }

    private static IEnumerable<string> ByMember()
    {
        foreach (string range in s_members)
        {
            yield return $"ZLEXCOUNT l {range}";
            foreach (string limit in s_limits)
            {
                yield return $"ZRANGEBYLEX l {range}{limit}";
                yield return $"ZREVRANGEBYLEX l {range}{limit}";
                yield return $"ZRANGE l {range} BYLEX{limit}";
                yield return $"ZRANGE l {range} BYLEX REV{limit}";
            }
        }
    }

    private static IEnumerable<string> Removing()
    {
        foreach (string range in s_ranks)
        {
            yield return "ZRANGESTORE r s 0 -1";
            yield return $"ZREMRANGEBYRANK r {range}";
            yield return "ZRANGE r 0 -1";
        }
        foreach (string range in s_scores)
        {
            yield return "ZRANGESTORE r s 0 -1";
            yield return $"ZREMRANGEBYSCORE r {range}";
            yield return "ZRANGE r 0 -1";
        }
        foreach (string range in s_members)
        {
            yield return "ZRANGESTORE r l 0 -1";
            yield return $"ZREMRANGEBYLEX r {range}";
            yield return "ZRANGE r 0 -1";
        }
        yield return "ZREMRANGEBYRANK nokey 0 1";
        yield return "ZREMRANGEBYSCORE string 0 1";
        yield return "ZREMRANGEBYLEX string - +";
    }

    private static IEnumerable<string> Storing() =>
    [
        "ZRANGESTORE d s 1 3",
        "ZRANGE d 0 -1 WITHSCORES",
        "ZRANGESTORE d s 1 3 REV",
        "ZRANGE d 0 -1 WITHSCORES",
        "ZRANGESTORE d s 2 (4 BYSCORE LIMIT 1 5",
        "ZRANGE d 0 -1 WITHSCORES",
        "ZRANGESTORE d s 5 2 BYSCORE REV LIMIT 0 2",
        "ZRANGE d 0 -1 WITHSCORES",
        "ZRANGESTORE d l [b (d BYLEX",
        "ZRANGE d 0 -1 WITHSCORES",
        "EXPIRE d 100",
        "ZRANGESTORE d d 0 0",
        "@TTL d",
        "ZRANGESTORE string s 0 1",
        "TYPE string",
        "ZRANGESTORE string s 9 12",
        "EXISTS string",
        "ZRANGESTORE d nokey 0 -1",
        "EXISTS d",
        "SET string text",
        "ZRANGESTORE d string 0 -1",
        "ZRANGESTORE d s 0 -1 WITHSCORES",
        "ZRANGESTORE d s 0 -1 LIMIT 1 1",
        "ZRANGESTORE d s x 1",
    ];

    private static IEnumerable<string> Mistakes() =>
    [
        "ZRANGE nokey 0 -1",
        "ZRANGE nokey 0 -1 WITHSCORES",
        "ZRANGE string 0 -1",
        "ZRANGE string x -1",
        "ZRANGEBYSCORE string 0 1",
        "ZRANGE s 0 -1 LIMIT 1 2",
        "ZRANGE s 0 -1 LIMIT 1 -1",
        "ZRANGE s 0 -1 LIMIT 1",
        "ZRANGE s 0 -1 LIMIT x 1",
        "ZRANGE s 0 -1 LIMIT 1 x",
        "ZRANGE l - + BYLEX WITHSCORES",
        "ZRANGEBYLEX l - + WITHSCORES",
        "ZRANGE s 0 -1 BYSCORE BYLEX",
        "ZRANGE s 0 -1 BYSCORE BYSCORE",
        "ZRANGE s 0 -1 REV REV",
        "ZREVRANGE s 0 -1 REV",
        "ZREVRANGE s 0 -1 LIMIT 0 1",
        "ZRANGEBYSCORE s 0 1 BYSCORE",
        "ZRANGEBYSCORE s 0 1 WITHSCORES WITHSCORES LIMIT 0 1 LIMIT 0 -1",
        "ZRANGE s 0 -1 NOPE",
        "ZRANGE s 0",
        "ZRANGEBYSCORE s 0",
        "ZRANGEBYLEX s -",
        "ZREVRANGEBYSCORE s 0",
        "ZREVRANGEBYLEX s +",
        "ZCOUNT s 0",
        "ZLEXCOUNT s -",
        "ZRANGESTORE d s 0",
    ];
}
