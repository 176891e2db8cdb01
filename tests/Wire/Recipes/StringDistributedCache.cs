using System.Buffers.Binary;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// IDistributedCache over plain strings, so that it needs GET, SET, PEXPIRE and DEL only. A value is stored behind 16 bytes: the sliding
/// time in milliseconds and the latest moment in milliseconds of Unix time, each 0 if there is none. The key's time to live does the rest.
/// </summary>
internal sealed class StringDistributedCache(IDatabase database, TimeProvider clock) : IDistributedCache
{
    private const int HeaderSize = 16;

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        byte[]? stored = await database.StringGetAsync(key);
        if (stored is null)
            return null;
        if (TtlMs(stored) is { } ttlMs && SlidingMs(stored) > 0)
            await database.KeyExpireAsync(key, TimeSpan.FromMilliseconds(ttlMs));
        return stored[HeaderSize..];
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) =>
        SetAsync(key, value, options).GetAwaiter().GetResult();

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        DateTimeOffset? latest = options.AbsoluteExpiration ?? clock.GetUtcNow() + options.AbsoluteExpirationRelativeToNow;
        byte[] stored = new byte[HeaderSize + value.Length];
        BinaryPrimitives.WriteInt64LittleEndian(stored, (long)(options.SlidingExpiration?.TotalMilliseconds ?? 0));
        BinaryPrimitives.WriteInt64LittleEndian(stored.AsSpan(8), latest?.ToUnixTimeMilliseconds() ?? 0);
        value.CopyTo(stored.AsSpan(HeaderSize));
        TimeSpan? ttl = TtlMs(stored) is { } ttlMs ? TimeSpan.FromMilliseconds(ttlMs) : null;
        await database.StringSetAsync(key, stored, ttl.HasValue ? new Expiration(ttl.Value) : Expiration.Default);
    }

    public void Refresh(string key) => Get(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => GetAsync(key, token);

    public void Remove(string key) => database.KeyDelete(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => database.KeyDeleteAsync(key);

    /// <summary>The sliding time from now, but not beyond the latest moment; null without either.</summary>
    private long? TtlMs(byte[] stored)
    {
        long latestMs = BinaryPrimitives.ReadInt64LittleEndian(stored.AsSpan(8));
        long slidingMs = SlidingMs(stored);
        long leftMs = latestMs == 0 ? long.MaxValue : Math.Max(1, latestMs - clock.GetUtcNow().ToUnixTimeMilliseconds());
        return slidingMs > 0 ? Math.Min(slidingMs, leftMs) : latestMs > 0 ? leftMs : null;
    }

    private static long SlidingMs(byte[] stored) => BinaryPrimitives.ReadInt64LittleEndian(stored);
}
