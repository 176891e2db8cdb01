using System.Diagnostics;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: a counter per subject; the first request of a window gives it its time to live (EXPIRE ... NX leaves a running window
/// alone), and who counts beyond the limit is refused. Both commands travel together in one MULTI-free pipeline: a client that dies between
/// them leaves a counter without a time to live only until the next request.
/// </summary>
internal sealed class FixedWindowLimiter(IDatabase database, int limit, TimeSpan window)
{
    public async Task<bool> TryEnter(string subject)
    {
        RedisKey key = $"rate:{subject}";
        Task<long> count = database.StringIncrementAsync(key);
        Task<bool> expiry = database.KeyExpireAsync(key, window, ExpireWhen.HasNoExpiry);
        await expiry;
        Debug.Assert(count.IsCompleted);
        return await count <= limit;
    }
}
