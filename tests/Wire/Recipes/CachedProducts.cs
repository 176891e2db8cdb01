using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: look into the cache, on a miss ask the database and leave the answer with a time to live; a change deletes it.
/// </summary>
internal sealed class CachedProducts(IDatabase cache, ProductDatabase database, TimeSpan ttl)
{
    /// <summary>Stands for "no such row", so that asking for it again does not reach the database either.</summary>
    private static readonly RedisValue s_absent = "\0absent";

    public int Hits { get; private set; }
    public int Misses { get; private set; }

    public static RedisKey KeyOf(int id) => $"product:{id}:name";

    public async Task<string?> NameOf(int id)
    {
        RedisValue cached = await cache.StringGetAsync(KeyOf(id));
        if (cached.HasValue)
        {
            Hits++;
            return cached == s_absent ? null : (string?)cached;
        }

        Misses++;
        string? name = database.NameOf(id);
        await cache.StringSetAsync(KeyOf(id), name ?? s_absent, ttl);
        return name;
    }

    public async Task Rename(int id, string name)
    {
        database.Rename(id, name);
        await cache.KeyDeleteAsync(KeyOf(id));
    }
}
