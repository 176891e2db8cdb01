using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>
/// Random writes of every kind, so that whatever runs again must come to the same content. The first letter of a key says what it holds:
/// <c>s</c> strings, <c>t</c> strings with a deadline far off, <c>e</c> strings that expire soon, <c>b</c> bits, <c>h</c> hashes, <c>l</c>
/// lists, <c>S</c> sets, <c>z</c> sorted sets, <c>g</c> places, <c>p</c> counts, <c>x</c> streams; <c>R</c> and <c>X</c> hold what the
/// server chose by chance or by its clock, of which only the count can be foretold.
/// </summary>
internal sealed class WriteMix
{
    /// <summary>Requests of one operation, separated by semicolons; <c>%</c> and a letter stand for something random.</summary>
    private static readonly string[] s_templates =
    [
        "SET s%k %v", "SET s%k %v NX", "SET s%k %v XX GET", "SET s%k %v EX 5000", "SETEX s%k 5000 %v", "SETNX s%k %v", "GETSET s%k %v",
        "APPEND s%k %v", "SETRANGE s%k %i %v", "GETDEL s%k", "GETEX s%k EX 5000", "GETEX s%k PERSIST", "MSET s%k %v s%k %v t%k %v",
        "MSETNX s%k %v s%k %v", "DEL s%k s%k", "UNLINK s%k", "RENAME s%k s%k", "RENAMENX s%k s%k", "COPY s%k s%k REPLACE",
        "EXPIRE s%k 5000", "PEXPIRE s%k 5000000", "PERSIST s%k", "SET i%k %n", "INCR i%k", "INCRBY i%k %n", "DECRBY i%k %n",
        "INCRBYFLOAT f%k %f", "SET t%k %v PXAT %t", "PEXPIREAT t%k %t", "EXPIREAT t%k %u", "PERSIST t%k", "GETEX t%k PXAT %t",
        "SET e%k %v PX 15", "PSETEX e%k 15 %v", "EXPIRE s%k -1",
        "SETBIT b%k %i 1", "SETBIT b%k %i 0", "BITFIELD b%k INCRBY u8 %i %n OVERFLOW SAT SET i16 0 %i", "BITOP XOR b%k b%k b%k",
        "HSET h%k %m %v %m %v", "HSETNX h%k %m %v", "HDEL h%k %m %m", "HINCRBY h%k n%k %n", "HINCRBYFLOAT h%k f%k %f",
        "HPEXPIREAT h%k %t FIELDS 2 %m %m", "HPERSIST h%k FIELDS 1 %m",
        "LPUSH l%k %v %v", "RPUSH l%k %v", "LPUSHX l%k %v", "LPOP l%k", "RPOP l%k 2", "LSET l%k 0 %v", "LINSERT l%k BEFORE %m %m",
        "RPUSH l%k %m; LREM l%k 1 %m", "LTRIM l%k 0 20", "LMOVE l%k l%k LEFT RIGHT", "RPOPLPUSH l%k l%k", "LMPOP 2 l%k l%k LEFT COUNT 2",
        "RPUSH l%k %v; BLPOP l%k l1 l2 l3 0.001", "RPUSH l1 %v; BLMOVE l1 l%k LEFT RIGHT 0", "SORT l%k ALPHA STORE l%k",
        "SADD S%k %m %m %m", "SREM S%k %m", "SMOVE S%k S%k %m", "SUNIONSTORE S%k S%k S%k", "SINTERSTORE S%k S%k S%k",
        "SDIFFSTORE S%k S%k S%k", "SADD S%k %i %i", "SADD R%k %c %c", "SPOP R%k", "SPOP R%k 2",
        "ZADD z%k %n %m %f %m", "ZADD z%k GT CH %n %m", "ZINCRBY z%k %f %m", "ZREM z%k %m", "ZPOPMIN z%k", "ZPOPMAX z%k 2",
        "ZREMRANGEBYRANK z%k 0 0", "ZREMRANGEBYSCORE z%k %n %n", "ZRANGESTORE z%k z%k 0 5", "ZUNIONSTORE z%k 2 z%k z%k",
        "ZADD z1 1 %m; BZPOPMIN z1 0", "GEOADD g%k 13.%i 38.%i %m", "GEOSEARCHSTORE g%k g%k FROMLONLAT 13 38 BYRADIUS 500 km",
        "PFADD p%k %v %v", "PFMERGE p%k p%k p%k",
        "XADD x%k %c-%c f %v", "XADD x%k MAXLEN 10 %c-1 f %v g %m", "XADD X%k * f %v", "XTRIM x%k MAXLEN 5", "XDEL x%k %c-1",
        "DEL h%k l%k S%k z%k x%k", "SET s%k %V", "RPUSH l%k %V", "HSET h%k %m %V",
    ];

    private readonly Random _random;
    private readonly string[] _templates;
    private long _counter;

    /// <summary>A mix of those commands that the server knows.</summary>
    public WriteMix(Random random, RespConnection server)
    {
        _random = random;
        _templates = [.. s_templates.Where(template => IsKnown(server, template.Split(' ', 2)[0]))];
        Assert.InRange(_templates.Length, 70, s_templates.Length);
    }

    /// <summary>Requests that end by setting <see cref="WritingClient.SequenceKey"/>: one, a few, or a transaction.</summary>
    public Operation Next(long sequence)
    {
        _counter = sequence * 100;
        string mark = $"SET {WritingClient.SequenceKey} {sequence}";
        if (_random.Next(6) > 0)
        {
            return new Operation([.. NextRequests(), mark]);
        }

        List<string> requests = ["MULTI"];
        if (_random.Next(40) == 0)
        {
            requests.Add("FLUSHDB");
        }
        for (int count = _random.Next(1, 6); count > 0; count--)
        {
            requests.AddRange(NextRequests());
        }
        return new Operation([.. requests, mark, "EXEC"]);
    }

    private static bool IsKnown(RespConnection server, string command) =>
        server.Call($"COMMAND INFO {command}").Items is [{ IsNull: false }];

    private IEnumerable<string> NextRequests()
    {
        string[] parts = _templates[_random.Next(_templates.Length)].Split('%');
        string text = parts[0];
        foreach (string part in parts.Skip(1))
        {
            text += NextWord(part[0]) + part[1..];
        }
        return text.Split("; ");
    }

    private string NextWord(char kind) => kind switch
    {
        'k' => Number(_random.Next(1, 5)),
        'i' => Number(_random.Next(0, 500)),
        'n' => Number(_random.Next(-50, 50)),
        'f' => (_random.Next(-1000, 1000) / 8.0).ToString(CultureInfo.InvariantCulture),
        'm' => $"m{_random.Next(30)}",
        't' => Number(4_000_000_000_000 + _random.Next(1_000_000)),
        'u' => Number(4_000_000_000 + _random.Next(1_000_000)),
        'c' => Number(++_counter),
        'v' => Letters(_random.Next(1, 60)),
        'V' => Letters(_random.Next(1000, 30_000)),
        _ => throw new InvalidOperationException($"%{kind} means nothing"),
    };

    private string Letters(int count) => new((char)_random.Next('a', 'z' + 1), count);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
