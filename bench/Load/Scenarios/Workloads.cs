namespace Bixbite.Load.Scenarios;

/// <summary>
/// What the collections scenario measures. The small commands go to one of a million small collections at random, as those of the other
/// tables do; those that return much go to one of ten thousand modest ones, and those whose work depends on the size to big ones. Keys have
/// 12 bytes, members and fields about as many, values 16.
/// </summary>
internal static class Workloads
{
    private const double Fast = 1.8;
    private const double Equal = 1.0;

    private const int Million = 1_000_000;

    private const string GeoPosition = "1{?10:1}.{?1000000:6} 4{?10:1}.{?1000000:6}";

    private static (string, int)[] Lists => [("RPUSH list{#%10000} item:{#:11}", Million)];

    private static (string, int)[] SmallHashes =>
        [("HSET hash{#} field0 value:{#:10} field1 value:{#:10} field2 value:{#:10} field3 value:{#:10} field4 value:{#:10}", Million)];

    private static (string, int)[] SmallLists => [("RPUSH list{#} item:{#:11} item:{#:11} item:{#:11}", Million)];

    private static (string, int)[] SmallSets => [("SADD set:{#} member:{#:5} other1 other2", Million)];

    private static (string, int)[] BigSortedSet => [("ZADD zset {?1000000} member:{#}", Million)];

    private static (string, int)[] GeoIndex => [($"GEOADD geo {GeoPosition} place:{{#}}", 100_000)];

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("LPUSH", "a million lists that grow", "LPUSH list{?1000000} item:{#:11}", Fast) { Fills = SmallLists, IsUsedUp = true },
        new("RPUSH", "a million lists that grow", "RPUSH list{?1000000} item:{#:11}", Fast) { Fills = SmallLists, IsUsedUp = true },
        Popping("LPOP"),
        Popping("RPOP"),
        new("SADD", "a million sets that grow", "SADD set:{?1000000} member:{?1000:5}", Fast) { Fills = SmallSets, IsUsedUp = true },
        new("SPOP", "10 big sets", "SPOP set:{?10}", Fast)
        {
            Fills = [("SADD set:{#%10} member:{#}", 2 * Million)], IsUsedUp = true, CountMax = 3 * Million / 2,
        },
        new("HSET", "a million hashes of 5 fields", "HSET hash{?1000000} field{?5:1} value:{?1000000:10}", Fast) { Fills = SmallHashes },
        new("HGET", "a million hashes of 5 fields", "HGET hash{?1000000} field{?5:1}", Fast) { Fills = SmallHashes },
        new("ZADD", "one sorted set of 1 million", "ZADD zset {?1000000} member:{?1000000}", Fast) { Fills = BigSortedSet },
        new("ZSCORE", "one sorted set of 1 million", "ZSCORE zset member:{?1000000}", Fast) { Fills = BigSortedSet },
        new("ZRANK", "one sorted set of 1 million", "ZRANK zset member:{?1000000}", Fast) { Fills = BigSortedSet },
        new("ZRANGE of 100", "one sorted set of 1 million", "ZRANGE zset {?9000+1000:4}00 {=:4}99", Fast) { Fills = BigSortedSet },
        new("LRANGE of 100", "10,000 lists of 100", "LRANGE list{?10000} 0 99", Fast) { Fills = Lists },
        new("HGETALL of 100", "10,000 hashes of 100 fields", "HGETALL hash{?10000}", Fast)
        {
            Fills = [("HSET hash{#%10000} field:{#/10000:6} value:{#:10}", Million)],
        },
        new("SINTER", "two of 20,000 sets of 100, 50 in common", "SINTER left{?10000} right{?10000}", Fast)
        {
            Fills =
            [
                ("SADD left{#%10000} member:{#/10000}", Million),
                ("SADD right{#%10000} member:{#/10000}", Million / 2),
                ("SADD right{#%10000} other:{#/10000}", Million / 2),
            ],
        },
        new("XADD", "one stream that grows", "XADD stream * sensor {?1000:4} value {?1000000:6}", Fast) { IsUsedUp = true },
        new("XADD to one of many", "10,000 streams that grow", "XADD stream{?10000} * sensor {?1000:4} value {?1000000:6}", Fast)
        {
            IsUsedUp = true,
        },
        new(
            "XREADGROUP and XACK", "one stream, one entry a time",
            "XREADGROUP GROUP group one COUNT 1 STREAMS stream > ; XACK stream group 0-{#}", Fast)
        {
            // What is acknowledged was delivered a thousand steps before: longer than any step is under way.
            Fills =
            [
                ("XADD stream 0-* sensor {?1000:4} value {?1000000:6}", 2 * Million),
                ("XGROUP CREATE stream group 0", 1),
                ("XREADGROUP GROUP group one COUNT 1000 STREAMS stream >", 1),
            ],
            IsUsedUp = true,
            CountMax = (2 * Million) - 1000,
        },
        new("XRANGE of 100", "one stream of 1 million", "XRANGE stream 0-{?999900} + COUNT 100", Fast)
        {
            Fills = [("XADD stream 0-* sensor {?1000:4} value {?1000000:6}", Million)],
        },
        new("GEOADD", "an index of 100,000 that move", $"GEOADD geo {GeoPosition} place:{{?100000}}", Equal) { Fills = GeoIndex },
        new("GEOSEARCH", "a circle of about 36 in 100,000", $"GEOSEARCH geo FROMLONLAT {GeoPosition} BYRADIUS 10 km", Equal)
        {
            Fills = GeoIndex,
        },
        new("HINCRBY", "10,000 hashes of 10 counters", "HINCRBY hash{?10000} field:{?10:2} 7", Equal)
        {
            Fills = [("HSET hash{#%10000} field:{#/10000:2} 1000", 100_000)],
        },
        new("SISMEMBER", "10,000 sets of 100", "SISMEMBER set:{?10000} member:{?200}", Equal)
        {
            Fills = [("SADD set:{#%10000} member:{#/10000}", Million)],
        },
        new("ZINCRBY", "one sorted set of 1 million", "ZINCRBY zset {?100} member:{?1000000}", Equal) { Fills = BigSortedSet },
        new("ZPOPMIN", "one big sorted set", "ZPOPMIN zset", Equal)
        {
            Fills = [("ZADD zset {?1000000} member:{#}", 3 * Million / 2)], IsUsedUp = true, CountMax = 3 * Million / 2,
        },
        new("LINDEX", "10,000 lists of 100", "LINDEX list{?10000} {?90+10:2}", Equal) { Fills = Lists },
    ];

    /// <summary>Four times as many items as are taken, so that no list runs empty.</summary>
    private static Workload Popping(string command) => new(command, "200,000 lists of 20", $"{command} list{{?200000}}", Fast)
    {
        Fills = [($"RPUSH list{{#}} {string.Join(' ', Enumerable.Repeat("item:{#:11}", 20))}", 200_000)],
        IsUsedUp = true,
        CountMax = Million,
    };
}
