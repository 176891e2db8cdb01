namespace Bixbite.Tool.Benchmarks;

/// <summary>
/// The tests by their names, each a request, as redis-benchmark has them but for the keys: those of others are left alone.
/// </summary>
internal static class BenchTests
{
    private static readonly Dictionary<string, string[]> s_requests = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ping"] = ["PING"],
        ["set"] = ["SET", $"bench:key:{RequestTemplate.Number}", RequestTemplate.Data],
        ["get"] = ["GET", $"bench:key:{RequestTemplate.Number}"],
        ["incr"] = ["INCR", $"bench:counter:{RequestTemplate.Number}"],
        ["lpush"] = ["LPUSH", "bench:list", RequestTemplate.Data],
        ["rpush"] = ["RPUSH", "bench:list", RequestTemplate.Data],
        ["lrange_100"] = ["LRANGE", "bench:list", "0", "99"],
        ["lpop"] = ["LPOP", "bench:list"],
        ["rpop"] = ["RPOP", "bench:list"],
        ["sadd"] = ["SADD", "bench:set", $"member:{RequestTemplate.Number}"],
        ["spop"] = ["SPOP", "bench:set"],
        ["hset"] = ["HSET", "bench:hash", $"field:{RequestTemplate.Number}", RequestTemplate.Data],
        ["zadd"] = ["ZADD", "bench:zset", RequestTemplate.Number, $"member:{RequestTemplate.Number}"],
        ["zpopmin"] = ["ZPOPMIN", "bench:zset"],
        ["xadd"] = ["XADD", "bench:stream", "MAXLEN", "~", "10000", "*", "field", RequestTemplate.Data],
        ["mset"] =
        [
            "MSET",
            .. Enumerable.Range(0, 10).SelectMany(_ => new[] { $"bench:key:{RequestTemplate.Number}", RequestTemplate.Data }),
        ],
    };

    public static IEnumerable<string> Names => s_requests.Keys;

    /// <summary>The requests of these tests; of all where none is named.</summary>
    /// <exception cref="ToolException">There is no such test.</exception>
    public static IEnumerable<(string Name, string[] Words)> Find(IReadOnlyCollection<string> names) =>
        [.. (names.Count == 0 ? Names : names).Select(name => (name.ToLowerInvariant(), Find(name)))];

    private static string[] Find(string name) => s_requests.TryGetValue(name, out string[]? words)
        ? words
        : throw new ToolException(
            $"There is no test '{name}'{Options.Suggestion.Of(name, Names)}. They are: {string.Join(' ', Names)}.", ToolException.Misused);
}
