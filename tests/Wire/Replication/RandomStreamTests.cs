using System.Globalization;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Propagation;

namespace Bixbite.Wire.Replication;

/// <summary>
/// Random requests of every kind, functions, keys that expire by the thousand and eviction among them, while links are cut: in the end all
/// have the same. <c>BIXBITE_STREAM_REQUESTS</c> asks for so many requests in each test.
/// </summary>
public sealed class RandomStreamTests
{
    private const int ClientCount = 4;
    private const int RoundCount = 4;

    private static readonly int s_requestCount =
        Environment.GetEnvironmentVariable("BIXBITE_STREAM_REQUESTS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : 4000;

    private static readonly string[] s_more =
    [
        "EVAL \"for i = 1, 1000 do redis.call('set', ARGV[1] .. i, ARGV[2], 'px', ARGV[3] + i % 50) end\" 0 many{c}: {v} {soon}",
        "EVAL \"for i = 1, 200 do redis.call('set', ARGV[1] .. i, string.rep(ARGV[2], 50)) end\" 0 fill{c}:{n}: {v}",
        "EVAL \"for i = 1, 100 do redis.call('hset', KEYS[1], ARGV[1] .. i, i) redis.call('sadd', KEYS[2], i) "
            + "redis.call('zadd', KEYS[3], i, i) "
            + "redis.call('rpush', KEYS[4], i) redis.call('xadd', KEYS[5], '*', 'f', i) end\" 5 h1 e1 z1 l1 x1 {v}",
        "FUNCTION LOAD REPLACE \"#!lua name=lib{c}\nredis.register_function('f{c}_{n}', function(keys, args) redis.call('incr', keys[1]) "
            + "return redis.call('lpush', keys[2], args[1]) end)\"",
        "FUNCTION LOAD REPLACE \"#!lua name=main\nredis.register_function('push', function(keys, args) redis.call('incr', keys[1]) "
            + "redis.call('expire', keys[1], {later}) return redis.call('lpush', keys[2], args[1]) end)\"",
        "FUNCTION DELETE lib{c}", "FCALL push 2 s1 l1 {v}", "FCALL push 2 s1 l1 {v}", "FCALL push 2 s1 l1 {v}",
        "EVALSHA ffffffffffffffffffffffffffffffffffffffff 0", "SETRANGE s1 {n}00 {v}", "DEL z1 h1", "DEL l1 e1 x1", "WAIT 0 0",
    ];

    [Theory]
    [InlineData("redis ours")]
    [InlineData("ours redis", "--io-threads 4")]
    [InlineData("ours ours")]
    [InlineData("ours ours", "--io-threads 4", "--appendonly yes")]
    [InlineData("ours ours", "--maxmemory 4mb --maxmemory-policy allkeys-random")]
    [InlineData("ours redis", "--maxmemory 4mb --maxmemory-policy volatile-ttl --io-threads 4")]
    [InlineData("redis ours", "--maxmemory 4mb --maxmemory-policy allkeys-lru", "--io-threads 4")]
    [InlineData("redis ours redis")]
    [InlineData("ours redis ours", "--io-threads 4")]
    [InlineData("ours ours ours", "--io-threads 4", "--io-threads 4")]
    public void All_have_the_same(string kinds, string primaryOptions = "", string replicaOptions = "")
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        bool isForRedis7 = kinds.Contains("redis", StringComparison.Ordinal);
        string[] more =
        [
            .. s_more, .. isForRedis7 ? [] : RandomRequests.GroupsAndScripts,
            .. kinds.StartsWith("ours", StringComparison.Ordinal) ? RandomRequests.Rewritten : [],
        ];
        RandomRequests requests = new(new Random(seed), isForRedis7, more);
        using ReplicationChain chain = new(kinds.Split(' '), primaryOptions, replicaOptions);
        requests.Play(chain.ConnectFirst, ClientCount, s_requestCount / 4);
        chain.Follow();
        for (int round = 0; round < RoundCount; round++)
        {
            requests.Play(chain.ConnectFirst, ClientCount, s_requestCount * 3 / 4 / RoundCount);
            chain.AssertSame($"seed {seed}", comparesCounts: !isForRedis7);
            chain.Clients[round % chain.Clients.Count].Call(round % 2 == 0 ? "CLIENT KILL TYPE replica" : "CLIENT KILL TYPE master");
        }
        chain.AssertSame($"seed {seed}", comparesCounts: !isForRedis7);
    }
}
