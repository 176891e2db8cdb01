using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: every process keeps what it read in its own memory. Who changes a value stores it and publishes the key; all others drop
/// theirs when they hear of it.
/// </summary>
internal sealed class LocalCache
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("invalidate");

    private readonly ConcurrentDictionary<string, string?> values = new();
    private readonly IDatabase database;
    private readonly ISubscriber subscriber;
    private long generation;

    private LocalCache(IConnectionMultiplexer multiplexer)
    {
        database = multiplexer.GetDatabase();
        subscriber = multiplexer.GetSubscriber();
    }

    /// <summary>How many values it asked the server for.</summary>
    public int Misses { get; private set; }

    /// <summary>Of how many changes it was told.</summary>
    public long Told => Interlocked.Read(ref generation);

    public static async Task<LocalCache> Over(IConnectionMultiplexer multiplexer)
    {
        LocalCache cache = new(multiplexer);
        await cache.subscriber.SubscribeAsync(Channel, (_, key) => cache.Drop(key!));
        return cache;
    }

    /// <summary>What was read while a key was dropped may be old: it is returned, and not kept.</summary>
    public async Task<string?> Get(string key)
    {
        if (values.TryGetValue(key, out string? value))
            return value;
        Misses++;
        long before = Interlocked.Read(ref generation);
        value = await database.StringGetAsync(key);
        values[key] = value;
        if (Interlocked.Read(ref generation) != before)
            values.TryRemove(key, out _);
        return value;
    }

    public async Task Set(string key, string value)
    {
        await database.StringSetAsync(key, value);
        await subscriber.PublishAsync(Channel, key);
    }

    private void Drop(string key)
    {
        Interlocked.Increment(ref generation);
        values.TryRemove(key, out _);
    }
}
