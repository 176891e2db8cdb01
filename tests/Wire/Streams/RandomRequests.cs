namespace Bixbite.Wire.Streams;

/// <summary>Requests to two streams with three groups and three consumers, drawn by a seed.</summary>
internal sealed class RandomRequests(int seed)
{
    private readonly Random _random = new(seed);
    private int _time = 1;

    private string Key => Any("s", "s", "s", "t");

    private string Group => Any("g", "g", "h", "i");

    private string Consumer => Any("one", "two", "three");

    private string Id => $"{_random.Next(Math.Max(0, _time - 40), _time + 2)}-{_random.Next(3)}";

    private string Bound => Any("-", "+", Id, Id, $"({Id}", $"{_random.Next(_time + 2)}");

    private string Trim => Any("MAXLEN", "MAXLEN =", "MAXLEN ~") + $" {_random.Next(60)}";

    private string TrimById => Any("MINID", "MINID =", "MINID ~") + $" {Id}";

    private string Policy => Any("KEEPREF", "DELREF", "ACKED");

    private string Limit => Any("", "", $" LIMIT {_random.Next(20)}");

    public string Next() => _random.Next(100) switch
    {
        < 30 => Add(),
        < 36 => $"XDEL {Key} {Ids()}",
        < 38 => $"XTRIM {Key} {Any(Trim, TrimById)}{Limit}",
        < 44 => $"XRANGE {Key} {Bound} {Bound}{Any("", $" COUNT {_random.Next(5)}")}",
        < 50 => $"XREVRANGE {Key} {Bound} {Bound}{Any("", $" COUNT {_random.Next(5)}")}",
        < 54 => $"XREAD {Any("", "COUNT 3 ")}STREAMS s t {Any(Id, "$")} {Id}",
        < 68 => Deliver(),
        < 74 => $"XACK {Key} {Group} {Ids()}",
        < 79 => Claim(),
        < 83 => $"XAUTOCLAIM {Key} {Group} {Consumer} {Any("0", "0", "10000000")} {Id} COUNT {_random.Next(1, 6)}{Any("", " JUSTID")}",
        < 87 => $"XPENDING {Key} {Group}",
        < 91 => $"~XPENDING {Key} {Group} {Bound} {Bound} {_random.Next(8)}{Any("", $" {Consumer}")}",
        < 93 => Manage(),
        _ => $"~XINFO STREAM {Key}",
    };

    /// <summary>The same, and what came after the version that others are compared with.</summary>
    public string NextNew() => _random.Next(12) switch
    {
        0 => $"XADD {Key} {Trim}{Limit} {Policy} {_time++}-* f v",
        1 => $"XTRIM {Key} {Any(Trim, TrimById)} {Policy}",
        2 => $"XDELEX {Key} {Policy} IDS 1 {Id}",
        3 => $"XACKDEL {Key} {Group} {Policy} IDS 2 {Id} {Id}",
        4 => $"XREADGROUP GROUP {Group} {Consumer} {Any("", "COUNT 2 ")}CLAIM {Any("0", "1000000")} STREAMS s t > >",
        _ => Next(),
    };

    private string Add()
    {
        _time += _random.Next(3);
        string id = Any($"{_time}-*", $"{_time}-{_random.Next(3)}", Id);
        string fields = Any("f v", "f v g w", $"f {_random.Next()}", "g v f w", "f v");
        return $"XADD {Key} {Any("", "", "", $"{Trim} ", $"{TrimById} ", "NOMKSTREAM ")}{id} {fields}";
    }

    private string Deliver() => $"XREADGROUP GROUP {Group} {Consumer} {Any("", $"COUNT {_random.Next(5)} ")}{Any("", "", "NOACK ")}"
        + Any($"STREAMS {Key} >", $"STREAMS {Key} >", $"STREAMS {Key} {Id}", "STREAMS s t > >");

    private string Claim() => $"XCLAIM {Key} {Group} {Consumer} {Any("0", "0", "10000000")} {Ids()}"
        + Any("", " JUSTID", " FORCE", " RETRYCOUNT 4", " TIME 1000", $" LASTID {Id}", " IDLE 5 FORCE");

    private string Manage() => _random.Next(8) switch
    {
        < 5 => Create(Key, Group),
        5 => $"XGROUP SETID {Key} {Group} {Any("$", "0", Id)}{Any("", " ENTRIESREAD 5")}",
        6 => $"XGROUP DESTROY {Key} {Group}",
        _ => Replace(Key, Group, Consumer),
    };

    /// <summary>With all consumers, because the versions differ in whether one comes into being where it gets nothing.</summary>
    private string Create(string key, string group) =>
        $"""
        XGROUP CREATE {key} {group} {Any("$", "0", Id)} MKSTREAM
        XGROUP CREATECONSUMER {key} {group} one
        XGROUP CREATECONSUMER {key} {group} two
        XGROUP CREATECONSUMER {key} {group} three
        """;

    private static string Replace(string key, string group, string consumer) =>
        $"""
        XGROUP DELCONSUMER {key} {group} {consumer}
        XGROUP CREATECONSUMER {key} {group} {consumer}
        """;

    private string Ids() => string.Join(' ', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Id));

    private string Any(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
