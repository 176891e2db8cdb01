using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: a bucket of tokens per subject that fills evenly up to its capacity; each request takes one. The server's own time counts,
/// so no client's clock matters, and a script lets nobody in between reading and writing.
/// </summary>
internal sealed class TokenBucket(IDatabase database, int capacity, double tokensPerSecond) : ILimiter
{
    public static readonly CachedScript Script = new(
        """
        local capacity, perMs = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = tonumber(bucket[1]) or capacity
        tokens = math.min(capacity, tokens + (now - (tonumber(bucket[2]) or now)) * perMs)
        local isAdmitted = tokens >= 1
        if isAdmitted then
          tokens = tokens - 1
        end
        redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
        redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / perMs))
        return isAdmitted
        """);

    public async Task<bool> TryEnter(string subject) =>
        !(await Script.Run(database, $"bucket:{subject}", capacity, tokensPerSecond)).IsNull;
}
