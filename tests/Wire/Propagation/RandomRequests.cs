using System.Globalization;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Propagation;

/// <summary>
/// Random requests that change few keys of every type, in every way. A template's word in braces stands for a random one: {v} a value,
/// {n} a number, {f} a fraction, {c} a count, {later} and {soon} seconds and milliseconds, {at} a time in milliseconds, {payload} what
/// RESTORE takes; any other letter with a digit behind it for a key of the type that the letter says.
/// </summary>
/// <param name="random">Chooses.</param>
/// <param name="isForRedis7">Nothing that Redis 7.0 does not know, but groups, scripts and messages besides.</param>
/// <param name="more">Templates that come besides.</param>
internal sealed partial class RandomRequests(Random random, bool isForRedis7 = false, params string[] more)
{
    private const int KeyCount = 4;
    private const int BatchSize = 50;

    /// <summary>Beginnings of templates that Redis 7.0 does not know.</summary>
    private static readonly string[] s_newer =
        ["MSETEX", "INCREX", "DELEX", "LMOVEM", "HEXPIRE", "HPEXPIRE", "HPERSIST", "HGETEX", "HGETDEL", "HSETEX"];

    private static readonly string[] s_templates =
    [
        "SET s1 {v}", "SET s1 {v} EX {later}", "SET s1 {v} PX {soon} GET", "SET s1 {n} XX KEEPTTL GET", "SET s1 {n} PXAT {at}",
        "SETEX s1 {later} {n}", "PSETEX s1 {soon} {v}", "SETNX s1 {n}", "GETSET s1 {v}", "GETDEL s1", "GETEX s1 EX {later}",
        "GETEX s1 PX {soon}", "GETEX s1 PERSIST", "GETEX s1 PXAT {at}", "MSET s1 {v} s2 {n}", "MSETNX s1 {v} s2 {n}", "APPEND s1 {v}",
        "MSETEX 2 s1 {v} s2 {n} EX {later}", "SETRANGE s1 {c} {v}", "INCR s1", "INCRBY s1 {n}", "INCRBYFLOAT s1 {f}", "SET s1 {f}",
        "INCREX s1 BYINT {c} UBOUND 50 SATURATE EX {later} ENX", "DELEX s1 IFEQ {c}", "SETBIT s1 {c} 1", "BITOP XOR s1 s2 s3",
        "BITFIELD s1 SET u8 {c} {c} INCRBY i16 {c} {n}", "PFADD p1 {v} {n}", "PFCOUNT p1", "PFMERGE p1 p2 p3",
        "RPUSH l1 {v} {n} {v}", "LPUSH l1 {v}", "LPOP l1", "RPOP l1 {c}", "LMPOP 2 l1 l2 LEFT COUNT {c}", "BLPOP l1 l2 0.001",
        "BRPOP l1 0.001", "BLMPOP 0.001 2 l1 l2 RIGHT COUNT {c}", "LMOVE l1 l2 LEFT RIGHT", "BLMOVE l1 l2 RIGHT LEFT 0.001",
        "RPOPLPUSH l1 l2", "BRPOPLPUSH l1 l2 0.001", "LSET l1 0 {v}", "LINSERT l1 BEFORE {n} {v}", "LREM l1 0 {n}", "LTRIM l1 {c} 40",
        "LMOVEM l1 l2 LEFT RIGHT COUNT {c} OBO", "SORT l1 ALPHA STORE l2", "SORT e1 BY nosort ALPHA STORE l1",
        "SADD e1 {v} {n} {v}", "SADD e1 {n} {n} {n}", "SREM e1 {v} {n}", "SPOP e1", "SPOP e1 {c}", "SMOVE e1 e2 {n}",
        "SUNIONSTORE e1 e2 e3", "SINTERSTORE e1 e2 e3", "SDIFFSTORE e1 e2 e3", "SADD e1 {v}{v} {v}{v}{v}",
        "ZADD z1 {f} {v} {n} {v}", "ZADD z1 GT CH {f} {v}", "ZADD z1 INCR {f} {v}", "ZINCRBY z1 {f} {v}", "ZREM z1 {v}", "ZPOPMIN z1",
        "ZPOPMAX z1 {c}", "ZMPOP 2 z1 z2 MIN COUNT {c}", "BZPOPMIN z1 z2 0.001", "BZMPOP 0.001 2 z1 z2 MAX COUNT {c}",
        "ZREMRANGEBYRANK z1 {c} 30", "ZREMRANGEBYSCORE z1 {n} {n}", "ZUNIONSTORE z1 2 z2 z3", "ZINTERSTORE z1 2 z2 z3",
        "ZRANGESTORE z1 z2 0 {c}", "GEOADD z1 {c}.5 {c}.25 {v}", "GEOSEARCHSTORE z1 z2 FROMLONLAT 15 15 BYRADIUS 2000 km",
        "GEORADIUS z1 15 15 1500 km STORE z2",
        "HSET h1 {v} {v} {n} {n}", "HSETNX h1 {v} {v}", "HDEL h1 {v} {n}", "HINCRBY h1 {c} {n}", "HINCRBYFLOAT h1 {c} {f}",
        "HEXPIRE h1 {later} FIELDS 2 {v} {c}", "HPEXPIRE h1 {soon} FIELDS 2 {n} {c}", "HPEXPIREAT h1 {at} FIELDS 2 {v} {c}",
        "HEXPIRE h1 {later} GT FIELDS 2 {v} {c}", "HPERSIST h1 FIELDS 2 {v} {c}", "HGETEX h1 PX {soon} FIELDS 2 {v} {c}",
        "HGETEX h1 EX {later} FIELDS 1 {v}", "HGETEX h1 PERSIST FIELDS 1 {v}", "HGETDEL h1 FIELDS 2 {v} {n}",
        "HSETEX h1 EX {later} FIELDS 2 {v} {v} {c} {n}", "HSETEX h1 FNX PX {soon} FIELDS 1 {v} {v}",
        "HSETEX h1 KEEPTTL FIELDS 1 {v} {v}", "HSETEX h1 PXAT {at} FIELDS 1 {v} {v}", "HSET h1 {v} {v}{v}{v}{v}{v}{v}{v}{v}{v}{v}{v}",
        "XADD x1 * {v} {v}", "XADD x1 MAXLEN ~ 3 * {v} {v}", "XTRIM x1 MAXLEN {c}", "XADD x1 NOMKSTREAM * a b",
        "EXPIRE a1 {later}", "PEXPIRE a1 {soon}", "PEXPIREAT a1 {at}", "EXPIRE a1 {later} NX", "EXPIRE a1 {later} GT", "PERSIST a1",
        "EXPIRE a1 -1", "DEL a1 a2", "UNLINK a1", "RENAME s1 s2", "RENAMENX h1 h2", "COPY s1 s2 REPLACE", "COPY h1 h2 DB 2 REPLACE",
        "MOVE a1 1", "RESTORE s1 {later}000 {payload} REPLACE", "RESTORE s1 {at} {payload} REPLACE ABSTTL", "RESTORE s1 0 {payload}",
        "EXISTS a1 a2 a3", "TTL a1", "SCAN 0", "SELECT 0", "SELECT 1", "SELECT 2",
    ];

