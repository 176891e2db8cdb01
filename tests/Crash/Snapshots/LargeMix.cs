using System.Globalization;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Random changes of large values of every type, so that whatever repeats them comes to the same content. A few keys of each type grow to
/// thousands of elements; most elements are short, some have thousands of bytes, few have hundreds of thousands.
/// </summary>
internal sealed class LargeMix(Random random, bool mayFlush)
{
    private const int ElementCount = 20_000;
    private const string Flush = "FLUSHALL";

    /// <summary><c>%k</c> is a key's number, <c>%m</c> an element's, <c>%v</c> a value, <c>%e</c> an element that may be long.</summary>
    private static readonly string[] s_additions =
    [
        "HSET h%k f%m %v", "HSET h%k f%m %v", "SADD S%k %e", "SADD S%k %e", "ZADD z%k %n %e", "ZADD z%k %n %e", "RPUSH l%k %v",
        "LPUSH l%k %v", "XADD x%k * f %v", "XADD x%k * f %v g %v", "APPEND s%k %V", "SETRANGE s%k %i %v",
    ];

    private static readonly string[] s_changes =
    [
        .. s_additions,
        "HDEL h%k f%m f%m", "HPEXPIRE h%k 5000000 FIELDS 1 f%m", "HPERSIST h%k FIELDS 1 f%m", "HINCRBY h%k n%m 1",
        "SREM S%k %e", "SMOVE S%k S%k %e", "ZREM z%k %e", "ZINCRBY z%k 3 %e", "ZPOPMIN z%k 2", "ZREMRANGEBYRANK z%k 5 9",
        "LPOP l%k 3", "RPOP l%k 3", "LSET l%k %p %v", "LINSERT l%k BEFORE %v %v", "LMOVE l%k l%k LEFT RIGHT", "LTRIM l%k 3 -3",
        "XTRIM x%k MAXLEN ~ 1500", "XTRIM x%k MAXLEN 1500", "XGROUP CREATE x%k g%k 0 MKSTREAM",
        "XREADGROUP GROUP g%k c%k COUNT 9 STREAMS x%k >",
        "XREADGROUP GROUP g%k c%k COUNT 400 NOACK STREAMS x%k >", "XREADGROUP GROUP g%k c%k COUNT 400 STREAMS x%k >",
        "XGROUP DESTROY x%k g%k", "XGROUP CREATECONSUMER x%k g%k c%k",
        "XAUTOCLAIM x%k g%k c%k 0 0 COUNT 5", "XGROUP SETID x%k g%k $", "XGROUP DELCONSUMER x%k g%k c%k", "XSETID x%k 9999999999999-0",
        "SETBIT s%k %i 1", "SETRANGE s%k %i %V", "SET s%k %V", "BITOP NOT s%k s%k", "SETBIT s%k %i 0", "INCR i%k",
    ];

    private static readonly string[] s_sweeps =
    [
        "RENAME %K %K", "COPY %K %K REPLACE", "COPY %K %K DB 1 REPLACE", "DEL %K", "UNLINK %K", "MOVE %K 1", "SWAPDB 0 1", "SELECT 0",
        "SELECT 1", "FLUSHDB ASYNC", "FLUSHDB SYNC", "EXPIRE %K 5000", "PERSIST %K", "SORT l%k ALPHA LIMIT 0 50 STORE l%k",
        "SUNIONSTORE S%k S%k S%k", "ZUNIONSTORE z%k 2 z%k z%k", "ACTIVE", Flush,
    ];

    /// <summary>Commands that make values grow.</summary>
    public IEnumerable<string> Filling(int count) => Enumerable.Range(0, count).Select(_ => Next(s_additions));

    /// <summary>Commands of all kinds.</summary>
    public IEnumerable<string> Some(int countMax)
    {
        int count = random.Next(countMax);
        for (int i = 0; i < count; i++)
        {
            yield return Next(random.Next(150) == 0 ? s_sweeps : s_changes);
        }
    }

    private string Next(string[] templates)
    {
        string template = templates[random.Next(templates.Length)];
        string[] parts = (template == Flush && !mayFlush ? "PING" : template).Split('%');
        string text = parts[0];
        foreach (string part in parts.Skip(1))
        {
            text += Word(part[0]) + part[1..];
        }
        return text == "ACTIVE" ? $"CONFIG SET activedefrag {(random.Next(2) == 0 ? "yes" : "no")}" : text;
    }

    private string Word(char kind) => kind switch
    {
        'k' => Number(random.Next(3)),
        'K' => "hSzlxs"[random.Next(6)] + Number(random.Next(3)),
        'm' => Number(random.Next(ElementCount)),
        'n' => Number(random.Next(-1000, 1000)),
        'p' => Number(random.Next(-300, 300)),
        'i' => Number(random.Next(600_000)),
        'e' => Element(random.Next(ElementCount)),
        'v' => Value(),
        'V' => Letters(random.Next(20_000)),
        _ => throw new InvalidOperationException($"%{kind} means nothing"),
    };

    private static string Element(int number) => $"m{number}" + new string('.', number % 2500 == 0 ? 300_000 : number % 50 == 0 ? 3000 : 0);

    private string Value() => random.Next(1000) switch
    {
        0 => Letters(300_000),
        < 40 => Letters(random.Next(5000)),
        _ => $"v{random.Next(ElementCount)}",
    };

    private string Letters(int count) => count == 0 ? "-" : new string((char)random.Next('a', 'z' + 1), count);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
