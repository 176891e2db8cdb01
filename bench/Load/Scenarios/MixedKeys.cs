using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// The content that the scenarios of persistence write and load: half strings, a tenth of them integers and another with a TTL; the other
/// half small hashes, lists, sets and sorted sets.
/// </summary>
internal static class MixedKeys
{
    private const int Pipeline = 50;

    /// <summary>Patterns, and how many steps of each per 100 keys; a step makes one key.</summary>
    private static readonly (string Pattern, int Share)[] s_patterns =
    [
        ("SET string:{#} value:{?1000000}:{?1000000}:{?1000000}:{?1000000}:{?1000000}", 40),
        ("SET session:{#} token:{?100000000}:{?100000000}:{?100000000} PXAT 4{?1000000:6}00000{=:1}", 5),
        ("SET counter:{#} {?9000000+1000000:7}", 5),
        ("HSET hash:{#} name user:{?1000000} email {?1000000}@example.org visits {?1000:3} city {?100:2}", 20),
        ("RPUSH list:{#} item:{?1000000} item:{?1000000} item:{?1000000} item:{?1000000}", 10),
        ("SADD set:{#} tag:{?1000:4} tag:{?1000:4} tag:{?1000:4} {?1000:4}", 5),
        ("SADD numbers:{#} 1{?1000:3} 1{?1000:3} 1{?1000:3} 1{?1000:3}", 5),
        ("ZADD zset:{#} {?1000:3} member:{?1000} {?1000:3} member:{?1000} 1.5 member:{?1000}", 10),
    ];

    public static void Fill(RunningServer server, int keyCount)
    {
        using LoadRing ring = new(server.Port, connectionCount: 4, Pipeline);
        foreach ((string pattern, int share) in s_patterns)
        {
            ring.Run(new PatternSource(pattern), keyCount / 100 * share);
        }
    }
}