    /// <summary>What is not told as it was sent, besides: consumer groups, scripts, messages.</summary>
    private static readonly string[] s_groupsAndScripts =
    [
        "XGROUP CREATE x1 group 0 MKSTREAM", "XGROUP CREATE x1 other $ MKSTREAM", "XGROUP DESTROY x1 other",
        "XGROUP CREATECONSUMER x1 group con{c}", "XGROUP DELCONSUMER x1 group con{c}", "XGROUP SETID x1 group 0",
        "XREADGROUP GROUP group con{c} COUNT {c} STREAMS x1 >", "XREADGROUP GROUP group con{c} NOACK COUNT {c} STREAMS x1 >",
        "XREADGROUP GROUP other con{c} COUNT {c} STREAMS x1 >", "XAUTOCLAIM x1 group con{c} 0 0 COUNT {c}",
        "XAUTOCLAIM x1 other con{c} 0 - COUNT {c} JUSTID", "XADD x1 * {v} {v} {n} {n}", "XADD x1 * {v} {v}", "XSETID x1 9999999999999-1",
        "EVAL \"redis.call('incr', KEYS[1]) redis.call('rpush', KEYS[2], ARGV[1]) return redis.call('time')\" 2 s1 l1 {v}",
        "EVAL \"return redis.call('spop', KEYS[1])\" 1 e1", "EVAL \"redis.call('select', 2) return redis.call('set', KEYS[1], 'x')\" 1 s1",
        "EVAL \"for i = 1, 3 do redis.call('zadd', KEYS[1], i, ARGV[i]) end\" 1 z1 {v} {n} {v}", "PUBLISH channel {v}",
        "EVAL \"redis.call('set', KEYS[1], 1, 'px', 3) return redis.call('get', KEYS[2])\" 2 s1 s2",
    ];

