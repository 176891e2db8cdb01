using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: every process keeps what it read in its own memory. Who changes a value stores it and publishes the key; all others drop
/// theirs when they hear of it.
/// </summary>
internal sealed class LocalCache
{
    private static readonly RedisChannel s_channel = RedisChannel.Literal("invalidate");

    private readonly ConcurrentDictionary<string, string?> _values = new();
    private readonly IDatabase _database;
    private readonly ISubscriber _subscriber;
    private long _generation;

    private LocalCache(IConnectionMultiplexer multiplexer)
    {
        _database = multiplexer.GetDatabase();
        _subscriber = multiplexer.GetSubscriber();
    }

    /// <summary>How many values it asked the server for.</summary>
    public int Misses { get; private set; }

    /// <summary>Of how many changes it was told.</summary>
    public long Told => Interlocked.Read(ref _generation);

    public static async Task<LocalCache> Over(IConnectionMultiplexer multiplexer)
    {
        LocalCache cache = new(multiplexer);
        await cache._subscriber.SubscribeAsync(s_channel, (_, key) => cache.Drop(key!));
        return cache;
    }

    /// <summary>What was read while a key was dropped may be old: it is returned, and not kept.</summary>
    public async Task<string?> Get(string key)
    {
        if (_values.TryGetValue(key, out string? value))
        {
            return value;
        }
        Misses++;
        long before = Interlocked.Read(ref _generation);
        value = await _database.StringGetAsync(key);
        _values[key] = value;
        if (Interlocked.Read(ref _generation) != before)
        {
            _values.TryRemove(key, out _);
        }
        return value;
    }

    public async Task Set(string key, string value)
    {
        await _database.StringSetAsync(key, value);
        await _subscriber.PublishAsync(s_channel, key);
    }

    private void Drop(string key)
    {
        Interlocked.Increment(ref _generation);
        _values.TryRemove(key, out _);
    }
}
