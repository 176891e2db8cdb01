using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: the moments of a subject's requests in a sorted set, of which a script forgets those a window old; who finds as many
/// as the limit is refused. In no span of that length are more admitted, wherever it begins.
/// </summary>
internal sealed class SlidingWindowLimiter(IDatabase database, int limit, TimeSpan window) : ILimiter
{
    public static readonly CachedScript Script = new(
        """
        local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
        if redis.call('ZCARD', KEYS[1]) >= limit then
          return false
        end
        redis.call('ZADD', KEYS[1], now, ARGV[3])
        redis.call('PEXPIRE', KEYS[1], window)
        return true
        """);

    public async Task<bool> TryEnter(string subject) =>
        !(await Script.Run(database, $"window:{subject}", limit, (long)window.TotalMilliseconds, $"{Guid.NewGuid()}")).IsNull;
}