    private static readonly string[] s_rewritten =
    [
        "MSETEX 2 s1 {v} s2 {n} EX {later}", "MSETEX 2 s1 {v} s2 {n} NX", "MSETEX 2 s1 {v} s2 {n} XX KEEPTTL", "SET s1 {n} IFEQ {n}",
        "SET s1 {v} IFNE {v} GET KEEPTTL", "SET s1 {n} IFNE {v} PX {soon}", "DELEX s1 IFEQ {c}", "DELEX a1", "DELIFEQ s1 {n}",
        "INCREX s1 BYINT {c} UBOUND 50 SATURATE EX {later} ENX", "LMOVEM l1 l2 LEFT RIGHT COUNT {c} OBO",
        "LMOVEM l1 l2 RIGHT RIGHT COUNT {c} BULK", "BLMOVEM l1 l2 LEFT LEFT 0.001 COUNT {c} OBO", "HGETDEL h1 FIELDS 2 {v} {n}",
        "HSETEX h1 FNX FIELDS 2 {v} {v} {c} {n}", "HSETEX h1 KEEPTTL FIELDS 1 {v} {v}", "XADD x1 DELREF MAXLEN {c} * {v} {v}",
        "XADD x1 KEEPREF MAXLEN ~ {c} * {v} {v}", "XADD x1 ACKED MAXLEN {c} * {v} {v}", "XTRIM x1 MAXLEN {c} ACKED",
        "XTRIM x1 MAXLEN ~ {c} DELREF",
        "EVAL \"local e = redis.call('xrange', KEYS[1], '-', '+', 'count', ARGV[1]) if e[1] then "
            + "return redis.call('xdelex', KEYS[1], 'delref', 'ids', 1, e[#e][1]) end\" 1 x1 {c}",
        "EVAL \"local e = redis.call('xrange', KEYS[1], '-', '+', 'count', ARGV[1]) if e[1] then "
            + "return redis.call('xackdel', KEYS[1], 'group', 'acked', 'ids', 2, e[1][1], e[#e][1]) end\" 1 x1 {c}",
    ];

    private static readonly string[] s_rareTemplates = ["SWAPDB 0 1", "FLUSHDB", "SWAPDB 2 1", "FLUSHALL"];

    private readonly string[] _templates = !isForRedis7
        ? [.. s_templates, .. more]
        :
        [
            .. s_templates.Where(static template => !s_newer.Any(name => template.StartsWith(name, StringComparison.Ordinal))),
            .. s_groupsAndScripts, .. more,
        ];

    /// <summary>Consumer groups, scripts and messages, for those who want them without what Redis 7.0 has.</summary>
    public static IReadOnlyList<string> GroupsAndScripts => s_groupsAndScripts;

    /// <summary>What Redis 7.0 does not know, and is told in other words.</summary>
    public static IReadOnlyList<string> Rewritten => s_rewritten;

    private static string KeyTypes => "splezhx";

    /// <summary>The next request: of a hundred about three begin or end a transaction, and few remove everything.</summary>
    public string Next()
    {
        int choice = random.Next(1000);
        if (choice < 15)
        {
            return "MULTI";
        }
        if (choice < 35)
        {
            return "EXEC";
        }
        string[] templates = choice < 37 ? s_rareTemplates : _templates;
        return Hole().Replace(templates[random.Next(templates.Length)], match => Word(match.Value));
    }

    /// <summary>Several clients in turns: each sends some requests at once and reads their replies.</summary>
    public void Play(Func<RespConnection> connect, int clientCount, int requestCount)
    {
        RespConnection[] clients = [.. Enumerable.Range(0, clientCount).Select(_ => connect())];
        for (int sent = 0; sent < requestCount; sent += BatchSize * clientCount)
        {
            foreach (RespConnection client in clients)
            {
                client.Send([.. Enumerable.Range(0, BatchSize).SelectMany(_ => CommandLine.Encode(Next()))]);
            }
            foreach (RespConnection client in clients)
            {
                for (int i = 0; i < BatchSize; i++)
                {
                    client.Read();
                }
            }
        }

        foreach (RespConnection client in clients)
        {
            client.Dispose();
        }
    }

    [GeneratedRegex(@"\{\w+\}|(?<= )[a-z]\d(?= |$)")]
    private static partial Regex Hole();

    private string Word(string hole) => hole switch
    {
        "{v}" => $"word{random.Next(12)}",
        "{n}" => Number(-20, 100),
        "{c}" => Number(1, 8),
        "{f}" => (random.Next(-2000, 2000) / 16.0).ToString(CultureInfo.InvariantCulture),
        "{later}" => Number(5000, 9000),
        "{soon}" => Number(1, 12),
        "{at}" => random.Next(3) == 0 ? "1000" : $"99999999{random.Next(10000, 99999)}",
        "{payload}" => "\"\\x00\\xc0\\x01\\n\\x00&x\\xe7\\xb6\\xd1\\x01\\x11\\xfc\"",
        _ => Key(hole[0] == 'a' ? KeyTypes[random.Next(KeyTypes.Length)] : hole[0]),
    };

    private string Key(char type) => $"{type}{random.Next(KeyCount)}";

    private string Number(int min, int max) => random.Next(min, max).ToString(CultureInfo.InvariantCulture);
}
