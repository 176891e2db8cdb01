namespace Bixbite.Load.Scenarios;

/// <summary>
/// What the collections scenario measures. Most commands go to one of ten thousand modest collections at random; those whose work
/// depends on the size go to big ones. Keys have 12 bytes, members and fields about as many, values 16.
/// </summary>
internal static class Workloads
{
    private const double Fast = 1.8;
    private const double Equal = 1.0;

    private const int Million = 1_000_000;

    private const string GeoPosition = "1{?10:1}.{?1000000:6} 4{?10:1}.{?1000000:6}";

    private static (string, int)[] Lists => [("RPUSH list{#%10000} item:{#:11}", Million)];

    private static (string, int)[] SmallHashes => [("HSET hash{#%10000} field:{#/10000:2} value:{#:10}", 200_000)];

    private static (string, int)[] BigSortedSet => [("ZADD zset {?1000000} member:{#}", Million)];

    private static (string, int)[] GeoIndex => [($"GEOADD geo {GeoPosition} place:{{#}}", 100_000)];

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("LPUSH", "10,000 lists that grow", "LPUSH list{?10000} item:{#:11}", Fast) { IsUsedUp = true },
        new("RPUSH", "10,000 lists that grow", "RPUSH list{?10000} item:{#:11}", Fast) { IsUsedUp = true },
        Popping("LPOP"),
        Popping("RPOP"),
        new("SADD", "10,000 sets that grow", "SADD set:{?10000} member:{?1000}", Fast) { IsUsedUp = true },
        new("SPOP", "10 big sets", "SPOP set:{?10}", Fast)
        {
            Fills = [("SADD set:{#%10} member:{#}", 2 * Million)], IsUsedUp = true, CountMax = 3 * Million / 2,
        },
        new("HSET", "10,000 hashes of 20 fields", "HSET hash{?10000} field:{?20:2} value:{?1000000:10}", Fast) { Fills = SmallHashes },
        new("HGET", "10,000 hashes of 20 fields", "HGET hash{?10000} field:{?20:2}", Fast) { Fills = SmallHashes },
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

    /// <summary>A thousand lists, for a quarter more than what is taken, so that none runs empty.</summary>
    private static Workload Popping(string command) => new(command, "1,000 lists", $"{command} list{{?1000}}", Fast)
    {
        Fills = [("RPUSH list{#%1000} item:{#:11}", 5 * Million / 2)], IsUsedUp = true, CountMax = 2 * Million,
    };
}
